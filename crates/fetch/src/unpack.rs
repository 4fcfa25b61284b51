//! From an archive to a folder, whole or not at all.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use crate::entries::{Pending, Step, Trouble, step};
use crate::error::EntryFault;
use crate::limits::{Over, Tally};
use crate::{FetchError, Limits, Progress};

/// What was unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpacked {
    /// Regular files written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Unpacks the gzipped tar `archive` into the folder `dest`, which must be missing or empty.
///
/// Everything goes to a hidden folder beside `dest` and is renamed once whole: after an error or a crash, `dest` is as
/// it was. Regular files alone are written, with the permissions of new files; folders follow from their paths. Names
/// that begin with `._` (the shadows that Apple's tar adds) are skipped. `on_progress` counts the archive's own bytes.
///
/// # Errors
///
/// [`FetchError::UnsafeEntry`] at the first absolute or upward path, link, device or repeated path;
/// [`FetchError::OverLimit`] at the first byte or file over `limits`; [`FetchError::BadArchive`] where the archive is cut
/// short or damaged; [`FetchError::Exists`] where `dest` holds anything; [`FetchError::Io`] where the disk fails.
pub fn unpack_tar_gz(archive: &Path, dest: &Path, limits: &Limits, on_progress: &mut dyn FnMut(Progress)) -> Result<Unpacked, FetchError> {
    refuse_occupied(dest)?;
    let file = File::open(archive).map_err(FetchError::io("open", archive))?;
    let archive_bytes = file.metadata().map_err(FetchError::io("read", archive))?.len();
    let packed = Counted::new(file);
    let packed_count = packed.count.clone();
    let unpacked = Counted { limit: Some(limits.unpacked(archive_bytes)), ..Counted::new(MultiGzDecoder::new(BufReader::new(packed))) };

    let staging = Staging::new(dest)?;
    let mut unpacking = Unpacking { archive, limits, folder: &staging.path, tally: Tally::new(limits) };
    let mut tar = tar::Archive::new(unpacked);
    let mut pending = Pending::default();
    let entries = tar.entries().map_err(|error| unpacking.bad(error))?;
    for entry in entries.raw(true) {
        let mut entry = entry.map_err(|error| unpacking.bad(error))?;
        unpacking.entry(&mut entry, &mut pending)?;
        on_progress(Progress { done: packed_count.get(), total: Some(archive_bytes) });
    }
    // The decoder checks its checksum at the very end: a file cut off behind the last entry shows there.
    let mut rest = tar.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(|error| unpacking.bad(error))?;
    on_progress(Progress { done: archive_bytes, total: Some(archive_bytes) });

    let done = Unpacked { files: unpacking.tally.files, bytes: unpacking.tally.bytes };
    staging.settle(dest)?;
    Ok(done)
}

/// The state of one unpacking.
struct Unpacking<'a> {
    archive: &'a Path,
    limits: &'a Limits,
    folder: &'a Path,
    tally: Tally<'a>,
}

impl Unpacking<'_> {
    fn entry(&mut self, entry: &mut tar::Entry<'_, impl Read>, pending: &mut Pending) -> Result<(), FetchError> {
        let inside = match step(entry, pending) {
            Ok(Step::File(inside)) => inside,
            Ok(Step::Pass) => return Ok(()),
            Err(Trouble::Fault { entry, fault }) => return Err(self.unsafe_entry(entry, fault)),
            Err(Trouble::Read(error)) => return Err(self.bad(error)),
        };
        if inside.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"._")) {
            return Ok(());
        }
        self.tally.add(&inside, entry.size()).map_err(|over| self.over(over))?;

        let path = self.folder.join(&inside);
        let folder = path.parent().unwrap_or(self.folder);
        fs::create_dir_all(folder).map_err(FetchError::io("create", folder))?;
        // New or not at all: an entry never writes over, or through, an earlier one. Two names may be one file to the
        // disk, so it is the disk that is asked.
        let mut file = match File::create_new(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(self.unsafe_entry(inside.display().to_string(), EntryFault::Twice));
            }
            Err(error) => return Err(FetchError::io("create", path)(error)),
        };
        let mut buffer = vec![0; 1 << 16];
        let mut copied = 0;
        loop {
            let n = match entry.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.bad(error)),
            };
            io::Write::write_all(&mut file, &buffer[..n]).map_err(FetchError::io("write", &path))?;
            copied += n as u64;
        }
        if copied != entry.size() {
            let reason = format!("{} ends after {copied} of {} bytes", inside.display(), entry.size());
            return Err(self.bad(io::Error::new(ErrorKind::UnexpectedEof, reason)));
        }
        Ok(())
    }

    /// A failure of reading: the archive's fault, or that of its size.
    fn bad(&self, error: io::Error) -> FetchError {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<TooLarge>()) {
            Some(_) => self.over(("times its own size", self.limits.ratio)),
            None => FetchError::BadArchive { path: self.archive.to_owned(), source: error },
        }
    }

    fn over(&self, (what, allowed): Over) -> FetchError {
        FetchError::OverLimit { path: self.archive.to_owned(), what, allowed }
    }

    fn unsafe_entry(&self, entry: String, fault: EntryFault) -> FetchError {
        FetchError::UnsafeEntry { path: self.archive.to_owned(), entry, fault }
    }
}

/// More came out of the decoder than the ratio allows.
#[derive(Debug, thiserror::Error)]
#[error("unpacks to more than allowed")]
struct TooLarge;

/// Counts what is read through it, up to a limit.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
    limit: Option<u64>,
}

impl<R> Counted<R> {
    fn new(inner: R) -> Self {
        Self { inner, count: Rc::default(), limit: None }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.set(self.count.get() + n as u64);
        match self.limit {
            Some(limit) if self.count.get() > limit => Err(io::Error::other(TooLarge)),
            _ => Ok(n),
        }
    }
}

/// The hidden folder that becomes the destination, or goes away.
struct Staging {
    path: PathBuf,
}

impl Staging {
    fn new(dest: &Path) -> Result<Self, FetchError> {
        let parent = match dest.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let name = dest.file_name().unwrap_or_default().to_string_lossy();
        let path = parent.join(format!(".{name}.unpacking"));
        fs::create_dir_all(parent).map_err(FetchError::io("create", parent))?;
        // What a crash left behind.
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(FetchError::io("remove", path)(error)),
            _ => {}
        }
        fs::create_dir(&path).map_err(FetchError::io("create", &path))?;
        Ok(Self { path })
    }

    fn settle(self, dest: &Path) -> Result<(), FetchError> {
        if dest.is_dir() {
            fs::remove_dir(dest).map_err(FetchError::io("replace", dest))?;
        }
        fs::rename(&self.path, dest).map_err(FetchError::io("rename", &self.path))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After `settle` there is nothing left; after an error, the error matters more than a leftover folder, which the
        // next call removes.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn refuse_occupied(dest: &Path) -> Result<(), FetchError> {
    let exists = || Err(FetchError::Exists { path: dest.to_owned() });
    match dest.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FetchError::io("read", dest)(error)),
        Ok(meta) if !meta.is_dir() => exists(),
        Ok(_) => match fs::read_dir(dest).map_err(FetchError::io("read", dest))?.next() {
            Some(_) => exists(),
            None => Ok(()),
        },
    }
}
