//! What the page says, and that names stay names.

use segno_audit::{Links, page, table};
use segno_dataset::{Manifest, Part};

use crate::world::{audited, split, track};

fn corpus() -> Manifest {
    let mut tracks = vec![
        track("a", "<script>alert(1)</script>", "Rock & \"Roll\"", "rock"),
        track("b", "Somebody", "", "metal"),
        track("c", "", "", "rock"),
    ];
    tracks[0].path = "100 %/a b#1.wav".into();
    tracks[1].path = "b.au".into();
    tracks[0].checksum = Some("md5:1".into());
    tracks[1].checksum = Some("md5:1".into());
    Manifest::new("toy", tracks).unwrap()
}

#[test]
fn names_are_escaped_links_are_encoded_and_what_browsers_do_not_play_is_said() {
    let manifest = corpus();
    let found = audited(&manifest, &[], &[split(&manifest, &[("a", Part::Test, 1), ("b", Part::Train, 1)])]);
    let shown = page(&found, &Links::to(["..", "my audio"]));
    assert!(!shown.contains("<script") && shown.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(shown.contains("src=\"../my%20audio/100%20%25/a%20b%231.wav\""), "{shown}");
    assert!(!shown.contains("src=\"../my%20audio/b.au\"") && shown.contains("Browsers do not play .au files"));
    assert!(shown.contains("genre differs: rock and metal"));
    assert!(shown.contains("In training and in the test part: toy-1"));
    assert!(!shown.contains("http://") && !shown.contains("https://"), "nothing from elsewhere");
    let without = page(&found, &Links::default());
    assert!(!without.contains("<audio") && without.contains("The audio was not at hand"));
}

#[test]
fn the_table_tells_pairs_and_touched_test_tracks() {
    let manifest = corpus();
    let found = audited(&manifest, &[], &[split(&manifest, &[("a", Part::Test, 1), ("b", Part::Train, 1)])]);
    let shown = table(&found);
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(line("identical-bytes"), ["identical-bytes", "1", "pair", "1"]);
    assert_eq!(line("same-artist"), ["same-artist", "0", "groups", "0"]);
    assert_eq!(line("label-conflict"), ["label-conflict", "1", "pair"]);
    assert!(shown.starts_with("audit of toy: 3 tracks take part; none was listened to"));
}

#[test]
fn no_name_becomes_a_tag_or_an_attribute() {
    let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></style></title>\n& `|`";
    let mut tracks = vec![track("a", hostile, hostile, hostile), track("b", hostile, hostile, "metal")];
    for (track, end) in tracks.iter_mut().zip(["wav", "mp3"]) {
        track.track_id += hostile;
        track.path = format!("{hostile}/{}.{end}", track.track_id);
        track.checksum = Some("md5:1".into());
    }
    let manifest = Manifest::new("toy", tracks).unwrap();
    let ids: Vec<&str> = manifest.tracks.iter().map(|track| track.track_id.as_str()).collect();
    let found = audited(&manifest, &[], &[split(&manifest, &[(ids[0], Part::Test, 1), (ids[1], Part::Train, 1)])]);
    for links in [Links::to(["..", hostile]), Links::default()] {
        let shown = page(&found, &links);
        assert!(shown.contains("&lt;script&gt;"), "the names are there, as text");
        assert!(!shown.contains("<script") && !shown.contains("<img"));
        assert_eq!((shown.matches("</style>").count(), shown.matches("</title>").count()), (1, 1));
        let tags = shown.match_indices('<').map(|(at, _)| &shown[at..=at + shown[at..].find('>').expect("a tag ends")]);
        for tag in tags {
            let attributes = tag.split('"').step_by(2).collect::<String>();
            assert!(!attributes.contains("onerror") && !attributes.contains('\''), "an attribute slipped in: {tag}");
        }
    }
}
