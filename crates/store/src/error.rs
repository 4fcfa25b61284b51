//! What can go wrong with a place.

use std::{io, path::Path, path::PathBuf};

/// What a server or a system gave as its reason.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why named bytes could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A location that names no place.
    #[error("location '{location}': found {found}, expected {expected}")]
    Location {
        /// What was given.
        location: String,
        /// What is wrong with it.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A name that is not one on every kind of place.
    #[error("{place}: found the name '{name}', expected {expected}")]
    Name {
        /// The store.
        place: String,
        /// The name given.
        name: String,
        /// What it must be.
        expected: &'static str,
    },
    /// Nothing lies under the name.
    #[error("{place}: nothing is there under the name '{name}'")]
    Missing {
        /// The store.
        place: String,
        /// The name.
        name: String,
    },
    /// A range that ends behind the object's end.
    #[error("{place}: '{name}': found {len} bytes, expected {end} or more; is the object whole?")]
    Range {
        /// The store.
        place: String,
        /// The object.
        name: String,
        /// Its bytes.
        len: u64,
        /// Where the range ends, in bytes.
        end: u64,
    },
    /// Other bytes have been given the name since the object was opened.
    #[error("{place}: '{name}' was replaced while it was being read; open it again")]
    Replaced {
        /// The store.
        place: String,
        /// The object.
        name: String,
    },
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The bucket does not exist.
    #[error("{place}: the server knows no such bucket; make it, or check the name and AWS_ENDPOINT_URL")]
    NoBucket {
        /// The store.
        place: String,
    },
    /// The server does not let this user in.
    #[error("{place}: access denied: {source}; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do")]
    Denied {
        /// The store, with the name if there is one.
        place: String,
        /// The server's reason.
        source: Cause,
    },
    /// No server answers.
    #[error("{place}: no server answers: {source}; check AWS_ENDPOINT_URL and the network")]
    Unreachable {
        /// The store, with the name if there is one.
        place: String,
        /// What was tried.
        source: Cause,
    },
    /// Anything else that a place behind `object_store` gave as its reason.
    #[error("{place}: {source}")]
    Remote {
        /// The store, with the name if there is one.
        place: String,
        /// The reason.
        source: Cause,
    },
}

impl StoreError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
