//! `segno map` over embeddings that are made up: three groups, which the page must show as such, coloured by tables and by a head.

use std::{fs, ops::ControlFlow, path::Path, process::Command};

use segno_dataset::{Cells, Clip, ClipRef, DatasetError, Manifest, Parts, Precision, ShardHeader, ShardWriter, Sheet, Track, write_shards};
use segno_models::{
    Classifier, Familiar, Familiarity, Head, HeadCard, HeadInput, HeadTask, LogisticConfig, Measured, ModelConfig, Rows, Scheme,
    TaskClasses,
};
use segno_store::Store;
use serde_json::{Value, json};

const SPEC: &str = r#"{"backbone":"invented","digest":"d","layer":"penultimate","pool":"mean"}"#;
const WIDTH: usize = 6;
const GROUPS: [&str; 3] = ["jazz", "metal", "a \"<b>\", or c"];

fn group(track: usize) -> usize {
    track % GROUPS.len()
}

/// Thirty tracks' names in the order of a library, some of them as bad as names can be.
fn names() -> Vec<String> {
    let bad = ["</script><script>alert(1)</script>", "it's \"quoted\", with a comma", "\u{202e}olleh", "two\nlines"];
    let name = |at: usize| format!("music/{}.mp3", bad.get(at).map_or_else(|| format!("{at:02}"), |name| (*name).to_owned()));
    let mut names: Vec<String> = (0..30).map(name).collect();
    names.sort();
    names
}

fn embedding(track: usize) -> Vec<f32> {
    let noise = |column: usize| (track * 37 + column * 11) as f32 * 0.618 % 1.0;
    (0..WIDTH).map(|column| if column == group(track) { 5.0 } else { 0.0 } + noise(column)).collect()
}

/// A folder as `segno embed` leaves it, in two parts.
fn library(at: &Path) {
    let track = |name: &String| Track { track_id: name.clone(), path: name.clone(), ..Track::default() };
    let manifest = Manifest::new("files", names().iter().map(track).collect()).unwrap();
    let header = ShardHeader {
        feature_spec_json: SPEC.into(),
        extractor_version: "1".into(),
        decoder_version: "1".into(),
        corpus: "files".into(),
        corpus_digest: manifest.digest(),
        shape: [1, WIDTH],
        precision: Precision::Single,
    };
    let fill = |_: &mut (), track: &Track, writer: &mut ShardWriter| {
        let at = names().iter().position(|name| *name == track.track_id).unwrap();
        let clip_id = ClipRef::new("files", &track.track_id, 0).clip_id;
        writer.push(Clip { clip_id, track_id: &track.track_id, start_sample: 0, features: &embedding(at) })
    };
    let tracks: Vec<&Track> = manifest.present().collect();
    let goes_on = |_| ControlFlow::Continue(());
    write_shards::<_, DatasetError>(&Store::folder(&at.join("lib")), &header, &tracks, Parts::of(16), || (), fill, goes_on).unwrap();
}

/// What `segno predict` would say: every fifth is not sure, the last could not be heard, and one was not asked about.
fn predictions() -> Sheet {
    let rows: Vec<usize> = (0..30).filter(|at| *at != 7).collect();
    let text = |of: &dyn Fn(usize) -> Option<String>| Cells::Text(rows.iter().map(|at| of(*at)).collect());
    let is_sure = |at: usize| !at.is_multiple_of(5) && at != 29;
    let mut columns = vec![
        ("file".to_owned(), text(&|at| Some(names()[at].clone()))),
        ("genre".to_owned(), text(&|at| is_sure(at).then(|| GROUPS[group(at)].to_owned()))),
        ("genre_confidence".to_owned(), Cells::Shares(rows.iter().map(|at| is_sure(*at).then_some(0.875)).collect())),
        ("genre_not_sure".to_owned(), text(&|at| at.is_multiple_of(5).then(|| "jazz 0.40".to_owned()))),
    ];
    for (index, class) in GROUPS.iter().enumerate() {
        let share = |at: &usize| (*at != 29).then_some(if group(*at) == index { 0.875 } else { 0.0625 });
        columns.push((format!("genre:{class}"), Cells::Shares(rows.iter().map(share).collect())));
    }
    for (tag, likelihood) in [("loud", 0.25), ("slow", 0.5)] {
        columns.push((format!("tag:{tag}"), Cells::Shares(rows.iter().map(|at| (*at != 29).then_some(likelihood)).collect())));
    }
    columns.push(("failed".to_owned(), text(&|at| (at == 29).then(|| "silence".to_owned()))));
    Sheet { columns }
}

