//! How much an archive may unpack to.

/// Limits on what an archive may unpack to: a small file can describe a huge one.
///
/// | field | default | purpose |
/// |---|---|---|
/// | `files` | 200 000 | regular files |
/// | `bytes` | 64 GiB | of all files together |
/// | `ratio` | 100 | unpacked bytes for each of the archive's; audio hardly shrinks at all |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Regular files.
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
