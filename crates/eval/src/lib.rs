//! Predict, score and report: every number from stored predictions.

mod error;
pub mod metrics;
pub mod stats;

pub use error::EvalError;