/// The same as JSON lines.
fn lines() -> String {
    let sheet = predictions();
    let row = |row: usize| {
        let text = |column: usize| sheet.text(column, row);
        if !text(9).is_empty() {
            return json!({ "file": text(0), "failed": text(9) });
        }
        let answer = if text(1).is_empty() {
            json!({ "class": null, "not_sure": text(3) })
        } else {
            json!({ "class": text(1), "confidence": 0.875 })
        };
        let classes = json!({ GROUPS[0]: 0.0625, GROUPS[1]: 0.0625, GROUPS[2]: 0.0625 });
        json!({ "file": text(0), "answers": { "genre": answer }, "tasks": { "genre": classes, "tags": { "loud": 0.25, "slow": 0.5 } } })
    };
    (0..sheet.rows()).map(|at| row(at).to_string() + "\n").collect()
}

fn segno(at: &Path, line: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
    let output = command.current_dir(at).env("SEGNO_HOME", at.join("home")).args(line.split(' ')).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn refused(at: &Path, line: &str, part: &str) {
    let (status, _, told) = segno(at, line);
    assert!(status == Some(1) && told.contains(part), "{line}: expected '{part}' in: {told}");
}

/// The data of the page that a line writes into `map.html`.
fn page(at: &Path, line: &str) -> Value {
    let (status, _, told) = segno(at, line);
    assert_eq!(status, Some(0), "{line}: {told}");
    let page = fs::read_to_string(at.join("map.html")).unwrap();
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (2, 2), "its data and its script");
    let (_, from) = page.split_once("application/json\">").unwrap();
    serde_json::from_str(from.split_once("</script>").unwrap().0).unwrap()
}

/// How far apart two tracks are in a layout.
fn distance(layout: &Value, a: usize, b: usize) -> f64 {
    let place = |track: usize, axis: usize| layout["xy"][2 * track + axis].as_f64().unwrap();
    (place(a, 0) - place(b, 0)).hypot(place(a, 1) - place(b, 1))
}

