//! From an address to a verified file.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;

use crate::options::Options;
use crate::part::Part;
use crate::request::{Client, Outcome};
use crate::{Archive, FetchError, Progress, verify};

/// So much further is progress: the count of failures starts anew.
const PROGRESS_BYTES: u64 = 1 << 20;

/// Downloads `archive` into the folder `dest`; the file's path. As [`download_with`], with the default [`Options`].
///
/// # Errors
///
/// As [`download_with`].
pub fn download(archive: &Archive, dest: &Path, on_progress: &mut dyn FnMut(Progress)) -> Result<PathBuf, FetchError> {
    download_with(archive, dest, &Options::default(), on_progress)
}

/// Downloads `archive` into the folder `dest`, which is made where it is missing; the file's path.
///
/// - A file of that name that is already there, and is as described, is kept, and no connection opened.
/// - Bytes go to `<name>.part`, renamed once size and checksums are right; so a file under its name is whole.
/// - After a break, in this call or a later one, the download goes on where it stopped, if the server can do that and
///   still has the same file (by its `ETag` or date); otherwise it starts again.
/// - Where a file put together from two connections turns out wrong, it is fetched once more in one go.
///
/// # Errors
///
/// [`FetchError::BadDescription`] before anything else; [`FetchError::Status`] where the server will not give the file;
/// [`FetchError::Broken`] where connections break too often; [`FetchError::WrongSize`] and
/// [`FetchError::WrongChecksum`] where it is another file; [`FetchError::Io`] where the disk fails.
pub fn download_with(
    archive: &Archive,
    dest: &Path,
    options: &Options,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf, FetchError> {
    archive.check()?;
    fs::create_dir_all(dest).map_err(FetchError::io("create", dest))?;
    let file = dest.join(archive.file_name()?);
    let part = Part::of(&file);
    if file.is_file() {
        match verify(archive, &file) {
            Ok(()) => {
                // The note of a run that was killed between its last two steps.
                part.discard()?;
                return Ok(file);
            }
            // Another file: what is fetched now takes its place.
            Err(FetchError::WrongSize { .. } | FetchError::WrongChecksum { .. }) => {}
            Err(error) => return Err(error),
        }
    }

    let client = Client::new(archive, options);
    let mut may_repeat = true;
    loop {
        let joined = arrive(archive, &client, &part, options, on_progress)?;
        match verify(archive, part.path()) {
            Ok(()) => break,
            Err(error @ (FetchError::WrongSize { .. } | FetchError::WrongChecksum { .. })) => {
                part.discard()?;
                if !(joined && may_repeat) {
                    return Err(error);
                }
                may_repeat = false;
            }
            Err(error) => return Err(error),
        }
    }
    part.finish(&file)?;
    Ok(file)
}

/// Connects until the part is whole; whether more than one connection brought it.
fn arrive(
    archive: &Archive,
    client: &Client,
    part: &Part,
    options: &Options,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<bool, FetchError> {
    let mut failures = 0;
    let mut furthest = part.len()?;
    loop {
        let broken = match client.go_on(part, on_progress)? {
            Outcome::Whole { joined } => return Ok(joined),
            Outcome::Broken(source) => source,
        };
        let done = part.len()?;
        failures += 1;
        if done >= furthest + PROGRESS_BYTES {
            (failures, furthest) = (1, done);
        }
        if failures >= options.attempts {
            return Err(FetchError::Broken { url: archive.url.clone(), failures, done, source: broken });
        }
        sleep(options.pause_after(failures));
    }
}
