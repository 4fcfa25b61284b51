//! What a track and a clip are, and the Parquet tables that the stages of segno speak through.
//!
//! - [`Manifest`]: one [`Track`] a row; where a corpus is on disk and what is known of it.
//! - [`CorpusFile`] and [`index`]: a corpus as it is declared, and what of it is there.
//! - [`write_shards`], [`ShardWriter`], [`ShardSet`]: feature shards, one clip a row.
//! - [`Split`]: which clip belongs to [`Part::Train`], [`Part::Valid`] or [`Part::Test`], drawn by a [`Protocol`].
//! - [`Examples`] and [`Batches`]: a part's clips and labels, in memory or streamed from the shards.
//! - [`Duplicates`]: the pairs of tracks that an audit found to be one recording.
//! - [`Predictions`] and [`Curves`]: what evaluation and training leave behind.
//! - [`Sheet`]: a flat table for other programs, as CSV or Parquet.
//!
//! ```
//! use segno_dataset::{ClipRef, Fractions, Manifest, Part, Protocol, Split, SplitPlan, Track};
//!
//! let track = |n: usize| Track {
//!     track_id: format!("blues.{n:05}"),
//!     labels: [("genre".into(), "blues".into())].into(),
//!     ..Track::default()
//! };
//! let manifest = Manifest::new("gtzan", (0..10).map(track).collect())?;
//! let clips: Vec<ClipRef> = manifest
//!     .present()
//!     .flat_map(|track| (0..6).map(|index| ClipRef::new("gtzan", &track.track_id, index)))
//!     .collect();
//!
//! let plan = SplitPlan { protocol: Protocol::Track, seed: 1, fractions: Fractions::default(), stratify_by: "genre" };
//! let by_track = Split::draw(&plan, &manifest, &clips)?;
//! assert_eq!(by_track.part(Part::Test).count(), 2 * 6);
//! assert_eq!(by_track.shared_tracks(), 0);
//!
//! let published = Split::draw(&SplitPlan { protocol: Protocol::Published, ..plan }, &manifest, &clips)?;
//! assert!(published.shared_tracks() > 0, "it leaks, on purpose");
//! # Ok::<(), segno_dataset::DatasetError>(())
//! ```
//!
//! This crate knows neither how audio is decoded nor what a network is.

mod batches;
mod corpus;
mod curves;
mod digest;
mod duplicates;
mod error;
mod examples;
mod faults;
mod fingerprints;
mod footer;
mod manifest;
mod pages;
mod predictions;
mod selection;
mod shard;
mod sheet;
mod split;
mod table;
mod thrift;
mod track;

pub use batches::Batches;
pub use corpus::{
    Archive, CorpusFile, CorpusKind, CsvColumns, FmaConfig, FmaGenre, FmaSubset, Holds, IndexOptions, MoodCuts, index, needed_files,
};
pub use curves::{Curves, EpochRow};
pub use digest::{Digest, digest_bytes, digest_fields, digest_file};
pub use duplicates::{DuplicatePair, Duplicates};
pub use error::DatasetError;
pub use examples::{Examples, Features};
pub use fingerprints::{FingerprintRow, Fingerprints};
pub use manifest::Manifest;
pub use predictions::{Prediction, PredictionSource, Predictions};
pub use selection::{SelectedClass, Selection};
pub use shard::{Clip, Failure, Parts, Precision, ShardHeader, ShardPart, ShardSet, ShardWriter, Share, write_shards};
pub use sheet::{Cells, Sheet};
pub use split::{
    CrossFolds, CrossPlan, Fold, Folding, Fractions, LeftOutLabel, NearDuplicates, Part, Protocol, Split, SplitPlan, SplitRow,
};
pub use track::{ClipRef, Track};