#[test]
fn groups_lie_apart_and_the_same_library_is_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    library(at);
    // A file that is there is named by where it lies.
    fs::create_dir(at.join("music")).unwrap();
    fs::write(at.join(&names()[4]), b"").unwrap();
    let data = page(at, "map lib --out map.html");
    let path = |track: usize| format!("{}{}", data["folder"].as_str().unwrap(), data["paths"][track].as_str().unwrap());
    let here = at.canonicalize().unwrap();
    for (track, name) in names().iter().enumerate() {
        let expected = if track == 4 { here.join(name).display().to_string() } else { name.clone() };
        assert_eq!(path(track), expected);
    }
    assert_eq!(data["tasks"], json!([]));
    let layouts = data["layouts"].as_array().unwrap();
    assert_eq!(layouts.iter().map(|layout| &layout["name"]).collect::<Vec<_>>(), ["t-SNE", "principal components"]);
    for track in 0..30 {
        let mut near: Vec<usize> = (0..30).filter(|other| *other != track).collect();
        for layout in layouts {
            near.sort_by(|a, b| distance(layout, track, *a).total_cmp(&distance(layout, track, *b)));
            assert!(near[..5].iter().all(|other| group(*other) == group(track)), "{track} among {:?} by {}", &near[..5], layout["name"]);
        }
        let listed = data["near"][track].as_array().unwrap();
        assert!(listed.len() == 10 && listed.iter().step_by(2).all(|other| group(other.as_u64().unwrap() as usize) == group(track)));
    }
    let before = fs::read(at.join("map.html")).unwrap();
    page(at, "map lib --out map.html");
    assert_eq!(fs::read(at.join("map.html")).unwrap(), before);
    assert_eq!(page(at, "map lib --pca --out map.html")["layouts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_table_of_any_form_gives_the_same_colours() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    library(at);
    fs::write(at.join("p.csv"), predictions().to_csv()).unwrap();
    predictions().write_parquet(&at.join("p.parquet")).unwrap();
    fs::write(at.join("p.jsonl"), lines()).unwrap();
    for form in ["csv", "parquet", "jsonl"] {
        let data = page(at, &format!("map lib --pca --colour p.{form} --out map.html"));
        let task = &data["tasks"][0];
        let classes: Vec<&str> = task["classes"].as_array().unwrap().iter().map(|class| class.as_str().unwrap()).collect();
        for track in 0..30 {
            let code = task["answers"][track].as_i64().unwrap();
            let expected = match track {
                7 | 29 => -2,
                _ if track.is_multiple_of(5) => -1,
                _ => classes.iter().position(|class| *class == GROUPS[group(track)]).unwrap() as i64,
            };
            assert_eq!(code, expected, "{form}, track {track}");
            assert_eq!(task["confidences"][track], if code >= 0 { json!(88) } else { Value::Null });
            assert_eq!(task["reasons"].get(track.to_string()), (code == -1).then_some(&json!("jazz 0.40")), "{form}, track {track}");
        }
        let tags = &data["tasks"][1];
        assert_eq!((&tags["name"], &tags["classes"], &tags["confidences"][0]), (&json!("strongest tag"), &json!(["slow"]), &json!(50)));
    }
    let (_, out, _) = segno(at, "map lib --pca --colour p.csv --out map.html");
    assert!(out.contains("genre: 22 tracks have a class, 6 are not sure, 2 have no answer"), "{out}");
}

#[test]
fn tables_that_are_none_and_of_other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    library(at);
    let with = |name: &str, text: &str, part: &str| {
        fs::write(at.join(name), text).unwrap();
        refused(at, &format!("map lib --pca --colour {name} --out map.html"), part);
    };
    with("t.txt", "", "expected a name that ends in .csv, .parquet or .jsonl");
    with("t.csv", "track,genre\na,b\n", "found no column `file`");
    with("t.csv", "file,genre\na,b\n", "it has neither a task nor tags");
    let head = "file,genre,genre_confidence,genre_not_sure\n";
    with("t.csv", &format!("{head}other.mp3,jazz,0.5,\n"), "none of its 1 files is a track of the library: found");
    with("t.csv", &format!("{head}a.mp3,jazz,0.5,\na.mp3,jazz,0.5,\n"), "a.mp3: there twice");
    with("t.csv", &format!("{head}music/04.mp3,jazz,much,\n"), "row 1, column genre_confidence: found \"much\", expected a number");
    with("t.csv", &format!("{head}music/04.mp3,jazz,7,\n"), "found confidence 7, expected 0 to 1");
    with("t.csv", &format!("{head},jazz,0.5,\n"), "row 1: found no file");
    with("t.jsonl", "{\"file\":\"a\"\n", "line 1");
    with("t.jsonl", "{\"file\":\"a\",\"answers\":{\"genre\":{}}}\n", "expected a class, or why there is none");
    with("t.jsonl", "[1]\n", "line 1");
    with("t.parquet", "PAR1", "t.parquet");
    refused(at, "map music --out map.html", "no library of embeddings");
    assert!(!at.join("map.html").exists());
}

/// A head over the library's embeddings.
fn head() -> Head {
    let model = ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-6, max_iterations: 200 });
    let measured = Measured { tracks: 0, accuracy: 0.0, interval: None, calibration_error: None, left_out: vec![], selective: vec![] };
    let task = TaskClasses { task: "genre".into(), classes: GROUPS.map(str::to_owned).to_vec() };
    let input = HeadInput {
        name: "invented penultimate".into(),
        specification: serde_json::from_str(SPEC).unwrap(),
        backbone: Some("d".into()),
        width: WIDTH,
    };
    let values: Vec<f32> = (0..30).flat_map(embedding).collect();
    let (rows, labels) = (|| Rows { values: &values, width: WIDTH }, (0..30).map(group).collect::<Vec<_>>());
    let card = HeadCard {
        schema: 2,
        inputs: vec![input],
        tasks: vec![HeadTask { task, inputs: vec![0], model: model.clone(), temperature: 1.0, steps: vec![], measured }],
        extractor_version: "1".into(),
        decoder_version: "1".into(),
        corpus: "test".into(),
        corpus_digest: "digest".into(),
        protocol: "track".into(),
        folds: 2,
        seeds: vec![1],
        familiarity: Familiarity { tracks: 30, neighbours: Familiar::NEIGHBOURS, quantile: 0.95, limit: 100.0, tested: 1, refused: 0 },
    };
    Head { card, classifiers: vec![Classifier::fit(&model, rows(), &labels, 3)], familiar: Familiar::fit(rows()), backbones: vec![] }
}

