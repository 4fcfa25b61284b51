//! An archive's entries, each with the path it is to have: nothing else of a header is believed.
//!
//! The `tar` crate's own reading of long names keeps them in memory at any size; here they have a limit.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use tar::{Entry, EntryType, PaxExtensions};

use crate::error::EntryFault;

/// The longest extended header that is read.
const MOST_HEADER_BYTES: u64 = 1 << 16;
/// The longest path below the folder; some systems have no longer ones at all.
const MOST_PATH_BYTES: usize = 1024;

/// What to do with an entry.
pub(crate) enum Step {
    /// Write it to this path below the folder.
    File(PathBuf),
    /// Nothing: a folder, or something about other entries.
    Pass,
}

/// What goes before an entry and is about it.
#[derive(Default)]
pub(crate) struct Pending {
    path: Option<Vec<u8>>,
    bytes: Option<u64>,
}

/// Why an entry cannot be dealt with.
pub(crate) enum Trouble {
    Fault { entry: String, fault: EntryFault },
    Read(std::io::Error),
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Read(error)
    }
}

/// Decides on `entry`, from what it is and what was `pending`.
pub(crate) fn step(entry: &mut Entry<'_, impl Read>, pending: &mut Pending) -> Result<Step, Trouble> {
    let kind = entry.header().entry_type();
    match kind {
        EntryType::GNULongName => {
            let mut name = small_content(entry)?;
            name.truncate(name.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1));
            pending.path = Some(name);
            return Ok(Step::Pass);
        }
        EntryType::XHeader => {
            let content = small_content(entry)?;
            for extension in PaxExtensions::new(&content) {
                let extension = extension?;
                match extension.key_bytes() {
                    b"path" => pending.path = Some(extension.value_bytes().to_vec()),
                    b"size" => pending.bytes = extension.value().ok().and_then(|text| text.parse().ok()),
                    _ => {}
                }
            }
            return Ok(Step::Pass);
        }
        // Comments on all entries; and the target of a link, which is refused when it comes.
        EntryType::XGlobalHeader | EntryType::GNULongLink => return Ok(Step::Pass),
        _ => {}
    }

    let Pending { path, bytes } = std::mem::take(pending);
    let path = path.unwrap_or_else(|| entry.path_bytes().into_owned());
    let trouble = |fault| Trouble::Fault { entry: String::from_utf8_lossy(&path).escape_default().to_string(), fault };
    // Of one with both, readers may believe either: where they differ, what follows is read differently.
    if bytes.is_some_and(|bytes| bytes != entry.size()) {
        return Err(trouble(EntryFault::Header));
    }
    let inside = below(&path).ok_or_else(|| trouble(EntryFault::Path))?;
    match kind {
        EntryType::Directory => Ok(Step::Pass),
        EntryType::Regular | EntryType::Continuous if inside.file_name().is_some() => Ok(Step::File(inside)),
        EntryType::Regular | EntryType::Continuous => Err(trouble(EntryFault::Path)),
        _ => Err(trouble(EntryFault::Kind)),
    }
}

fn small_content(entry: &mut Entry<'_, impl Read>) -> Result<Vec<u8>, Trouble> {
    if entry.size() > MOST_HEADER_BYTES {
        let entry = String::from_utf8_lossy(&entry.path_bytes()).escape_default().to_string();
        return Err(Trouble::Fault { entry, fault: EntryFault::Header });
    }
    let mut content = Vec::new();
    entry.read_to_end(&mut content)?;
    Ok(content)
}

/// `path` as one below a folder, on any system; `None` where it is not.
pub(crate) fn below(path: &[u8]) -> Option<PathBuf> {
    let text = std::str::from_utf8(path).ok()?;
    if text.len() > MOST_PATH_BYTES || text.contains(['\\', '\0', '\n', '\r']) || text.as_bytes().get(1) == Some(&b':') {
        return None;
    }
    let mut inside = PathBuf::new();
    for part in Path::new(text).components() {
        match part {
            Component::Normal(name) => inside.push(name),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_or_are_refused() {
        let shown = |path: &str| below(path.as_bytes()).map(|path| path.display().to_string());
        assert_eq!(shown("genres/blues/a.wav").as_deref(), Some("genres/blues/a.wav"));
        assert_eq!(shown("./genres//a").as_deref(), Some("genres/a"));
        for path in ["/etc/passwd", "../a", "a/../../b", "a/..", "C:/a", "a\\b", "a\0b"] {
            assert_eq!(shown(path), None, "{path}");
        }
        assert_eq!(below(b"\xff\xfe"), None);
        assert!(below("a/".repeat(512).as_bytes()).is_some());
        assert_eq!(below("a/".repeat(513).as_bytes()), None);
    }
}
