//! A network trained on features, asked about files.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use segno_eval::Answerer;
use segno_features::{EXTRACTOR_VERSION, FeatureSpec};
use segno_models::{ModelFile, TaskClasses, ops::Ops};

use super::Answer;
use crate::preprocess::Worker;

/// A trained network on a device, and the features that it wants.
pub struct Trained<'a, B: Ops> {
    answerer: Answerer<'a, B>,
    model: &'a ModelFile,
    worker: Worker,
}

impl<'a, B: Ops> Trained<'a, B> {
    /// Puts the model on the device; `path` is what errors call it.
    ///
    /// # Errors
    /// It was trained on other features than this program computes, or its parameters do not fit.
    pub fn new(model: &'a ModelFile, path: &Path, device: &'a B::Device) -> Result<Self> {
        let spec = features_of(model, path)?;
        Ok(Self { answerer: Answerer::new(model, device)?, model, worker: Worker::new(&spec)? })
    }

    /// The means over clips of what a network says of each, a task each.
    ///
    /// # Panics
    /// The features are no whole number of clips, or none.
    pub fn means(&self, features: Vec<f32>) -> Vec<(TaskClasses, Vec<f32>)> {
        let [frames, bins] = self.model.card.signature.input;
        let clips = features.len() / (frames * bins);
        assert!(clips > 0, "there are no clips to ask about");
        let means = |(task, probabilities): (&TaskClasses, Vec<f32>)| {
            let classes = task.classes.len();
            let sum = |class| probabilities.iter().skip(class).step_by(classes).sum::<f32>();
            (task.clone(), (0..classes).map(|class| sum(class) / clips as f32).collect())
        };
        self.model.card.signature.tasks.iter().zip(self.answerer.probabilities(features)).map(means).collect()
    }

    /// The mean over the file's clips.
    ///
    /// # Errors
    /// It cannot be decoded, or is shorter than a clip.
    pub fn answer(&mut self, file: &Path) -> Result<Answer> {
        let features = self.worker.features_of(file)?.to_vec();
        let [frames, bins] = self.model.card.signature.input;
        let clips = features.len() / (frames * bins);
        ensure!(clips > 0, "{}: shorter than one clip of the model's", file.display());
        Ok(Answer { clips, tasks: self.means(features), are_tags: false, note: None })
    }
}

/// The features that a model wants, if they are those that this program computes; `path` is what errors call it.
///
/// # Errors
/// It was trained on others.
pub fn features_of(model: &ModelFile, path: &Path) -> Result<FeatureSpec> {
    ensure!(
        model.card.extractor_version == EXTRACTOR_VERSION,
        "{}: the model was trained on features of extractor version {}, and this segno computes version {EXTRACTOR_VERSION}: train it again",
        path.display(),
        model.card.extractor_version
    );
    let spec: FeatureSpec = serde_json::from_value(model.card.features.clone())
        .with_context(|| format!("{}: its feature specification", path.display()))?;
    ensure!(
        spec.shape() == model.card.signature.input,
        "{}: its feature specification gives clips of {:?}, and its network takes {:?}: train it again",
        path.display(),
        spec.shape(),
        model.card.signature.input
    );
    Ok(spec)
}
