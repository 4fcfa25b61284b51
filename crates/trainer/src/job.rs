//! One training job: a network by gradient steps, or a convex fit.

use std::path::Path;

use burn::module::AutodiffModule;
use segno_dataset::{Curves, Examples};
use segno_models::{ModelCard, ModelConfig, ModelFile, Normaliser, Standardise, load_weights, logistic, ops::TrainBackend};

use crate::checkpoint::{Progress, resume, save};
use crate::fit::{Event, Fit, Flow, State};
use crate::optimiser::Stepper;
use crate::{TrainError, TrainingConfig};

/// What to train on what.
pub struct Job<'a> {
    /// The model's card; its `best_epoch` is filled in.
    pub card: ModelCard,
    /// How; `None` for logistic regression, whose fit has no steps to choose.
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
    /// The model of the best epoch.
    pub model: ModelFile,
    /// Empty for a convex fit.
    pub curves: Curves,
}

/// Trains a model.
///
/// # Errors
/// [`TrainError::EmptyPart`] without clips, [`TrainError::Diverged`] when a loss is no number,
/// [`TrainError::Stopped`] when `on_event` asked for it, and what checkpoint and configuration give.
pub fn train<B: TrainBackend>(
    mut job: Job<'_>,
    device: &B::Device,
    on_event: &mut dyn FnMut(Event) -> Flow,
) -> Result<Outcome, TrainError> {
    job.card.model.check()?;
    for (part, examples) in [("train", &job.train), ("valid", &job.valid)] {
        if examples.is_empty() {
            return Err(TrainError::EmptyPart { part });
        }
    }
    let identity = serde_json::to_string(&job.card).expect("a card has string keys only");
    let normaliser = Normaliser::fit(job.standardise, &job.train.features, job.train.shape[1]);
    normaliser.apply(&mut job.train.features);
    normaliser.apply(&mut job.valid.features);
    match (&job.card.model, job.training) {
        (ModelConfig::Logistic(config), _) => {
            let classes = job.card.signature.tasks[0].classes.len();
            let fit = logistic::fit(config, &job.train.features, &job.train.labels[0], classes);
            let network = load_weights(job.card.model.init::<B::InnerBackend>(&job.card.signature, 0, device), fit.into_weights(classes))?;
            Ok(Outcome { model: ModelFile::new(job.card, normaliser, &network), curves: Curves::default() })
        }
        (_, None) => Err(TrainError::Config {
            knob: "training",
            found: "absent".into(),
            expected: "a table for every model but logistic regression",
        }),
        (_, Some(config)) => {
            config.check()?;
            let fit =
                Fit::<B> { config, loss_weights: job.loss_weights, seed: job.card.seed, train: &job.train, valid: &job.valid, device };
            let network = job.card.model.init::<B>(&job.card.signature, job.card.seed, device);
            // The tally counts the first task's answers alone.
            let curves = Curves { tasks: vec![job.card.signature.tasks[0].task.clone()], ..Curves::default() };
            let fresh = State { best: network.valid(), network, optimiser: Stepper::new(config.optimiser), progress: Progress { curves } };
            let start = match job.checkpoint {
                Some(path) => resume(path, &identity, fresh, device)?,
                None => fresh,
            };
            let mut keep = |state: &State<B>| job.checkpoint.map_or(Ok(()), |path| save(path, &identity, state));
            let end = fit.run(start, &mut keep, on_event)?;
            let curves = end.progress.curves;
            let card = ModelCard { best_epoch: curves.best_epoch, ..job.card };
            Ok(Outcome { model: ModelFile::new(card, normaliser, &end.best), curves })
        }
    }
}
