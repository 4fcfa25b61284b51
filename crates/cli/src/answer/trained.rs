//! A network trained on features, asked about files.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use segno_eval::Answerer;
use segno_features::{EXTRACTOR_VERSION, FeatureSpec};
use segno_models::{ModelFile, TaskClasses, ops::Ops};

use super::{Answer, Answers, Labels, Moment, Said};
use crate::preprocess::Worker;
use crate::silence::NO_SOUND;

/// A trained network on a device, and the features that it wants.
pub struct Trained<'a, B: Ops> {
    answerer: Answerer<'a, B>,
    model: &'a ModelFile,
    worker: Worker,
    /// Of a clip; none where a file is one.
    clip_s: Option<f64>,
}

impl<'a, B: Ops> Trained<'a, B> {
    /// Puts the model on the device; `path` is what errors call it.
    ///
    /// # Errors
    /// It was trained on other features than this program computes, or its parameters do not fit.
    pub fn new(model: &'a ModelFile, path: &Path, device: &'a B::Device) -> Result<Self> {
        let spec = features_of(model, path)?;
        let clip_s = spec.clip_samples().map(|samples| samples as f64 / f64::from(spec.sample_rate_hz));
        Ok(Self { answerer: Answerer::new(model, device)?, model, worker: Worker::new(&spec)?, clip_s })
    }

    /// What its numbers stand for.
    pub fn labels(model: &ModelFile) -> Labels {
        Labels { tasks: model.card.signature.tasks.clone(), tags: vec![] }
    }
}

impl<B: Ops> Answers for Trained<'_, B> {
    /// The mean over the file's clips, silent ones too, as a report has it; over time, clip by clip, and of silent ones nothing.
    fn answer(&mut self, file: &Path, over_time: bool) -> Result<Answer> {
        let features = self.worker.features_of(file)?.to_vec();
        let silent = self.worker.silent_clips();
        ensure!(silent.is_empty() || silent.contains(&false), "{}: {NO_SOUND}", file.display());
        let signature = &self.model.card.signature;
        let [frames, bins] = signature.input;
        let clips = features.len() / (frames * bins);
        ensure!(clips > 0, "{}: shorter than one clip of the model's", file.display());
        let of_clips = self.answerer.probabilities(features);
        let tasks = mean_over_clips(&signature.tasks, &of_clips);
        let moment = |clip_s: f64, clip: usize| {
            let of_task = |(task, probabilities): (&TaskClasses, &Vec<f32>)| {
                probabilities[clip * task.classes.len()..][..task.classes.len()].to_vec()
            };
            let said = match silent[clip] {
                true => Err(NO_SOUND.to_owned()),
                false => Ok(Said { tasks: signature.tasks.iter().zip(&of_clips).map(of_task).collect(), tags: vec![] }),
            };
            Moment { start_s: clip as f64 * clip_s, end_s: (clip + 1) as f64 * clip_s, said }
        };
        let timeline = match (over_time, self.clip_s) {
            (false, _) => vec![],
            (true, Some(clip_s)) => (0..clips).map(|clip| moment(clip_s, clip)).collect(),
            (true, None) => anyhow::bail!("--timeline: the model hears a file as a whole, clip by clip it knows nothing"),
        };
        Ok(Answer { clips, tasks, tags: vec![], distance: None, timeline, note: None })
    }
}

/// What a network says of a file whose clips it was asked about: of each task the mean over them.
///
/// # Shapes
/// `of_clips`, a task each: [clips, classes] → [classes]
pub fn mean_over_clips(tasks: &[TaskClasses], of_clips: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let mean = |(task, probabilities): (&TaskClasses, &Vec<f32>)| {
        let n = task.classes.len();
        let clips = probabilities.len() / n;
        let sum = |class| probabilities.iter().skip(class).step_by(n).sum::<f32>();
        (0..n).map(|class| sum(class) / clips as f32).collect()
    };
    tasks.iter().zip(of_clips).map(mean).collect()
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
    let spec: FeatureSpec =
        serde_json::from_value(model.card.features.clone()).with_context(|| format!("{}: its feature specification", path.display()))?;
    ensure!(
        spec.shape() == model.card.signature.input,
        "{}: its feature specification gives clips of {:?}, and its network takes {:?}: train it again",
        path.display(),
        spec.shape(),
        model.card.signature.input
    );
    Ok(spec)
}
