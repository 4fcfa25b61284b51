//! Where a run stands: written after every epoch, so that a run cut off goes on to the same bits.

use std::path::Path;

use segno_dataset::{Curves, EpochRow};
use segno_models::{Ending, ModelError, NamedTensor, TensorFile, load_weights, ops::TrainBackend, weights};
use serde::{Deserialize, Serialize};

use crate::fit::State;
use crate::{Select, TrainError, TrainingConfig};

/// Epochs done and the best of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// One row an epoch.
    pub curves: Curves,
    /// The epoch, after the last row, whose loss was no number.
    pub diverged: Option<u32>,
}

impl Progress {
    /// Epochs done.
    pub fn epoch(&self) -> u32 {
        self.curves.epochs.last().map_or(0, |row| row.epoch)
    }

    /// Takes an epoch's row; whether its parameters are the model so far.
    pub fn record(&mut self, row: EpochRow, select: Select) -> bool {
        let merit = |row: &EpochRow| (row.valid_accuracy[0], -row.valid_loss);
        let best = select == Select::Last || self.curves.epochs.iter().all(|before| merit(before) < merit(&row));
        if best {
            self.curves.best_epoch = row.epoch;
        }
        self.curves.epochs.push(row);
        best
    }

    /// Why no epoch follows, if none does.
    pub fn ending(&self, config: &TrainingConfig) -> Option<Ending> {
        let waited = self.epoch() - self.curves.best_epoch;
        match self.diverged {
            Some(epoch) => Some(Ending::Diverged { epoch }),
            None if self.epoch() >= config.max_epochs => Some(Ending::Epochs),
            None => config.patience.filter(|patience| waited >= *patience).map(|_| Ending::Patience),
        }
    }
}

/// The checkpoint's document.
#[derive(Serialize, Deserialize)]
struct Document {
    /// What is being trained on what; a checkpoint of anything else is not taken up.
    identity: String,
    best_epoch: u32,
    epochs: Vec<StoredRow>,
}

#[derive(Serialize, Deserialize)]
struct StoredRow {
    epoch: u32,
    loss: [f32; 2],
    train_accuracy: Vec<f32>,
    valid_accuracy: Vec<f32>,
}

const LAST: &str = "last.";
const BEST: &str = "best.";
const AVERAGE: &str = "average.";
const OPTIMISER: &str = "optimiser";

/// Writes where a run stands, whole or not at all.
pub fn save<B: TrainBackend>(path: &Path, identity: &str, state: &State<B>) -> Result<(), TrainError> {
    let curves = &state.progress.curves;
    let epochs = curves
        .epochs
        .iter()
        .map(|row| StoredRow {
            epoch: row.epoch,
            loss: [row.train_loss, row.valid_loss],
            train_accuracy: row.train_accuracy.clone(),
            valid_accuracy: row.valid_accuracy.clone(),
        })
        .collect();
    let document = Document { identity: identity.to_owned(), best_epoch: curves.best_epoch, epochs };
    let prefixed = |prefix: &str, tensors: Vec<NamedTensor>| -> Vec<NamedTensor> {
        tensors.into_iter().map(|tensor| NamedTensor { name: format!("{prefix}{}", tensor.name), ..tensor }).collect()
    };
    let mut tensors = prefixed(LAST, weights(&state.network));
    tensors.extend(prefixed(BEST, weights(&state.best)));
    tensors.extend(prefixed(AVERAGE, state.average.clone()));
    let optimiser = state.optimiser.state().map_err(|reason| TrainError::Checkpoint { path: path.to_owned(), reason })?;
    let document = serde_json::to_string(&document).expect("a document has string keys only");
    Ok(TensorFile { document, tensors, bytes: vec![(OPTIMISER.to_owned(), optimiser)] }.write(path)?)
}

/// Takes up a run where its checkpoint left it; `fresh` as it is where there is no checkpoint, or one of another run.
pub fn resume<B: TrainBackend>(path: &Path, identity: &str, fresh: State<B>, device: &B::Device) -> Result<State<B>, TrainError> {
    if !path.exists() {
        return Ok(fresh);
    }
    let wrong = |reason: String| TrainError::Checkpoint { path: path.to_owned(), reason };
    let unreadable = |error: ModelError| match error {
        ModelError::Foreign { reason, .. } => wrong(reason),
        ModelError::Io { source, .. } => wrong(source.to_string()),
        other => wrong(other.to_string()),
    };
    let file = TensorFile::read(path).map_err(unreadable)?;
    let document: Document = serde_json::from_str(&file.document).map_err(|error| wrong(error.to_string()))?;
    if document.identity != identity {
        return Ok(fresh);
    }
    let with = |prefix: &str| -> Vec<NamedTensor> {
        let of_prefix = file.tensors.iter().filter_map(|tensor| Some((tensor, tensor.name.strip_prefix(prefix)?)));
        of_prefix.map(|(tensor, name)| NamedTensor { name: name.to_owned(), ..tensor.clone() }).collect()
    };
    let epochs = document.epochs.into_iter().map(|row| EpochRow {
        epoch: row.epoch,
        train_loss: row.loss[0],
        train_accuracy: row.train_accuracy,
        valid_loss: row.loss[1],
        valid_accuracy: row.valid_accuracy,
    });
    let optimiser = file.bytes.iter().find(|(name, _)| name == OPTIMISER).ok_or_else(|| wrong("it has no optimiser".into()))?.1.clone();
    let average = with(AVERAGE);
    if !average.is_empty() {
        load_weights(fresh.best.clone(), average.clone()).map_err(unreadable)?;
    }
    Ok(State {
        network: load_weights(fresh.network, with(LAST)).map_err(unreadable)?,
        best: load_weights(fresh.best, with(BEST)).map_err(unreadable)?,
        average,
        optimiser: fresh.optimiser.with_state(optimiser, device).map_err(wrong)?,
        progress: Progress {
            curves: Curves { tasks: fresh.progress.curves.tasks, best_epoch: document.best_epoch, epochs: epochs.collect() },
            diverged: None,
        },
    })
}
