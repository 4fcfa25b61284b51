//! What a split has on two sides, counted by hand.

use segno_audit::{Audit, AuditError, AuditInput, Kind, Matching, Siblings, audit};
use segno_dataset::{FingerprintRow, Manifest, Part};

use crate::world::{audited, bits, split, track};

fn corpus() -> Manifest {
    let mut tracks = vec![
        track("a", "The Who", "My Generation", "rock"),
        track("b", "the who", "My Generation (Live)", "metal"),
        track("c", "The Who", "Substitute", "rock"),
        track("d", "Limp Bizkit", "My generation!", "rock"),
        track("e", "", "", "rock"),
        track("f", "Nobody", "Nothing", "jazz"),
    ];
    tracks[4].checksum = Some("md5:1".into());
    tracks[5].checksum = Some("md5:1".into());
    Manifest::new("toy", tracks).unwrap()
}

fn siblings(audit: &Audit, kind: Kind) -> Siblings {
    audit.splits[0].kinds.iter().find(|touched| touched.kind == kind).unwrap().siblings
}

fn counts(train_clips: usize, train_tracks: usize, valid_clips: usize, valid_tracks: usize) -> Siblings {
    Siblings { train_clips, train_tracks, valid_clips, valid_tracks }
}

#[test]
fn test_items_with_a_sibling_elsewhere_are_counted_kind_by_kind() {
    use Part::{Test, Train, Valid};
    let manifest = corpus();
    let parts = [("a", Test, 3), ("a", Train, 1), ("b", Train, 2), ("c", Test, 2), ("d", Valid, 1), ("e", Test, 1), ("f", Train, 1)];
    let found = audited(&manifest, &[], &[split(&manifest, &parts)]);
    let split = &found.splits[0];
    assert_eq!((split.test_clips, split.test_tracks), (6, 3));
    assert_eq!(siblings(&found, Kind::SameTrack), counts(3, 1, 0, 0), "a");
    assert_eq!(siblings(&found, Kind::IdenticalBytes), counts(1, 1, 0, 0), "e has the bytes of f");
    assert_eq!(siblings(&found, Kind::NearDuplicate), counts(1, 1, 0, 0), "identical bytes are no less alike");
    assert_eq!(siblings(&found, Kind::SameSong), counts(3, 1, 0, 0), "a, of which b is another version");
    assert_eq!(siblings(&found, Kind::SameTitle), counts(3, 1, 3, 1), "a, and d by others");
    assert_eq!(siblings(&found, Kind::SameArtist), counts(5, 2, 0, 0), "a and c; e has no artist");
    assert_eq!(split.recording, counts(4, 2, 0, 0), "a and e");
    assert_eq!(split.any, counts(6, 3, 3, 1));
    assert_eq!((found.without_artist, found.without_title), (1, 1));
    assert_eq!(found.pairs[0].crosses, ["toy-1"]);
}

#[test]
fn counting_across_counts_what_a_split_has_on_two_sides_alone() {
    use Part::{Test, Train};
    let manifest = corpus();
    let apart = audited(&manifest, &[], &[split(&manifest, &[("e", Train, 1), ("f", Train, 1), ("a", Test, 1)])]);
    assert_eq!(Kind::ALL.map(|kind| apart.count(kind, true)), [0; 8]);
    assert_eq!((apart.count(Kind::IdenticalBytes, false), apart.count(Kind::LabelConflict, false)), (1, 1));
    let crossed = audited(&manifest, &[], &[split(&manifest, &[("e", Test, 1), ("f", Train, 1)])]);
    assert_eq!((crossed.count(Kind::IdenticalBytes, true), crossed.count(Kind::LabelConflict, true)), (1, 1));
}

#[test]
fn a_near_duplicate_of_a_copy_is_a_sibling_of_every_copy() {
    use Part::{Test, Train};
    let row = |id: &str, digest: &str, items: Vec<u32>| FingerprintRow {
        track_id: id.into(),
        checksum: None,
        digest: digest.into(),
        seconds: 30.0,
        items,
    };
    let items: Vec<u32> = bits(1).take(200).collect();
    let manifest = Manifest::new("toy", ["a", "b", "c", "d"].map(|id| track(id, "", "", "rock")).into()).unwrap();
    // a and b have the same samples; c is cut from them; d is a stranger.
    let heard = [
        row("a", "1", items.clone()),
        row("b", "1", items.clone()),
        row("c", "2", items[50..].to_vec()),
        row("d", "3", bits(2).take(200).collect()),
    ];
    let parts = [("a", Part::Valid, 1), ("b", Train, 1), ("c", Test, 1), ("d", Test, 1)];
    let found = audited(&manifest, &heard, &[split(&manifest, &parts)]);
    let pairs: Vec<(&str, &str, Kind)> = found.pairs.iter().map(|pair| (&*pair.track_id, &*pair.other_track_id, pair.kind)).collect();
    assert_eq!(pairs, [("a", "b", Kind::IdenticalAudio), ("a", "c", Kind::NearDuplicate)]);
    let alignment = found.pairs[1].alignment.unwrap();
    assert!((alignment.start_seconds - 50.0 * 1365.0 / 11_025.0).abs() < 1e-9 && alignment.other_start_seconds == 0.0);
    assert_eq!(siblings(&found, Kind::IdenticalAudio), counts(0, 0, 0, 0));
    assert_eq!(siblings(&found, Kind::NearDuplicate), counts(1, 1, 1, 1), "c, by way of a");
    assert_eq!(found.duplicates(&manifest).unwrap().track_ids().collect::<Vec<_>>(), [("a", "b"), ("a", "c")]);
}

#[test]
fn a_split_of_another_corpus_is_refused() {
    let (manifest, other) = (corpus(), Manifest::new("toy", vec![track("z", "", "", "rock")]).unwrap());
    let splits = [split(&other, &[("z", Part::Test, 1)])];
    let input = AuditInput { manifest: &manifest, heard: &[], undecodable: &[], splits: &splits, matching: Matching::default() };
    let error = audit(&input).unwrap_err();
    assert!(matches!(error, AuditError::ForeignSplit { .. }));
    assert_eq!(error.to_string(), "split toy-1: found track 'z', expected tracks of corpus toy that take part; draw the split again");
}
