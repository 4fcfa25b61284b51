//! A model trained from features that stay in the shards is the one trained from memory, bit for bit.

mod common;

use std::ops::ControlFlow;
use std::sync::Arc;

use common::{ADAM, SHAPE, config, go, job, lstm};
use segno_dataset::{
    Clip, ClipRef, DatasetError, Examples, Fractions, Manifest, Part, Parts, Precision, Protocol, ShardHeader, ShardSet, ShardWriter,
    Split, SplitPlan, Track, write_shards,
};
use segno_models::{LogisticConfig, ModelConfig, Scheme, Standardise};
use segno_trainer::{Job, TrainError};

struct Corpus {
    dir: tempfile::TempDir,
    manifest: Manifest,
    shards: Arc<ShardSet>,
    split: Split,
}

/// Eighty tracks of two clips, in parts of seven tracks.
fn corpus() -> Corpus {
    let track = |n: usize| Track {
        track_id: format!("t{n:03}"),
        labels: [("genre".into(), ["a", "b", "c"][n % 3].into())].into(),
        ..Track::default()
    };
    let manifest = Manifest::new("test", (0..80).map(track).collect()).unwrap();
    let header = ShardHeader {
        feature_spec_json: "{}".into(),
        extractor_version: "1".into(),
        decoder_version: "1".into(),
        corpus: manifest.corpus.clone(),
        corpus_digest: manifest.digest(),
        shape: SHAPE,
        precision: Precision::Single,
    };
    let dir = tempfile::tempdir().unwrap();
    let fill = |(): &mut (), track: &Track, writer: &mut ShardWriter| {
        let n: usize = track.track_id[1..].parse().unwrap();
        for index in 0..2 {
            let value = |i: usize| ((n * 31 + index * 17 + i) as f32 * 0.37).sin() + if i % SHAPE[1] == n % 3 { 1.0 } else { 0.0 };
            let features: Vec<f32> = (0..SHAPE[0] * SHAPE[1]).map(value).collect();
            let ClipRef { clip_id, track_id } = ClipRef::new("test", &track.track_id, index);
            writer.push(Clip { clip_id, track_id: &track_id, start_sample: 0, features: &features })?;
        }
        Ok::<(), DatasetError>(())
    };
    let tracks: Vec<&Track> = manifest.present().collect();
    write_shards(dir.path(), &header, &tracks, Parts::of(7), || (), fill, |_| ControlFlow::Continue(())).unwrap();
    let shards = Arc::new(ShardSet::open(dir.path()).unwrap());
    let plan = SplitPlan { protocol: Protocol::Track, seed: 1, fractions: Fractions::default(), stratify_by: "genre" };
    let split = Split::draw(&plan, &manifest, shards.clips()).unwrap();
    Corpus { dir, manifest, shards, split }
}

impl Corpus {
    fn part(&self, part: Part, memory_bytes: u64) -> Examples {
        let classes = ["a", "b", "c"].map(str::to_owned);
        Examples::load(&self.shards, &self.split, part, &self.manifest, &[("genre", &classes)], memory_bytes).unwrap()
    }
}

#[test]
fn the_same_model_and_curves_to_the_bit() {
    let corpus = corpus();
    let training = config(ADAM, 4);
    for standardise in [Standardise::PerBin, Standardise::None, Standardise::Divide { by: 255.0 }] {
        let [held, streamed] = [u64::MAX, 0].map(|bytes| {
            let (train, valid) = (corpus.part(Part::Train, bytes), corpus.part(Part::Valid, bytes));
            assert_eq!(train.held().is_some(), bytes > 0);
            go(Job { train, valid, standardise, ..job(lstm(), &training, None) }).unwrap()
        });
        assert_eq!(held.curves, streamed.curves);
        assert_eq!(held.model, streamed.model);
    }
}

#[test]
fn a_model_that_is_fitted_as_a_whole_says_what_memory_it_needs() {
    let corpus = corpus();
    let model = ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-4, max_iterations: 500 });
    let (train, valid) = (corpus.part(Part::Train, 0), corpus.part(Part::Valid, 0));
    let training = config(ADAM, 1);
    let error = go(Job { training: None, train, valid, ..job(model, &training, None) }).unwrap_err();
    assert!(matches!(error, TrainError::Memory { bytes } if bytes > 0), "{error}");
    assert!(error.to_string().contains("give more"), "{error}");
}

#[test]
fn shards_that_vanish_end_training_with_the_file() {
    let corpus = corpus();
    let (train, valid) = (corpus.part(Part::Train, 0), corpus.part(Part::Valid, 0));
    std::fs::remove_file(corpus.dir.path().join("part-00002.parquet")).unwrap();
    let training = config(ADAM, 1);
    let error = go(Job { train, valid, ..job(lstm(), &training, None) }).unwrap_err().to_string();
    assert!(error.contains("part-00002.parquet"), "{error}");
}
