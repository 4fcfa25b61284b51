//! Which names there can be, and which are temporary.

use std::hash::{BuildHasher, RandomState};

use crate::StoreError;

/// What temporary names end in.
const TEMPORARY: &str = ".tmp";

/// Refuses what is not a name on every kind of place.
pub(crate) fn check(place: &str, name: &str) -> Result<(), StoreError> {
    let bad = |expected| Err(StoreError::Name { place: place.into(), name: name.into(), expected });
    if name.is_empty() || matches!(name, "." | "..") || name.contains(|c: char| matches!(c, '/' | '\\') || c.is_control()) {
        return bad("one part of a path, as 'part-00000.parquet'");
    }
    if is_temporary(name) {
        return bad("another than the temporary names have");
    }
    Ok(())
}

/// A name to write under until `name` can be given: of this process, and of this call.
///
/// The process's number is for people who look; numbers repeat on other machines and within containers, so that
/// the random digits keep two writers of one name apart.
pub(crate) fn temporary(name: &str) -> String {
    let random = RandomState::new().hash_one(name);
    format!("{name}.{}-{random:016x}{TEMPORARY}", std::process::id())
}

/// Whether `name` is one of [`temporary`], or of those before it, which had no random digits.
pub(crate) fn is_temporary(name: &str) -> bool {
    let middle = name.strip_suffix(TEMPORARY).and_then(|name| name.rsplit_once('.'));
    middle.is_some_and(|(_, middle)| {
        let (process, random) = middle.split_once('-').unwrap_or((middle, "0"));
        process.parse::<u32>().is_ok() && u64::from_str_radix(random, 16).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_told_from_others() {
        let made = temporary("part-00003.parquet");
        assert!(made.starts_with("part-00003.parquet.") && is_temporary(&made), "{made}");
        assert_ne!(made, temporary("part-00003.parquet"));
        assert!(is_temporary("part-00003.parquet.4711.tmp"), "as before there were random digits");
        for name in ["part-00003.parquet", "notes.tmp", "notes.x-1.tmp", "a.12-xyz.tmp", ".tmp", "12.tmp"] {
            assert!(!is_temporary(name), "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in ["", ".", "..", "a/b", "a\\b", "a\nb", "x.1.tmp"] {
            assert!(matches!(check("here", name), Err(StoreError::Name { .. })), "{name:?}");
        }
        for name in ["part-00003.parquet", "with space", "ä", "..."] {
            assert!(check("here", name).is_ok(), "{name:?}");
        }
    }
}
