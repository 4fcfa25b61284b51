//! Fit on the training part, select on the validation part, resume to the same bits.
//!
//! - [`TrainingConfig`]: the knobs of an experiment's `[training]` table.
//! - [`train`]: from [`Examples`](segno_dataset::Examples) to a [`ModelFile`](segno_models::ModelFile) and its
//!   [`Curves`](segno_dataset::Curves); the loop itself is one page, `fit.rs`.
//!
//! Order, dropout and parameters are drawn from the seed and the epoch's number alone, so that a run cut off after
//! any epoch goes on to the same bits. The crate sees features, never audio, and is never handed the test part.
//!
//! ```
//! use segno_trainer::{Optimiser, Schedule, Select, TrainingConfig};
//!
//! // Irvin et al. 2016, section 5.1: SGD, learning rate 1, batches of 128, gradients clipped at norm 5.
//! let config = TrainingConfig {
//!     optimiser: Optimiser::Sgd { learning_rate: 1.0 },
//!     batch_size: 128,
//!     max_epochs: 100,
//!     select: Select::Best,
//!     patience: Some(20),
//!     max_gradient_norm: Some(5.0),
//!     l2: None,
//!     schedule: Schedule::Constant,
//!     label_smoothing: None,
//!     augment: None,
//! };
//! config.check().unwrap();
//! ```

mod augment;
mod batch;
mod checkpoint;
mod clip;
mod config;
mod error;
mod evaluate;
mod fit;
mod halt;
mod job;
mod optimiser;

pub use augment::{Augment, Masks};
pub use config::{Optimiser, Schedule, Select, TrainingConfig};
pub use error::TrainError;
pub use fit::{Event, Flow};
pub use job::{Job, Outcome, train};

/// Bumped whenever the same job gives another model: initialisation, forward passes, losses, the loop, optimisers.
///
/// It lies in every model file and checkpoint, so that what older code trained is not taken for what this code would.
pub const TRAINER_VERSION: &str = "2";
