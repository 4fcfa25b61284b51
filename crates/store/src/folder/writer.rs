//! Writing what is to lie under a name.

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
};

use crate::StoreError;

/// A file being written under a temporary name.
#[derive(Debug)]
pub(crate) struct FolderWriter {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    committed: bool,
}

impl FolderWriter {
    pub(super) fn new(temporary: PathBuf, path: PathBuf) -> Result<Self, StoreError> {
        let file = File::create_new(&temporary).map_err(StoreError::io(&temporary))?;
        Ok(Self { file, temporary, path, committed: false })
    }

    /// Flushes the file to the disk and gives it its name.
    pub(crate) fn commit(mut self) -> Result<(), StoreError> {
        self.file.sync_all().map_err(StoreError::io(&self.temporary))?;
        fs::rename(&self.temporary, &self.path).map_err(StoreError::io(&self.path))?;
        self.committed = true;
        Ok(())
    }
}

impl io::Write for FolderWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for FolderWriter {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing more can be done about it here; a later run clears it away.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}
