//! What can go wrong with a configuration or a model file.

use std::path::PathBuf;

/// Why a model could not be configured, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A knob is outside its range.
    #[error("model configuration: {knob} is {found}, expected {expected}")]
    Config {
        /// The knob's name.
        knob: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The model file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is no model file of ours.
    #[error("{path}: not a segno model file: {reason}; take another file, or write it anew")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It is a model file of ours, of another kind.
    #[error("{path}: {found}, expected {expected}")]
    Kind {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: &'static str,
        /// What is wanted.
        expected: &'static str,
    },
    /// A tensor is missing, has another shape, or is left over.
    #[error("tensor {name}: found {found}, expected {expected}")]
    Tensor {
        /// The tensor's name.
        name: String,
        /// Its shape in the file, or `none`.
        found: String,
        /// The network's shape, or `none`.
        expected: String,
    },
    /// Features of another size than the network takes.
    #[error("features of shape {found:?} do not fit a network for {expected:?}: extract them with the model's feature specification")]
    Shape {
        /// [frames, bins] given.
        found: [usize; 2],
        /// [frames, bins] of the network.
        expected: [usize; 2],
    },
}
