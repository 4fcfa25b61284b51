//! Scores, intervals and reports, every number of them computed from stored predictions.
//!
//! - [`metrics`]: accuracy, precision, recall, F1, the confusion matrix, log loss and calibration of one set of predictions, a
//!   clip or a track at a time, a track by the mean of its probabilities or by majority vote.
//! - [`stats`]: mean, spread and interval over seeds; the bootstrap over tracks; the leak of one protocol beside another;
//!   two models on the same clips, with McNemar's test.
//! - [`predict`]: a model over the test part.
//! - [`embedding`]: features laid out in the plane.
//! - [`explain`]: what an answer hangs on, and whether it does.
//! - [`compare`]: two rows on the same test parts.
//! - [`report`]: from predictions and facts to `report.json`, `report.html`, `report.md` and a table for the terminal.
//!
//! What is undefined (the recall of a class that the test part lacks, the spread of a single seed) is `None`, and shown
//! as a dash with its reason; it is never 0 or ½.
//!
//! ```
//! use segno_dataset::Prediction;
//! use segno_eval::{
//!     metrics::{Level, Metrics},
//!     stats::Summary,
//! };
//!
//! let clip = |index: usize, probabilities: [f32; 2]| Prediction {
//!     clip_id: format!("gtzan:blues.00000#{index}"),
//!     track_id: "blues.00000".into(),
//!     task: "genre".into(),
//!     true_label: "blues".into(),
//!     probabilities: probabilities.into(),
//! };
//! let clips = [clip(0, [0.9, 0.1]), clip(1, [0.4, 0.6])];
//! let rows: Vec<&Prediction> = clips.iter().collect();
//! let classes = ["blues".to_owned(), "jazz".to_owned()];
//!
//! let by_clip = Metrics::of(Level::Clip, &classes, &rows)?;
//! let by_track = Metrics::of(Level::Track, &classes, &rows)?;
//! assert_eq!((by_clip.accuracy, by_track.accuracy), (Some(0.5), Some(1.0)));
//! assert_eq!(by_clip.classes[1].recall, None, "there is no jazz to recall");
//!
//! let over_seeds = Summary::of(&[0.50, 0.54, 0.52]);
//! assert!(over_seeds.interval.is_some_and(|ends| ends.contains(0.48)));
//! # Ok::<(), segno_eval::EvalError>(())
//! ```
//!
//! This crate knows nothing of audio or features: what it is not told in predictions or facts, it cannot report.

pub mod compare;
pub mod embedding;
mod error;
pub mod explain;
pub mod metrics;
mod predict;
pub mod report;
pub mod stats;

pub use error::EvalError;
pub use predict::{Answerer, predict};
