//! Reading what lies under a name.

use std::{
    ffi::OsStr,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use crate::StoreError;

/// A file open to be read.
#[derive(Debug)]
pub(crate) struct FolderObject {
    file: File,
    path: PathBuf,
}

impl FolderObject {
    pub(super) fn new(file: File, path: PathBuf) -> Self {
        Self { file, path }
    }

    pub(crate) fn len(&self) -> Result<u64, StoreError> {
        Ok(self.file.metadata().map_err(StoreError::io(&self.path))?.len())
    }

    pub(crate) fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), StoreError> {
        let Err(error) = read_exact_at(&self.file, out, offset) else { return Ok(()) };
        let (len, end) = (self.len()?, offset.saturating_add(out.len() as u64));
        if end <= len {
            return Err(StoreError::io(&self.path)(error));
        }
        let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        Err(StoreError::Range { place: text(self.path.parent().map(Path::as_os_str)), name: text(self.path.file_name()), len, end })
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, out: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut out: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !out.is_empty() {
        let n_bytes = match std::os::windows::fs::FileExt::seek_read(file, out, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        out = &mut out[n_bytes..];
        offset += n_bytes as u64;
    }
    Ok(())
}
