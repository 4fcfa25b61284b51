//! A folder of the file system.

mod object;
mod writer;

pub(crate) use object::FolderObject;
pub(crate) use writer::FolderWriter;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::{StoreError, name};

/// A temporary file that nobody wrote to for so long has no writer any more.
///
/// Neither the number of a process nor a lock says so for a folder that machines share: numbers are those of one machine,
/// and whether locks reach the others depends on how the file system was mounted. A part is written within minutes.
const LEFT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    pub(crate) fn below(&self, name: &str) -> Self {
        Self { path: self.path.join(name) }
    }

    pub(crate) fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.entries()?;
        names.retain(|name| !name::is_temporary(name));
        Ok(names)
    }

    /// The names of all that is no folder.
    fn entries(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            entries => entries.map_err(StoreError::io(&self.path))?,
        };
        for entry in entries {
            let entry = entry.map_err(StoreError::io(&self.path))?;
            if entry.file_type().map_err(StoreError::io(&entry.path()))?.is_dir() {
                continue;
            }
            names.push(entry.file_name().into_string().map_err(|name| StoreError::Name {
                place: self.path.display().to_string(),
                name: name.to_string_lossy().into_owned(),
                expected: "unicode; rename the file",
            })?);
        }
        Ok(names)
    }

    pub(crate) fn open(&self, name: &str) -> Result<FolderObject, StoreError> {
        let path = self.path.join(name);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::Missing { place: self.path.display().to_string(), name: name.into() });
            }
            file => file.map_err(StoreError::io(&path))?,
        };
        Ok(FolderObject::new(file, path))
    }

    pub(crate) fn create(&self, name: &str) -> Result<FolderWriter, StoreError> {
        fs::create_dir_all(&self.path).map_err(StoreError::io(&self.path))?;
        FolderWriter::new(self.path.join(name::temporary(name)), self.path.join(name))
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(StoreError::io(&path)),
        }
    }

    pub(crate) fn clear_leftovers(&self) -> Result<(), StoreError> {
        let now = SystemTime::now();
        for name in self.entries()?.iter().filter(|name| name::is_temporary(name)) {
            let path = self.path.join(name);
            let written = match fs::metadata(&path).and_then(|metadata| metadata.modified()) {
                // Its writer has just given it its name.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                written => written.map_err(StoreError::io(&path))?,
            };
            // Written in the future is written just now, by a clock that goes ahead.
            if now.duration_since(written).is_ok_and(|age| age > LEFT_FOR) {
                self.remove(name)?;
            }
        }
        Ok(())
    }
}
