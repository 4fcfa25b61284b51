//! Download, verify and unpack a corpus archive.
//!
//! The only crate of the workspace that opens a network connection.
//!
//! - [`Archive`]: an address, and what is known of the file there.
//! - [`download`]: fetches it, going on after breaks, and holds it against size and checksums.
//! - [`verify`]: the latter alone, for a file that came another way.
//! - [`unpack_tar_gz`]: unpacks it, whole or not at all, and trusts nothing in it.
//! - [`extract_members`]: takes the members named out of a zip, without unpacking the rest; [`read_member`] reads one.
//!
//! It does not know what a corpus is: which archives there are, what lies in them and where they go is its callers'.
//!
//! ```
//! use segno_fetch::{Archive, FetchError, Limits, unpack_tar_gz, verify};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let file = folder.path().join("tones.tar.gz");
//! # let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
//! # let mut header = tar::Header::new_ustar();
//! # header.set_size(5);
//! # tar.append_data(&mut header, "tones/a.wav", b"tones".as_slice()).unwrap();
//! # std::fs::write(&file, tar.into_inner().unwrap().finish().unwrap()).unwrap();
//! # let bytes = file.metadata().unwrap().len();
//! let known = Archive { url: "https://example.org/tones.tar.gz".into(), bytes: Some(bytes), md5: None, sha1: None, sha256: None };
//! verify(&known, &file)?;
//! let unpacked = unpack_tar_gz(&file, &folder.path().join("tones"), &Limits::default(), &mut |_progress| {})?;
//! assert_eq!((unpacked.files, unpacked.bytes), (1, 5));
//!
//! let other = Archive { bytes: Some(bytes + 1), ..known };
//! assert!(matches!(verify(&other, &file), Err(FetchError::WrongSize { .. })));
//! # Ok::<(), FetchError>(())
//! ```
//!
//! From its address, going on after breaks:
//!
//! ```no_run
//! # fn main() -> Result<(), segno_fetch::FetchError> {
//! use std::path::Path;
//!
//! use segno_fetch::{Archive, Limits, download, unpack_tar_gz};
//!
//! let archive = Archive {
//!     url: "https://example.org/corpora/tones.tar.gz".to_owned(),
//!     bytes: Some(1_048_576),
//!     md5: None,
//!     sha1: None,
//!     sha256: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
//! };
//! let file = download(&archive, Path::new("cache"), &mut |progress| {
//!     let _percent = progress.total.map(|total| 100 * progress.done / total.max(1));
//! })?;
//! let unpacked = unpack_tar_gz(&file, Path::new("cache/tones"), &Limits::default(), &mut |_| {})?;
//! assert!(unpacked.files > 0);
//! # Ok(())
//! # }
//! ```

mod archive;
mod checksum;
mod download;
mod entries;
mod error;
mod limits;
mod options;
mod part;
mod request;
mod unpack;
mod zip_file;

pub use archive::{Archive, Progress};
pub use checksum::verify;
pub use download::{download, download_with};
pub use error::{EntryFault, FetchError};
pub use limits::Limits;
pub use options::Options;
pub use unpack::{Unpacked, unpack_tar_gz};
pub use zip_file::{Extracted, Member, extract_members, list_members, read_member};