#[test]
fn a_head_over_these_embeddings_answers_from_them() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    library(at);
    head().write(&at.join("h.safetensors")).unwrap();
    let data = page(at, "map lib --pca --model h.safetensors --out map.html");
    let task = &data["tasks"][0];
    assert_eq!(task["classes"], json!(GROUPS));
    assert!((0..30).all(|track| task["answers"][track] == json!(group(track)) && task["confidences"][track].as_i64().unwrap() > 50));
    // No confidence of it promises anything: it has no thresholds.
    let (_, out, _) = segno(at, "map lib --pca --model h.safetensors --min-precision 0.9 --out map.html");
    assert!(out.contains("genre: 0 tracks have a class, 30 are not sure, 0 have no answer"), "{out}");
    // Each track is far from what it was fitted on.
    let mut far = head();
    far.card.familiarity.limit = 1e-6;
    far.write(&at.join("far.safetensors")).unwrap();
    let reasons = page(at, "map lib --pca --model far.safetensors --out map.html")["tasks"][0]["reasons"].clone();
    assert!(reasons["3"].as_str().unwrap().starts_with("unlike all that the model was fitted on"), "{reasons}");
}

#[test]
fn a_head_that_wants_more_than_the_library_has_is_refused_with_the_way_round() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    library(at);
    let with = |change: &dyn Fn(&mut Head), part: &str| {
        let mut head = head();
        change(&mut head);
        head.write(&at.join("h.safetensors")).unwrap();
        refused(at, "map lib --pca --model h.safetensors --out map.html", part);
    };
    let instead = "`segno predict --model h.safetensors --out table.csv`, and give it with --colour";
    let and_mfcc = |head: &mut Head| {
        head.card.inputs.push(HeadInput { name: "mfcc summary".into(), specification: json!({}), backbone: None, width: WIDTH });
        let values: Vec<f32> = (0..30).flat_map(|track| [embedding(track), embedding(track)].concat()).collect();
        head.familiar = Familiar::fit(Rows { values: &values, width: 2 * WIDTH });
    };
    with(&and_mfcc, "h.safetensors: it listens to mfcc summary, and the library has invented penultimate (mean), of backbone d alone");
    with(&|head| head.card.inputs[0].specification["digest"] = json!("other"), instead);
    with(
        &|head| head.card.inputs[0].specification["digest"] = json!("0123456789abcdef"),
        "listens to invented penultimate (mean), of backbone 0123456789ab, and the library has invented penultimate (mean), of backbone d alone",
    );
    with(
        &|head| head.card.inputs[0].specification["layer"] = json!("logits"),
        "listens to invented logits (mean), of backbone d, and the library has invented penultimate (mean), of backbone d alone",
    );
    with(&|head| head.card.decoder_version = "2".into(), "the library was embedded by decoder version 1");
    refused(at, "map lib --model h.safetensors --min-precision 2 --out map.html", "expected a share above 0 and below 1");
}

#[test]
fn a_library_of_a_corpus_has_its_labels_and_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    library(at);
    // Track 3 has no label; the corpus lies elsewhere than its tracks' names say.
    let track = |(number, name): (usize, &String)| Track {
        track_id: name.clone(),
        path: format!("{number}.wav"),
        labels: if number == 3 { [].into() } else { [("mood".to_owned(), GROUPS[group(number)].to_owned())].into() },
        ..Track::default()
    };
    fs::create_dir(at.join("work")).unwrap();
    let manifest = Manifest::new("files", names().iter().enumerate().map(track).collect()).unwrap();
    manifest.write(&at.join("work/tracks.parquet")).unwrap();
    fs::write(at.join("p.csv"), "file,genre,genre_confidence,genre_not_sure\naudio/4.wav,jazz,0.5,\n").unwrap();
    let data = page(at, "map lib --pca --colour p.csv --work work --root audio --out map.html");
    assert_eq!((&data["folder"], &data["paths"][29]), (&json!("audio/"), &json!("29.wav")));
    let [genre, mood] = [0, 1].map(|task| &data["tasks"][task]);
    assert_eq!((&genre["name"], &mood["name"]), (&json!("genre"), &json!("mood (label)")));
    for track in 0..30 {
        assert_eq!(genre["answers"][track], json!(if track == 4 { 0 } else { -2 }));
        let label = mood["answers"][track].as_i64().unwrap();
        let expected =
            if track == 3 { -2 } else { manifest.classes("mood").iter().position(|class| class == GROUPS[group(track)]).unwrap() as i64 };
        assert_eq!(label, expected);
    }
    let other = Manifest::new("files", vec![Track { track_id: "other".into(), ..Track::default() }]).unwrap();
    other.write(&at.join("work/tracks.parquet")).unwrap();
    refused(
        at,
        "map lib --pca --work work --root audio --out map.html",
        "no track of corpus files: name the work folder that was embedded",
    );
}
