//! The manifest: one row a track.

use crate::Track;

/// Every track of a corpus, those left out included, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The corpus's name, e.g. `gtzan`.
    pub corpus: String,
    /// The tracks, sorted by `track_id`.
    pub tracks: Vec<Track>,
}
