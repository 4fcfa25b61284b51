//! What a track and a clip are, and the Parquet tables that the stages of segno speak through.
//!
//! - [`Manifest`]: one [`Track`] a row; where a corpus is on disk and what is known of it.
//! - [`ShardSet`], [`ShardWriter`]: feature shards, one clip a row.
//! - [`Split`]: which clip belongs to [`Part::Train`], [`Part::Valid`] or [`Part::Test`], drawn by a [`Protocol`].
//! - [`Predictions`] and [`Curves`]: what evaluation and training leave behind.
//!
//! This crate knows neither how audio is decoded nor what a network is.

mod curves;
mod digest;
mod error;
mod manifest;
mod predictions;
mod split;
mod track;

pub use curves::{Curves, EpochRow};
pub use digest::{Digest, digest_bytes, digest_file};
pub use error::DatasetError;
pub use manifest::Manifest;
pub use predictions::{Prediction, PredictionSource, Predictions};
pub use split::{Part, Protocol, Split, SplitRow};
pub use track::{ClipRef, Track};
