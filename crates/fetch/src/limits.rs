//! How much an archive may unpack to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Up to here, no ratio is held against an archive.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// Limits on what an archive may unpack to: a small file can describe a huge one.
///
/// | field | default | purpose |
/// |---|---|---|
/// | `files` | 200 000 | regular files, and the folders they lie in |
/// | `bytes` | 64 GiB | of all files together |
/// | `ratio` | 100 | unpacked bytes for each of the archive's; audio hardly shrinks at all |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Regular files, and the folders they lie in: a path of a kilobyte may name hundreds.
    pub files: u64,
    /// Bytes of all files together.
    pub bytes: u64,
    /// Unpacked bytes for each of the archive's. Below a mebibyte unpacked, no ratio is held against an archive.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 200_000, bytes: 64 << 30, ratio: 100 }
    }
}

impl Limits {
    /// What `packed` bytes may unpack to.
    pub(crate) fn unpacked(&self, packed: u64) -> u64 {
        packed.saturating_mul(self.ratio).max(RATIO_FREE_BYTES)
    }
}

/// A limit that is exceeded: what there is too much of, and how much is allowed.
pub(crate) type Over = (&'static str, u64);

/// Counts files, folders and bytes on their way to the disk.
pub(crate) struct Tally<'a> {
    limits: &'a Limits,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    folders: BTreeSet<PathBuf>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, files: 0, bytes: 0, folders: BTreeSet::new() }
    }

    /// Counts a file of that many bytes and the folders in which it is the first.
    pub(crate) fn add(&mut self, inside: &Path, bytes: u64) -> Result<(), Over> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limits.bytes {
            return Err(("bytes", self.limits.bytes));
        }
        self.files += 1;
        let above = inside.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty());
        for folder in above {
            if !self.folders.insert(folder.to_owned()) {
                break;
            }
        }
        if self.files + self.folders.len() as u64 > self.limits.files {
            return Err(("files and folders", self.limits.files));
        }
        Ok(())
    }
}
