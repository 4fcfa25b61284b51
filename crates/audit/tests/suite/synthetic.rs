//! The synthetic corpus's planted duplicates, by their sound alone.

use segno_audit::{Kind, SAMPLE_RATE_HZ};
use segno_dataset::{FingerprintRow, Manifest};
use segno_synth::{SynthSpec, render};

use crate::copies::read;
use crate::world::{audited, hear, row, track};

#[test]
fn every_planted_duplicate_is_found_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let rendered = render(folder.path(), &SynthSpec::default(), |_| {}).unwrap();
    // No checksums, artists or titles: what is found is heard.
    let manifest = Manifest::new("synthetic", rendered.iter().map(|made| track(&made.track_id, "", "", made.genre)).collect()).unwrap();
    let heard: Vec<FingerprintRow> =
        rendered.iter().map(|made| row(&made.track_id, hear(&read(&folder.path().join(&made.path), SAMPLE_RATE_HZ)))).collect();
    let found = audited(&manifest, &heard, &[]);
    let mut planted: Vec<(String, String, bool)> = rendered
        .iter()
        .filter_map(|made| Some((made.planted.as_ref()?, made)))
        .map(|(planted, made)| (planted.of.clone(), made.track_id.clone(), made.duplicate_of().is_some()))
        .collect();
    planted.sort();
    assert_eq!(planted.len(), 5);
    let mut pairs: Vec<(String, String, bool)> =
        found.pairs.iter().map(|pair| (pair.track_id.clone(), pair.other_track_id.clone(), pair.kind == Kind::IdenticalAudio)).collect();
    pairs.sort();
    let names = |pairs: &[(String, String, bool)]| pairs.iter().map(|(one, other, _)| (one.clone(), other.clone())).collect::<Vec<_>>();
    assert_eq!(names(&pairs), names(&planted));
    // A copy decodes to the same samples; another container may round them otherwise.
    for ((one, other, identical), (.., is_copy)) in pairs.iter().zip(&planted) {
        assert!(identical >= is_copy, "{one} and {other}");
    }
}
