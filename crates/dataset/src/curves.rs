//! Learning curves: one row an epoch.

/// Losses and accuracies after one epoch; accuracies are fractions in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochRow {
    /// Counted from 1.
    pub epoch: u32,
    /// Mean loss over the epoch's training batches, with dropout.
    pub train_loss: f32,
    /// Accuracy over the epoch's training batches, with dropout.
    pub train_accuracy: f32,
    /// Mean loss on the validation part.
    pub valid_loss: f32,
    /// Accuracy on the validation part.
    pub valid_accuracy: f32,
}

/// The learning curves of one training run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The epoch whose parameters the model file holds (0: no epochs, e.g. a convex fit).
    pub best_epoch: u32,
    /// One row an epoch, in order.
    pub epochs: Vec<EpochRow>,
}
