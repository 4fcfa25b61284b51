//! What stands in the page: its data as they were given, names that are never markup, and one script that loads nothing.

use segno_map::{Answer, Layout, Map, MapError, Task, Track};
use serde_json::{Value, json};

const HOSTILE: [&str; 6] = [
    "music/</script><script>alert(1)</script>.mp3",
    "music/<!--<script>.mp3",
    "music/\"quoted\" 'quoted' \\ & &lt;.mp3",
    "music/\u{202e}\u{0}\n\u{2028}.mp3",
    "music/\u{fffd}\u{fffd}.mp3",
    "music/${alert(1)}`.mp3",
];

fn map() -> Map {
    let n = HOSTILE.len();
    let answers = (0..n).map(|at| match at {
        0 => Answer::Class { class: 1, confidence: Some(0.876) },
        1 => Answer::Class { class: 0, confidence: None },
        2 => Answer::NotSure { reason: "</script> 0.4".into() },
        _ => Answer::Unknown,
    });
    Map {
        title: "<i>A library</i>".into(),
        made: "</p><script>".into(),
        tracks: HOSTILE.iter().map(|path| Track { path: (*path).into(), near: vec![(1, 0.98765), (0, -0.5)] }).collect(),
        layouts: vec![Layout { name: "\"><script>".into(), points: (0..n).map(|at| [at as f32, -(at as f32) / 2.0]).collect() }; 2],
        tasks: vec![Task { name: "</style>".into(), classes: vec!["a<b".into(), "</script>".into()], answers: answers.collect() }; 2],
    }
}

fn data(page: &str) -> Value {
    let (_, from) = page.split_once("<script id=\"data\" type=\"application/json\">").expect("the data");
    serde_json::from_str(from.split_once("</script>").expect("its end").0).expect("json")
}

#[test]
fn the_data_are_what_was_given() {
    let data = data(&map().html().unwrap());
    let paths: Vec<String> = data["paths"]
        .as_array()
        .unwrap()
        .iter()
        .map(|path| format!("{}{}", data["folder"].as_str().unwrap(), path.as_str().unwrap()))
        .collect();
    assert_eq!(paths, HOSTILE);
    assert_eq!(data["folder"], "music/");
    // Both axes in one scale, in the middle; y is downwards on a canvas.
    assert_eq!(data["layouts"][0]["xy"], json!([0, 2500, 2000, 3500, 4000, 4500, 6000, 5500, 8000, 6500, 10000, 7500]));
    let task = &data["tasks"][0];
    assert_eq!((&task["name"], &task["classes"]), (&json!("</style>"), &json!(["a<b", "</script>"])));
    assert_eq!(task["answers"], json!([1, 0, -1, -2, -2, -2]));
    assert_eq!(task["confidences"], json!([88, null, null, null, null, null]));
    assert_eq!(task["reasons"], json!({ "2": "</script> 0.4" }));
    assert_eq!(data["near"][0], json!([1, 988, 0, -500]));
    assert_eq!((data["palette"].as_array().unwrap().len(), &data["palette"][0]), (10, &json!(["#00629B", "#6CB8F0"])));
}

#[test]
fn no_name_becomes_markup_and_no_script_runs_but_the_pages_own() {
    let page = map().html().unwrap();
    // The data and the script: begun twice, ended twice; nor is there a comment that would hide an end.
    assert_eq!((page.matches("<script").count(), page.matches("</script").count(), page.matches("<!--").count()), (2, 2, 0));
    assert_eq!((page.matches("<i>").count(), page.matches("</style>").count(), page.matches("<style>").count()), (0, 1, 1));
    assert!(page.contains("&lt;i&gt;A library&lt;/i&gt;") && page.contains("&quot;&gt;&lt;script&gt;"));
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"), "{page:.500}");
    for loads in ["src=", "href=", "url(", "@import", "import(", "fetch(", "XMLHttp", "innerHTML", "eval("] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[test]
fn what_can_be_chosen_has_a_control() {
    let page = map().html().unwrap();
    assert_eq!(
        (page.matches("name=\"layout\"").count(), page.matches("name=\"task\"").count(), page.matches(" checked").count()),
        (2, 2, 2)
    );
    let one = Map { tasks: vec![], layouts: map().layouts[..1].to_vec(), ..map() }.html().unwrap();
    assert!(!one.contains("type=\"radio\"") && data(&one)["tasks"] == json!([]));
    for part in
        ["role=\"application\" aria-label=\"Map of 6 tracks\" aria-describedby=\"keys\"", "role=\"status\"", "<label for=\"search\">"]
    {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn every_element_that_the_script_asks_for_is_there() {
    let (page, script) = (map().html().unwrap(), include_str!("../src/map.js"));
    // These two the script makes itself.
    let asked = script.split("byId('").skip(1).map(|rest| &rest[..rest.find('\'').unwrap()]).filter(|id| !["path", "copied"].contains(id));
    let mut n_asked = 0;
    for id in asked {
        assert!(page.contains(&format!("id=\"{id}\"")), "#{id}");
        n_asked += 1;
    }
    assert!(n_asked > 10);
}

#[test]
fn the_same_map_is_the_same_bytes_and_points_that_are_all_one_are_drawn() {
    assert_eq!(map().html().unwrap(), map().html().unwrap());
    let mut one = map();
    one.layouts[0].points.fill([7.0, 7.0]);
    assert_eq!(data(&one.html().unwrap())["layouts"][0]["xy"][1], 5000);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let refused = |change: &dyn Fn(&mut Map)| {
        let mut map = map();
        change(&mut map);
        map.html().unwrap_err()
    };
    assert!(matches!(refused(&|map| map.layouts.clear()), MapError::Empty { tracks: 6, layouts: 0 }));
    assert!(matches!(refused(&|map| map.layouts[1].points.truncate(2)), MapError::Rows { found: 2, expected: 6, .. }));
    assert!(matches!(refused(&|map| map.tasks[1].answers.truncate(5)), MapError::Rows { found: 5, .. }));
    let told = |change: &dyn Fn(&mut Map)| refused(change).to_string();
    assert!(told(&|map| map.layouts[0].points[1] = [f32::NAN, 0.0]).contains("found [NaN, 0.0], expected two finite numbers"));
    let class = |class, confidence| move |map: &mut Map| map.tasks[0].answers[3] = Answer::Class { class, confidence };
    assert!(told(&class(2, None)).contains("found class 2, expected one of 2 classes"));
    assert!(told(&class(0, Some(1.5))).contains("found confidence 1.5, expected 0 to 1"));
    assert!(told(&|map| map.tracks[2].near[0].0 = 6).contains("found track 6 at 0.98765, expected one of 6 tracks"));
}
