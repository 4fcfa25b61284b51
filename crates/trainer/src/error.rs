//! What can go wrong in training.

use std::path::PathBuf;

/// Why a model could not be trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A knob is outside its range.
    #[error("training configuration: {knob} is {found}, expected {expected}")]
    Config {
        /// The knob's name.
        knob: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A part of the split has no clips.
    #[error("the {part} part of the split has no clips: draw it from more tracks")]
    EmptyPart {
        /// `train` or `valid`.
        part: &'static str,
    },
    /// The loss is no number before any epoch ended; later on, the best epoch is kept and the outcome says it.
    #[error("the loss of epoch {epoch} is {loss} at the batch of {}: look at these clips, or lower the learning rate or the gradient norm", clips.join(", "))]
    Diverged {
        /// The epoch, from 1.
        epoch: u32,
        /// What it was.
        loss: f32,
        /// The clips of the batch that made it so.
        clips: Vec<String>,
    },
    /// The features cannot be read.
    #[error(transparent)]
    Data(#[from] segno_dataset::DatasetError),
    /// A model that is fitted as a whole needs all features at once.
    #[error(
        "the training part's features take {} MB, which is beyond the memory given, and a model without epochs needs them all: give more, or take a \
         model that is trained batch by batch", bytes.div_ceil(1 << 20)
    )]
    Memory {
        /// What they take in memory.
        bytes: u64,
    },
    /// The model is at fault.
    #[error(transparent)]
    Model(#[from] segno_models::ModelError),
    /// The checkpoint cannot be read.
    #[error("checkpoint {path}: {reason}; delete it to train from the start")]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The run was asked to stop; its checkpoint holds what it reached.
    #[error("stopped after epoch {epoch}: the same command goes on from there")]
    Stopped {
        /// Epochs done.
        epoch: u32,
    },
}
