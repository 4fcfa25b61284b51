//! Which clip is trained on, selected on, tested on: a table of its own.

use crate::Digest;

/// A side of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Fitted on.
    Train,
    /// Selected on (early stopping).
    Valid,
    /// Opened once, by `predict-set`.
    Test,
}

/// How a split is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// As the paper drew it: clips at random, whatever track they come from. It leaks, on purpose.
    Published,
    /// No track (nor its byte-identical copy) on two sides; stratified by genre.
    Track,
    /// The corpus's own public split (GTZAN: 443/197/290 tracks, faulty ones left out).
    FaultFiltered,
}

/// One row of a split table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitRow {
    /// The clip.
    pub clip_id: String,
    /// The track it was cut from.
    pub track_id: String,
    /// Its side.
    pub part: Part,
}

/// A drawn split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// How it was drawn.
    pub protocol: Protocol,
    /// The seed of the draw (the fault-filtered split is the same for each).
    pub seed: u64,
    /// The corpus's name.
    pub corpus: String,
    /// Digest of the manifest it was drawn from.
    pub corpus_digest: Digest,
    /// One row a clip, in the order of the clips' names.
    pub rows: Vec<SplitRow>,
}
