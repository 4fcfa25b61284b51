//! The members of a zip that are needed, and no others: some 93 GiB hold the 750 clips that a corpus draws.

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::entries::below;
use crate::error::EntryFault;
use crate::limits::{Over, Tally};
use crate::{FetchError, Limits, Progress};

/// A regular file in a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, with `/` between folders.
    pub name: String,
    /// Its size, unpacked.
    pub bytes: u64,
}

/// What was taken out of a zip.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    /// Files written.
    pub written: u64,
    /// Files that were there already, with the size and the checksum that the zip says.
    pub kept: u64,
    /// Names that the zip does not hold, in the order asked for.
    pub missing: Vec<String>,
}

/// The regular files of a zip, in its order; nothing is unpacked.
///
/// # Errors
/// [`FetchError::BadArchive`] where the directory at its end is missing or damaged, [`FetchError::Io`] where the disk fails.
pub fn list_members(zip: &Path) -> Result<Vec<Member>, FetchError> {
    let mut archive = open(zip)?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| bad(zip, error.into()))?;
        if file.is_file() && !file.is_symlink() {
            let name = file.name().map_err(|error| bad(zip, error.into()))?.into_owned();
            members.push(Member { name, bytes: file.size() });
        }
    }
    Ok(members)
}

/// Takes the members `names` out of `zip` to the same paths below the folder `into`, which is made where it is missing.
///
/// - Members stored, deflated or compressed by bzip2 are read, each by itself: the rest of the zip is not touched.
/// - Each is held against its CRC-32 and its size, and renamed to its name once whole; one that is there already, with that
///   size and checksum, is kept: a run that broke off goes on where it stopped.
/// - `on_progress` counts the unpacked bytes of the members asked for.
///
/// A name that the zip does not hold is no error, but told: whether it matters is the caller's to say.
///
/// # Errors
/// Before anything is written: [`FetchError::UnsafeEntry`] for a name that leads out of the folder, or a member that is no regular
/// file; [`FetchError::OverLimit`] for more than `limits`; [`FetchError::BadArchive`] for a damaged directory. Then
/// [`FetchError::BadMember`] for a member that is damaged or not as long as described; [`FetchError::Io`] where the disk fails.
pub fn extract_members(
    zip: &Path,
    names: &[String],
    into: &Path,
    limits: &Limits,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<Extracted, FetchError> {
    let mut archive = open(zip)?;
    let mut done = Extracted::default();
    let wanted = wanted(zip, &mut archive, names, into, limits, &mut done.missing)?;
    let total = Some(wanted.iter().map(|member| member.bytes).sum());
    let mut bytes = 0;
    for member in wanted {
        if is_there(&member)? {
            done.kept += 1;
        } else {
            let file = archive.by_index(member.index).map_err(|error| bad(zip, error.into()))?;
            write(zip, &member, file)?;
            done.written += 1;
        }
        bytes += member.bytes;
        on_progress(Progress { done: bytes, total });
    }
    Ok(done)
}

/// The bytes of one member of at most `most` bytes, held against its CRC-32.
///
/// # Errors
/// [`FetchError::BadArchive`] where the zip is damaged or does not hold the member, [`FetchError::OverLimit`] for a larger one,
/// [`FetchError::BadMember`] where it is damaged, [`FetchError::Io`] where the disk fails.
pub fn read_member(zip: &Path, name: &str, most: u64) -> Result<Vec<u8>, FetchError> {
    let mut archive = open(zip)?;
    let file = archive.by_name(name).map_err(|error| bad(zip, io::Error::other(format!("{name}: {error}"))))?;
    if file.size() > most {
        return Err(FetchError::OverLimit { path: zip.to_owned(), what: "bytes", allowed: most });
    }
    let (described, mut bytes) = (file.size(), Vec::new());
    let bad = |source| FetchError::BadMember { path: zip.to_owned(), member: name.to_owned(), source };
    // One byte more than described, so that one too many is seen; the zip crate checks the CRC-32 at the end.
    copy(&mut file.take(described + 1), |block| {
        bytes.extend_from_slice(block);
        Ok(())
    })
    .map_err(bad)?;
    match bytes.len() as u64 == described {
        true => Ok(bytes),
        false => Err(bad(io::Error::new(ErrorKind::InvalidData, format!("unpacks to another length than its {described} bytes")))),
    }
}

/// A member to take out.
struct Wanted {
    index: usize,
    name: String,
    bytes: u64,
    crc32: u32,
    path: PathBuf,
}

/// What the directory says of the members asked for, each held against the limits.
fn wanted(
    zip: &Path,
    archive: &mut ZipArchive<BufReader<File>>,
    names: &[String],
    into: &Path,
    limits: &Limits,
    missing: &mut Vec<String>,
) -> Result<Vec<Wanted>, FetchError> {
    let over = |(what, allowed): Over| FetchError::OverLimit { path: zip.to_owned(), what, allowed };
    let zip_bytes = fs::metadata(zip).map_err(FetchError::io("read", zip))?.len();
    let mut wanted = Vec::new();
    let mut tally = Tally::new(limits);
    for name in names {
        let refused = |fault| FetchError::UnsafeEntry { path: zip.to_owned(), entry: name.escape_default().to_string(), fault };
        let inside = below(name.as_bytes()).filter(|inside| inside.file_name().is_some()).ok_or_else(|| refused(EntryFault::Path))?;
        let Some(index) = archive.index_for_name(name) else {
            missing.push(name.clone());
            continue;
        };
        let file = archive.by_index_raw(index).map_err(|error| bad(zip, error.into()))?;
        if !file.is_file() || file.is_symlink() || file.encrypted() {
            return Err(refused(EntryFault::Kind));
        }
        tally.add(&inside, file.size()).map_err(over)?;
        // Of all together as well: members may overlap, be many and small, or lie about what they take of the zip.
        if file.size() > limits.unpacked(file.compressed_size()) || tally.bytes > limits.unpacked(zip_bytes) {
            return Err(over(("times its own size", limits.ratio)));
        }
        wanted.push(Wanted { index, name: name.clone(), bytes: file.size(), crc32: file.crc32(), path: into.join(inside) });
    }
    Ok(wanted)
}

/// Whether the member's file is there and whole.
fn is_there(member: &Wanted) -> Result<bool, FetchError> {
    let mut file = match File::open(&member.path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(FetchError::io("open", &member.path)(error)),
    };
    if file.metadata().map_err(FetchError::io("read", &member.path))?.len() != member.bytes {
        return Ok(false);
    }
    let mut crc = flate2::Crc::new();
    copy(&mut file, |block| {
        crc.update(block);
        Ok(())
    })
    .map_err(FetchError::io("read", &member.path))?;
    Ok(crc.sum() == member.crc32)
}

/// Writes a member under a temporary name beside its own, and renames it.
fn write(zip: &Path, member: &Wanted, file: impl Read) -> Result<(), FetchError> {
    let bad = |source| FetchError::BadMember { path: zip.to_owned(), member: member.name.clone(), source };
    let folder = member.path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(FetchError::io("create", folder))?;
    let name = member.path.file_name().unwrap_or_default().to_string_lossy();
    let part = member.path.with_file_name(format!(".{name}.part"));
    let mut out = File::create(&part).map_err(FetchError::io("create", &part))?;
    let mut refused = None;
    // One byte more than described, so that one too many is seen; the zip crate checks the CRC-32 at the end.
    let copied = copy(&mut file.take(member.bytes + 1), |block| {
        out.write_all(block).map_err(|error| {
            refused = Some(error);
            io::Error::other("the disk refuses")
        })
    });
    let whole = match (refused, copied) {
        (Some(error), _) => Err(FetchError::io("write", &part)(error)),
        (None, Err(error)) => Err(bad(error)),
        (None, Ok(copied)) if copied != member.bytes => {
            Err(bad(io::Error::new(ErrorKind::InvalidData, format!("unpacks to another length than its {} bytes", member.bytes))))
        }
        (None, Ok(_)) => out.sync_all().map_err(FetchError::io("write", &part)),
    };
    if let Err(error) = whole {
        // The error matters more than a leftover, which the next call writes over.
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    fs::rename(&part, &member.path).map_err(FetchError::io("rename", &part))
}

/// Reads to the end, a block at a time; how many bytes there were.
fn copy(from: &mut impl Read, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<u64> {
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(n) => {
                to(&buffer[..n])?;
                total += n as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn open(zip: &Path) -> Result<ZipArchive<BufReader<File>>, FetchError> {
    let file = File::open(zip).map_err(FetchError::io("open", zip))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| bad(zip, error.into()))
}

fn bad(zip: &Path, source: io::Error) -> FetchError {
    FetchError::BadArchive { path: zip.to_owned(), source }
}
