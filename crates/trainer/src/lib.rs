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
//! use burn::backend::{Autodiff, Flex};
//! use segno_dataset::{ClipRef, Examples, Features};
//! use segno_models::{Activation, MlpConfig, ModelCard, ModelConfig, Signature, Standardise, TaskClasses};
//! use segno_trainer::{Flow, Job, Optimiser, Schedule, Select, TrainingConfig, train};
//!
//! // Clips of two frames by three bins: quiet ones and loud ones.
//! let examples = |n: usize| Examples {
//!     clips: (0..n).map(|clip| ClipRef::new("toy", &format!("track-{clip}"), 0)).collect(),
//!     shape: [2, 3],
//!     features: Features::Held((0..6 * n).map(|i| (i / 6 % 2) as f32 + (i % 5) as f32 / 10.0).collect()),
//!     labels: vec![(0..n).map(|clip| clip % 2).collect()],
//! };
//! let loudness = TaskClasses { task: "loudness".into(), classes: vec!["quiet".into(), "loud".into()] };
//! let card = ModelCard {
//!     schema: 1,
//!     experiment: "toy".into(),
//!     model: ModelConfig::Mlp(MlpConfig { hidden: vec![4], activation: Activation::Relu, dropout: 0.0 }),
//!     signature: Signature { input: [2, 3], tasks: vec![loudness] },
//!     features: serde_json::Value::Null,
//!     extractor_version: "1".into(),
//!     training: serde_json::Value::Null,
//!     protocol: "track".into(),
//!     seed: 1,
//!     best_epoch: 0,
//!     shards_digest: "none".into(),
//!     split_digest: "none".into(),
//! };
//! let config = TrainingConfig {
//!     optimiser: Optimiser::Sgd { learning_rate: 0.5 },
//!     batch_size: 8,
//!     max_epochs: 20,
//!     select: Select::Best,
//!     patience: Some(20),
//!     max_gradient_norm: Some(5.0),
//!     l2: None,
//!     schedule: Schedule::Constant,
//!     label_smoothing: None,
//!     average: None,
//!     augment: None,
//! };
//! let job = Job {
//!     card,
//!     training: Some(&config),
//!     loss_weights: &[1.0],
//!     standardise: Standardise::PerBin,
//!     train: examples(32),
//!     valid: examples(8),
//!     checkpoint: None,
//! };
//! let outcome = train::<Autodiff<Flex>>(job, &Default::default(), &mut |_event| Flow::Continue)?;
//! let best = &outcome.curves.epochs[outcome.curves.best_epoch as usize - 1];
//! assert_eq!(best.valid_accuracy, [1.0]);
//! # Ok::<(), segno_trainer::TrainError>(())
//! ```

mod augment;
mod average;
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

pub use augment::{Augment, Filter, Masks};
pub use config::{Optimiser, Schedule, Select, TrainingConfig};
pub use error::TrainError;
pub use fit::{Event, Flow};
pub use job::{Job, Outcome, train};

/// Bumped whenever the same job gives another model: initialisation, forward passes, losses, the loop, optimisers.
///
/// It lies in every model file and checkpoint, so that what older code trained is not taken for what this code would.
pub const TRAINER_VERSION: &str = "2";
