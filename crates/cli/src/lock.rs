//! One run at a time on what it writes.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::environment::host;

/// Longest note of a holder that is read.
const NOTE_BYTES: u64 = 500;

/// A lock on what a stage writes, held until it is dropped; the system gives up that of a process that ends in whatever way.
///
/// The file says who holds it. It stays, empty, when nobody does: to delete it would let two runs each lock a file of that name.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Locks `path` for this run alone; `what` is what it does, for those who find it locked.
    ///
    /// # Errors
    /// Another run has it: the message says which.
    pub fn take(path: &Path, what: &str) -> Result<Self> {
        Self::hold(path, what, File::try_lock)
    }

    /// Locks `path` for this run and others that do a share of the same work.
    ///
    /// # Errors
    /// A run that does all of it has it.
    pub fn share(path: &Path, what: &str) -> Result<Self> {
        Self::hold(path, what, File::try_lock_shared)
    }

    fn hold(path: &Path, what: &str, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<Self> {
        let folder = path.parent().expect("locks lie in a folder");
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = open.with_context(|| format!("cannot lock {}", path.display()))?;
        match lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = note(&file).filter(|note| !note.is_empty()).unwrap_or_else(|| "another run".into());
                bail!("{}: held by {holder}: wait until it has ended, or stop it", path.display());
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
        let written = file.set_len(0).and_then(|()| write!(file, "{what}, process {} on {}", std::process::id(), host()));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The note is for people; the lock is the system's, and ends with the file's last handle.
        let _ = self.file.set_len(0);
    }
}

/// What the holder wrote.
fn note(mut file: &File) -> Option<String> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(NOTE_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layout;

    #[test]
    fn the_second_is_told_who_holds_it_and_may_when_the_first_has_ended() {
        let work = tempfile::tempdir().unwrap();
        let path = Layout::new(work.path()).lock("features-abc");
        let first = Lock::take(&path, "segno extract").unwrap();
        let told = Lock::take(&path, "segno extract").unwrap_err().to_string();
        let holder = format!("held by segno extract, process {} on", std::process::id());
        assert!(told.contains("features-abc.lock") && told.contains(&holder), "{told}");
        assert!(Lock::share(&path, "segno extract --part 1/2").is_err());
        drop(first);
        Lock::take(&path, "segno extract").unwrap();
    }

    #[test]
    fn shares_go_together_and_keep_out_a_run_of_the_whole() {
        let work = tempfile::tempdir().unwrap();
        let path = Layout::new(work.path()).lock("features-abc");
        let shares = [1, 2].map(|job| Lock::share(&path, &format!("segno extract --part {job}/2")).unwrap());
        let told = Lock::take(&path, "segno extract").unwrap_err().to_string();
        assert!(told.contains("--part 2/2"), "{told}");
        drop(shares);
        Lock::take(&path, "segno extract").unwrap();
    }
}
