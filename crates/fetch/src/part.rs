//! The part of a file that has arrived, and what a server said of the file it belongs to.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::FetchError;

/// `<name>.part`, and beside it `<name>.part.of`: the address, and the server's mark of that very version of the file.
pub(crate) struct Part {
    path: PathBuf,
    note: PathBuf,
}

impl Part {
    pub(crate) fn of(file: &Path) -> Self {
        let with = |suffix: &str| {
            let mut name = file.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        Self { path: with(".part"), note: with(".part.of") }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes that have arrived.
    pub(crate) fn len(&self) -> Result<u64, FetchError> {
        match fs::metadata(&self.path) {
            Ok(meta) => Ok(meta.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(FetchError::io("read", &self.path)(error)),
        }
    }

    /// The server's mark of the version that the part belongs to, if it came from `url`.
    ///
    /// `None`: the part is of another address, or nothing is known of it. `Some("")`: of this address, unmarked.
    pub(crate) fn mark(&self, url: &str) -> Option<String> {
        let note = fs::read_to_string(&self.note).ok()?;
        let (of, mark) = note.split_once('\n')?;
        (of == url).then(|| mark.trim_end().to_owned())
    }

    /// Begins anew with a version marked `mark`; what had arrived is gone.
    pub(crate) fn create(&self, url: &str, mark: &str) -> Result<File, FetchError> {
        // First the note goes, then the bytes: a note never stands beside bytes of another version.
        self.discard()?;
        let file = File::create(&self.path).map_err(FetchError::io("create", &self.path))?;
        fs::write(&self.note, format!("{url}\n{mark}\n")).map_err(FetchError::io("write", &self.note))?;
        Ok(file)
    }

    /// Opens what has arrived, to write on at its end.
    pub(crate) fn append(&self) -> Result<File, FetchError> {
        OpenOptions::new().append(true).open(&self.path).map_err(FetchError::io("open", &self.path))
    }

    /// Removes both files.
    pub(crate) fn discard(&self) -> Result<(), FetchError> {
        for path in [&self.note, &self.path] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(FetchError::io("remove", path)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The part is whole: it becomes `file`.
    pub(crate) fn finish(&self, file: &Path) -> Result<(), FetchError> {
        let whole = OpenOptions::new().write(true).open(&self.path).map_err(FetchError::io("open", &self.path))?;
        whole.sync_all().map_err(FetchError::io("write", &self.path))?;
        fs::rename(&self.path, file).map_err(FetchError::io("rename", &self.path))?;
        self.discard()
    }
}
