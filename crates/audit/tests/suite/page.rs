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
