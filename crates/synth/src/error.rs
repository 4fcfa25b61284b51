//! What can go wrong in rendering a corpus.

use std::path::PathBuf;

/// Why a synthetic corpus could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// A field of the specification is out of its range.
    #[error("synthetic corpus: {field} is {found}, expected {expected}")]
    BadSpec {
        /// The field of [`crate::SynthSpec`].
        field: &'static str,
        /// Its value.
        found: String,
        /// The range it has to lie in.
        expected: &'static str,
    },
    /// The folder holds files that no earlier rendering left there.
    #[error(
        "{}: is there already, but the folder has no {stamp} from an earlier rendering; \
         choose an empty folder, or move this away",
        path.display()
    )]
    Foreign {
        /// What is in the way.
        path: PathBuf,
        /// The name of the file that would tell.
        stamp: &'static str,
    },
    /// A file or folder could not be read, written or removed.
    #[error("{}: could not {action} it: {source}", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// An encoder refused the samples.
    #[error("{}: could not encode it: {reason}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// The encoder's own words.
        reason: String,
    },
}

impl SynthError {
    /// For `map_err`: an [`Self::Io`] that attempted `action` on `path`.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
