//! What can go wrong between an address and a folder of files.

use std::path::PathBuf;

/// Why an archive could not be downloaded, verified or unpacked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The description of the archive cannot be right.
    #[error("archive description: {field} is '{found}', expected {expected}")]
    BadDescription {
        /// The field of [`crate::Archive`].
        field: &'static str,
        /// Its value.
        found: String,
        /// What it has to look like.
        expected: &'static str,
    },
    /// The server answered, and will not give the file.
    #[error("{url}: the server answered {status}, expected 200 or 206; check the address")]
    Status {
        /// The address asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// No connection held long enough.
    #[error(
        "{url}: the download broke off {failures} times in a row, last after {done} bytes: {source}; \
         what has arrived is kept, so run it again to go on from there"
    )]
    Broken {
        /// The address asked for.
        url: String,
        /// Failures since the last one that got anywhere.
        failures: u32,
        /// Bytes that have arrived.
        done: u64,
        /// The last failure.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The request cannot succeed however often it is repeated.
    #[error("{url}: could not be asked for: {source}")]
    Request {
        /// The address asked for.
        url: String,
        /// The HTTP client's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file has another length than described.
    #[error("{url}: the file has {found} bytes, expected {expected}; it is not the file that was described")]
    WrongSize {
        /// The address asked for.
        url: String,
        /// Bytes that the server has, or sent.
        found: u64,
        /// Bytes described.
        expected: u64,
    },
    /// The file has another checksum than described.
    #[error(
        "{url}: the file's {kind} is {found}, expected {expected}; it is not the file that was described, fetch it again or find another source"
    )]
    WrongChecksum {
        /// The address asked for.
        url: String,
        /// `md5`, `sha1` or `sha256`.
        kind: &'static str,
        /// Of the file that arrived.
        found: String,
        /// As described.
        expected: String,
    },
    /// A file or folder could not be read, written or renamed.
    #[error("{}: could not {action} it: {source}", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The archive is of another format, is cut short, or is damaged.
    #[error("{}: not a whole archive: {source}; fetch it again", path.display())]
    BadArchive {
        /// The archive.
        path: PathBuf,
        /// Where the decoder stopped.
        source: std::io::Error,
    },
    /// The archive holds something a corpus has no use for.
    #[error("{}: entry '{entry}' {fault}; nothing was unpacked, do not use this archive", path.display())]
    UnsafeEntry {
        /// The archive.
        path: PathBuf,
        /// The entry's path, as far as it can be shown.
        entry: String,
        /// What is wrong with it.
        fault: EntryFault,
    },
    /// The archive is larger, once unpacked, than allowed.
    #[error("{}: it unpacks to more than {allowed} {what}; nothing was unpacked, raise the limit if the archive is to be trusted", path.display())]
    OverLimit {
        /// The archive.
        path: PathBuf,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        allowed: u64,
    },
    /// A member of a zip differs from what the zip says of it.
    #[error("{}: member '{member}': {source}; fetch the archive again", path.display())]
    BadMember {
        /// The archive.
        path: PathBuf,
        /// The member's name.
        member: String,
        /// What is wrong with it.
        source: std::io::Error,
    },
    /// There is something already where the archive is to be unpacked.
    #[error("{}: is there already and not an empty folder; remove it, or choose another place", path.display())]
    Exists {
        /// The place.
        path: PathBuf,
    },
}

/// What is wrong with an entry of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryFault {
    /// Its path starts at the root, leads upwards, or cannot be a path on every system.
    #[error("has a path that leads out of the folder, or is none")]
    Path,
    /// It is a symbolic or hard link, a device, a pipe, or a kind unknown.
    #[error("is neither a regular file nor a folder")]
    Kind,
    /// An earlier entry has the same path.
    #[error("is there twice")]
    Twice,
    /// Its header's extensions are oversized or contradict it.
    #[error("has an extended header that is oversized or contradicts the plain one")]
    Header,
}

impl FetchError {
    /// For `map_err`: an [`Self::Io`] that attempted `action` on `path`.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
