//! A file is whole or it is not there: written under a temporary name beside its place, then renamed.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use crate::DatasetError;

/// What temporary names end in; a run that was killed can leave one behind.
pub(crate) const TEMPORARY_SUFFIX: &str = ".tmp";

/// A file being written. Dropped without [`AtomicFile::commit`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    path: PathBuf,
    temporary: PathBuf,
    committed: bool,
}

impl AtomicFile {
    /// Opens the temporary file, making the folder if need be.
    pub(crate) fn create(path: &Path) -> Result<(Self, File), DatasetError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(DatasetError::io(folder))?;
        }
        // The process id keeps two programs that write the same file from mixing their bytes.
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}{TEMPORARY_SUFFIX}", std::process::id()));
        let temporary = path.with_file_name(name);
        let file = File::create(&temporary).map_err(DatasetError::io(&temporary))?;
        let this = Self { path: path.to_owned(), temporary, committed: false };
        Ok((this, file))
    }

    /// Flushes `file` to the disk and gives it its name.
    pub(crate) fn commit(mut self, file: &File) -> Result<(), DatasetError> {
        file.sync_all().map_err(DatasetError::io(&self.temporary))?;
        fs::rename(&self.temporary, &self.path).map_err(DatasetError::io(&self.path))?;
        self.committed = true;
        Ok(())
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing more can be done about it here; the next run clears it away.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}
