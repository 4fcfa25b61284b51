//! What can go wrong between a file and its new tag. Whatever it is, the file is as it was.

use std::{io, path::PathBuf};

/// Why a tag was not read or written. Each variant names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// The file could not be read, or the new one could not be written beside it.
    #[error("{}: {what}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done.
        what: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
    /// The tag or its container contradicts itself.
    #[error("{}: its tag is left alone, for {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// No tag is written into such a file.
    #[error("{}: tags are not written into {what}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// The file is not to be written.
    #[error("{}: {why}", path.display())]
    Protected {
        /// The file.
        path: PathBuf,
        /// What protects it.
        why: &'static str,
    },
    /// A field cannot have the value.
    #[error("{}: {field} cannot be {value:?}: expected text without a null character", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The field.
        field: String,
        /// What it was to be.
        value: String,
    },
    /// Somebody else wrote the field or the file in the meantime.
    #[error("{}: {what} was changed by another program since: left as it is", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// What was.
        what: String,
    },
    /// What was written reads back otherwise than it was meant.
    #[error("{}: the new tag would change {what}: left as it is", path.display())]
    NotKept {
        /// The file.
        path: PathBuf,
        /// What would not be kept.
        what: String,
    },
    /// The audio of the new file is not that of the old one.
    #[error("{}: with its new tag the file would not sound the same ({reason}): left as it is", path.display())]
    Audio {
        /// The file.
        path: PathBuf,
        /// How they differ, or why they could not be compared.
        reason: String,
    },
    /// An undo file cannot be read.
    #[error("{}: line {line} is no record of a tag: {source}", path.display())]
    Record {
        /// The undo file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// An undo file is there already.
    #[error("{}: an undo file is there already: take another name", path.display())]
    UndoThere {
        /// The undo file.
        path: PathBuf,
    },
    /// What was to be undone is no undo file.
    #[error("{}: no undo file of segno's, or one of a later version", path.display())]
    NoUndo {
        /// The file.
        path: PathBuf,
    },
}

/// What a part of the crate that does not know the file's name has to say.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(io::Error),
    Malformed(String),
    Unsupported(String),
}

impl Fault {
    /// With the file's name.
    pub fn of(self, path: PathBuf) -> TagError {
        match self {
            Self::Io(source) => TagError::Io { path, what: "cannot be read or copied", source },
            Self::Malformed(reason) => TagError::Malformed { path, reason },
            Self::Unsupported(what) => TagError::Unsupported { path, what },
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A [`Fault::Malformed`].
pub(crate) fn malformed<T>(reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Malformed(reason.into()))
}
