//! Files of a corpus: their checksums, and copies among them.

use std::{collections::HashMap, path::Path};

use crate::{Track, digest::md5_file, digest_file};

/// The kind of checksum that `expected` is, of a file's bytes: `md5:…` or `sha256:…`.
pub(super) fn checksum_like(expected: Option<&str>, path: &Path) -> std::io::Result<String> {
    match expected {
        Some(expected) if expected.starts_with("md5:") => Ok(format!("md5:{}", md5_file(path)?)),
        _ => Ok(format!("sha256:{}", digest_file(path)?)),
    }
}

/// Hashes a track's file and holds it against the checksum that is known of it.
pub(super) fn verify(track: &mut Track, root: &Path, expected: Option<&str>, accept_foreign_bytes: bool) {
    let file = root.join(&track.path);
    if !file.is_file() {
        track.left_out = Some(format!("missing: no file {}", track.path));
        return;
    }
    let found = match checksum_like(expected, &file) {
        Ok(found) => found,
        Err(error) => {
            track.left_out = Some(format!("unreadable: {error}"));
            return;
        }
    };
    if let Some(expected) = expected.filter(|expected| **expected != found) {
        let differs = format!("checksum differs: found {found}, expected {expected}");
        match accept_foreign_bytes {
            true => track.note = Some(differs),
            false => track.left_out = Some(differs),
        }
    }
    track.checksum = Some(found);
}

/// Notes which tracks have the bytes of an earlier one.
pub(super) fn mark_duplicates(tracks: &mut [Track]) {
    let mut first: HashMap<String, String> = HashMap::new();
    for track in tracks {
        let Some(checksum) = &track.checksum else { continue };
        match first.get(checksum) {
            Some(earlier) => track.duplicate_of = Some(earlier.clone()),
            None => {
                first.insert(checksum.clone(), track.track_id.clone());
            }
        }
    }
}

/// A checksum of a table as `md5:…` or `sha256:…`, in lower case; `None` for one that is neither.
pub(super) fn checksum_name(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let (kind, hex) = match text.split_once(':') {
        Some((kind, hex)) => (kind, hex),
        None if text.len() == 32 => ("md5", text.as_str()),
        None => ("sha256", text.as_str()),
    };
    let digits = match kind {
        "md5" => 32,
        "sha256" => 64,
        _ => return None,
    };
    (hex.len() == digits && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| format!("{kind}:{hex}"))
}
