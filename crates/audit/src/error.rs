//! What can go wrong with an audit.

use segno_dataset::DatasetError;

/// Why an audit could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// More items than places can be numbered.
    #[error("found fingerprints of {tracks} tracks with 2^32 items or more, expected fewer; audit the corpus in parts")]
    TooManyItems {
        /// The tracks given.
        tracks: usize,
    },
    /// A kind that is none.
    #[error("unknown kind '{found}'; known are {known}")]
    UnknownKind {
        /// The name given.
        found: String,
        /// The names there are.
        known: String,
    },
    /// A split of tracks that the corpus has not.
    #[error("split {split}: found track '{track_id}', expected tracks of corpus {corpus} that take part; draw the split again")]
    ForeignSplit {
        /// The split's name.
        split: String,
        /// The track.
        track_id: String,
        /// The corpus.
        corpus: String,
    },
    /// The table of duplicates or of fingerprints was refused.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}
