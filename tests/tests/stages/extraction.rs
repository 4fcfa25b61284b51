//! Extraction gives the same bytes on any number of threads, and picks up where it stopped.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::common::Road;
use segno_cli::FeatureSet;
use segno_cli::preprocess::preprocess;
use segno_dataset::{Manifest, Precision, ShardSet, Share};
use segno_features::{FeatureSpec, MfccSpec, Representation, SpectrogramSpec, SummarySpec};

fn spec() -> FeatureSpec {
    let representation = Representation::Spectrogram(SpectrogramSpec::scipy(256));
    FeatureSpec::new(4000, 8000, representation)
}

fn single(spec: &FeatureSpec) -> FeatureSet<'_> {
    FeatureSet { spec, precision: Precision::Single }
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
        let written = pool
            .install(|| preprocess(&manifest, &road.audio(), single(&spec()), &out, Share::WHOLE, |_| ControlFlow::Continue(())))
            .unwrap();
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
    preprocess(&manifest, &road.audio(), single(&spec()), &out, Share::WHOLE, |_| ControlFlow::Continue(())).unwrap();
    let before = parts(&out);
    fs::remove_file(out.join(&before[0].0)).unwrap();
    assert_eq!(preprocess(&manifest, &road.audio(), single(&spec()), &out, Share::WHOLE, |_| ControlFlow::Continue(())).unwrap(), 1);
    assert!(parts(&out) == before);
    assert_eq!(preprocess(&manifest, &road.audio(), single(&spec()), &out, Share::WHOLE, |_| ControlFlow::Continue(())).unwrap(), 0);
}

/// A WAV of one channel and 16 bits at 22 050 Hz.
fn silence(samples: u32) -> Vec<u8> {
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + 2 * samples).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(22_050_u32.to_le_bytes());
    wav.extend(44_100_u32.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend((2 * samples).to_le_bytes());
    wav.resize(wav.len() + 2 * samples as usize, 0);
    wav
}

#[test]
fn a_whole_track_is_one_clip_and_one_too_short_is_told_with_its_reason() {
    let road = Road::new();
    // A second of silence in place of a track: it has not nine frames of 4096 samples.
    let tracks = fs::read_dir(road.audio().join("audio/chorale")).unwrap().map(|entry| entry.unwrap().path());
    fs::write(tracks.min().unwrap(), silence(22_050)).unwrap();
    road.segno("corpus index synthetic --root AUDIO").unwrap();
    let manifest = Manifest::read(&road.work().join("tracks.parquet")).unwrap();
    let spec = FeatureSpec::whole(22_050, SummarySpec::new(Representation::Mfcc(MfccSpec::librosa(4096, 4096))));
    let extract = |threads: usize| {
        let out = road.work().join(format!("threads-{threads}"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| preprocess(&manifest, &road.audio(), single(&spec), &out, Share::WHOLE, |_| ControlFlow::Continue(()))).unwrap();
        out
    };
    let (one, three) = (extract(1), extract(3));
    // The short track in the midst leaves nothing behind for whichever track comes next on its thread.
    assert!(parts(&one) == parts(&three));
    let shards = ShardSet::open(&one).unwrap();
    assert_eq!((shards.shape(), shards.clips().len()), ([1, 60], manifest.present().count() - 1));
    assert!(shards.clips().iter().all(|clip| clip.clip_id == format!("synthetic:{}#0", clip.track_id)));
    assert!(shards.start_samples().iter().all(|start| *start == 0));
    let [failure] = shards.failures() else { panic!("{:?}", shards.failures()) };
    let reason = &failure.reason;
    assert!(reason.starts_with("audio/chorale/") && reason.contains("has 22050 samples, expected at least 32768"), "{reason}");
}
