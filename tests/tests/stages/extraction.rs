//! Extraction gives the same bytes on any number of threads, and picks up where it stopped.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Road;
use segno_cli::preprocess::preprocess;
use segno_dataset::Manifest;
use segno_features::{FeatureSpec, Representation, SpectrogramSpec};

fn spec() -> FeatureSpec {
    let representation = Representation::Spectrogram(SpectrogramSpec::scipy(256));
    FeatureSpec { sample_rate_hz: 4000, clip_samples: 8000, max_clips: None, representation }
}

fn parts(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut parts: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    parts.sort();
    parts.into_iter().map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap())).collect()
}

#[test]
fn shards_are_the_same_bytes_for_one_two_and_four_threads() {
    let road = Road::new();
    road.segno("corpus index synthetic --root AUDIO").unwrap();
    let manifest = Manifest::read(&road.work().join("tracks.parquet")).unwrap();
    let extract = |threads: usize| {
        let out = road.work().join(format!("threads-{threads}"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let written = pool.install(|| preprocess(&manifest, &road.audio(), &spec(), &out, |_| {})).unwrap();
        assert_eq!(written, parts(&out).len());
        parts(&out)
    };
    let one = extract(1);
    assert!(one.len() > 1, "several parts");
    assert!(one == extract(2) && one == extract(4));
}

#[test]
fn every_format_of_the_synthetic_corpus_is_decoded() {
    let road = Road::new();
    road.segno("corpus index synthetic --root AUDIO --strict").unwrap();
    let manifest = Manifest::read(&road.work().join("tracks.parquet")).unwrap();
    let formats: std::collections::BTreeSet<&str> =
        manifest.tracks.iter().filter_map(|track| track.path.rsplit_once('.').map(|(_, extension)| extension)).collect();
    assert!(formats.len() > 3 && formats.contains("flac"), "{formats:?}");
    road.segno("extract --root AUDIO --strict").unwrap();
}

#[test]
fn a_lost_part_alone_is_extracted_again() {
    let road = Road::new();
    road.segno("corpus index synthetic --root AUDIO").unwrap();
    let manifest = Manifest::read(&road.work().join("tracks.parquet")).unwrap();
    let out = road.work().join("features");
    preprocess(&manifest, &road.audio(), &spec(), &out, |_| {}).unwrap();
    let before = parts(&out);
    fs::remove_file(out.join(&before[0].0)).unwrap();
    assert_eq!(preprocess(&manifest, &road.audio(), &spec(), &out, |_| {}).unwrap(), 1);
    assert!(parts(&out) == before);
    assert_eq!(preprocess(&manifest, &road.audio(), &spec(), &out, |_| {}).unwrap(), 0);
}
