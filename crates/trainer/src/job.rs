//! One training job: a network by gradient steps, or a model fitted as a whole.

use std::path::Path;

use burn::module::AutodiffModule;
use segno_dataset::{Curves, DatasetError, Examples, Features};
use segno_models::{
    Ending, Made, ModelCard, ModelError, ModelFile, Normaliser, Standardise,
    classical::{self, Task},
    ops::TrainBackend,
};

use crate::batch::Source;
use crate::checkpoint::{Progress, resume, save};
use crate::config::require;
use crate::fit::{Event, Fit, Flow, State};
use crate::optimiser::Stepper;
use crate::{TRAINER_VERSION, TrainError, TrainingConfig};

/// Statistics of features are taken over so many clips at a time.
const CLIPS_A_PIECE: usize = 64;

/// What to train on what.
pub struct Job<'a> {
    /// The model's card; its `best_epoch` is filled in.
    pub card: ModelCard,
    /// How; `None` for a model without epochs, whose fit has no steps to choose.
    pub training: Option<&'a TrainingConfig>,
    /// Weight of each task's loss, in the order of the card's tasks.
    pub loss_weights: &'a [f64],
    /// How features are standardised, with statistics of `train` alone.
    pub standardise: Standardise,
    /// Fitted on.
    pub train: Examples,
    /// Selected on.
    pub valid: Examples,
    /// Written after every epoch, and taken up if it is there and of this very job.
    pub checkpoint: Option<&'a Path>,
}

/// A trained model and how it got there.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The model of the epoch that was selected; its `made` says how training ended: show it where
    /// [`Ending::is_cause_for_warning`](segno_models::Ending::is_cause_for_warning).
    pub model: ModelFile,
    /// Empty for a model without epochs.
    pub curves: Curves,
}

/// Trains a model.
///
/// # Errors
/// [`TrainError::EmptyPart`] without clips, [`TrainError::Memory`] when a model without epochs is to be fitted on features
/// that are not in memory, [`TrainError::Diverged`] when the first epoch's loss is no number,
/// [`TrainError::Stopped`] when `on_event` asked for it, and what checkpoint and configuration give.
pub fn train<B: TrainBackend>(job: Job<'_>, device: &B::Device, on_event: &mut dyn FnMut(Event) -> Flow) -> Result<Outcome, TrainError> {
    job.check()?;
    let identity = job.identity();
    let order: Vec<usize> = (0..job.train.len()).collect();
    let normaliser = Normaliser::fit::<DatasetError>(job.standardise, job.train.shape[1], |piece| {
        job.train.batches(&order, CLIPS_A_PIECE).try_for_each(|batch| {
            piece(&batch?.1);
            Ok(())
        })
    })?;
    if !job.card.model.has_epochs() {
        return fit_as_a_whole::<B>(job, normaliser, device);
    }
    match job.training {
        None => Err(TrainError::Config { knob: "training", found: "absent".into(), expected: "a table for a model that has epochs" }),
        Some(config) => {
            config.check()?;
            let [train, valid] = [&job.train, &job.valid].map(|examples| Source { examples, normaliser: &normaliser });
            let fit = Fit::<B> { config, loss_weights: job.loss_weights, seed: job.card.seed, train, valid, device };
            let network = job.card.model.init::<B>(&job.card.signature, job.card.seed, device);
            if let Some(l2) = config.l2 {
                require("l2", l2, !network.dense_weights().is_empty(), "absent for a network without dense layers before its heads")?;
            }
            let tasks = job.card.signature.tasks.iter().map(|task| task.task.clone()).collect();
            let progress = Progress { curves: Curves { tasks, ..Curves::default() }, diverged: None };
            let fresh = State { best: network.valid(), network, average: vec![], optimiser: Stepper::new(config.optimiser), progress };
            let start = match job.checkpoint {
                Some(path) => resume(path, &identity, fresh, device)?,
                None => fresh,
            };
            let mut keep = |state: &State<B>| job.checkpoint.map_or(Ok(()), |path| save(path, &identity, state));
            let end = fit.run(start, &mut keep, on_event)?;
            let ending = end.progress.ending(config).expect("the loop goes on until there is one");
            let curves = end.progress.curves;
            let card = ModelCard { best_epoch: curves.best_epoch, ..job.card };
            Ok(Outcome { model: ModelFile::new(card, made(ending), normaliser, &end.best), curves })
        }
    }
}

/// A model without epochs: all features at once.
fn fit_as_a_whole<B: TrainBackend>(mut job: Job<'_>, normaliser: Normaliser, device: &B::Device) -> Result<Outcome, TrainError> {
    let bytes = job.train.feature_bytes();
    let Features::Held(mut features) = std::mem::replace(&mut job.train.features, Features::Held(vec![])) else {
        return Err(TrainError::Memory { bytes });
    };
    normaliser.apply(&mut features);
    let fitted = classical::fit(&job.card.model, &features, &job.tasks()).expect("a model without epochs");
    let ending = fitted.ending();
    let network = job.card.model.load::<B::InnerBackend>(&job.card.signature, fitted.weights, device)?;
    Ok(Outcome { model: ModelFile::new(job.card, made(ending), normaliser, &network), curves: Curves::default() })
}

fn made(ending: Ending) -> Made {
    Made { trainer_version: TRAINER_VERSION.to_owned(), ending }
}

impl Job<'_> {
    fn check(&self) -> Result<(), TrainError> {
        self.card.model.check()?;
        self.standardise.check()?;
        let (weights, tasks) = (self.loss_weights, self.card.signature.tasks.len());
        let sound = weights.len() == tasks && weights.iter().all(|weight| *weight > 0.0 && weight.is_finite());
        require("loss_weights", format!("{weights:?}"), tasks > 0 && sound, "a number above 0 for each of the card's tasks")?;
        for (part, examples) in [("train", &self.train), ("valid", &self.valid)] {
            if examples.is_empty() {
                return Err(TrainError::EmptyPart { part });
            }
            if examples.shape != self.card.signature.input {
                return Err(ModelError::Shape { found: examples.shape, expected: self.card.signature.input }.into());
            }
            require("labels", examples.labels.len(), examples.labels.len() == tasks, "labels of each of the card's tasks")?;
        }
        Ok(())
    }

    fn tasks(&self) -> Vec<Task<'_>> {
        let tasks = self.train.labels.iter().zip(&self.card.signature.tasks);
        tasks.map(|(labels, task)| Task { labels, classes: task.classes.len() }).collect()
    }

    /// All that decides what comes out, as text.
    fn identity(&self) -> String {
        serde_json::to_string(&(TRAINER_VERSION, &self.card, self.training, self.loss_weights, self.standardise))
            .expect("a card has string keys only")
    }
}
