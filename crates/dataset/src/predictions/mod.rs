//! What a model said of each clip of a part: the source of every number in a report.

mod check;
mod pool;
mod store;

use std::collections::BTreeMap;

use crate::{Digest, Fold, Part, Protocol};

/// Where predictions came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredictionSource {
    /// The experiment's name, e.g. `lstm-2x250`.
    pub experiment: String,
    /// The protocol of the split.
    pub protocol: Protocol,
    /// The seed of split and training.
    pub seed: u64,
    /// The fold, where the protocol has folds and those of one run are not pooled yet.
    pub fold: Option<Fold>,
    /// The part of the split that was predicted: test, or train where a paper states training accuracy too.
    pub part: Part,
    /// The version of the code that predicted.
    pub code_version: String,
    /// Digest of the model file.
    pub model_digest: Digest,
    /// Digest of the split table.
    pub split_digest: Digest,
    /// Digest of the feature specification and corpus, as the shards carry it.
    pub shards_digest: Digest,
}

/// One clip's class probabilities for one task.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The clip.
    pub clip_id: String,
    /// The track it was cut from.
    pub track_id: String,
    /// `genre`, `mood`, …
    pub task: String,
    /// The label of the manifest.
    pub true_label: String,
    /// One probability a class, in the order of [`Predictions::classes`].
    pub probabilities: Vec<f32>,
}

/// The predictions of one trained model on one part of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// Where they came from.
    pub source: PredictionSource,
    /// Task → class names, in the order of the probabilities.
    pub classes: BTreeMap<String, Vec<String>>,
    /// One row a clip and task.
    pub rows: Vec<Prediction>,
}

impl Prediction {
    /// The index of the most probable class; the first among equals, and 0 for no classes at all.
    pub fn argmax(&self) -> usize {
        let mut best = 0;
        for (class, probability) in self.probabilities.iter().enumerate() {
            if *probability > self.probabilities[best] {
                best = class;
            }
        }
        best
    }
}
