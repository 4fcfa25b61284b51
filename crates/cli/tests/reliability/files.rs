//! A folder as names and bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Every file below a folder, by its path from there.
pub fn all(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Those below a folder that a stage may read, without the times that stages took, which are no result.
pub fn real(folder: &Path) -> Files {
    let mut files = all(folder);
    files.retain(|path, _| !is_temporary(path) && !is_timing(path));
    files
}

/// Whether no stage reads a file of this name: it is being written, or its writer was killed; or it is a lock.
pub fn is_temporary(path: &Path) -> bool {
    let hidden = path.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."));
    hidden || path.extension().is_some_and(|end| ["tmp", "partial", "part", "of", "lock"].iter().any(|known| end == *known))
}

pub fn is_timing(path: &Path) -> bool {
    path.starts_with("timings")
}

/// Asserts that two folders hold the same, naming the first file that differs and where.
pub fn assert_same(what: &str, found: &Files, expected: &Files) {
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{what}: the files");
    for (path, bytes) in found {
        assert_same_bytes(what, path, bytes, &expected[path]);
    }
}

/// Asserts that a file is whole.
pub fn assert_same_bytes(what: &str, path: &Path, found: &[u8], expected: &[u8]) {
    let at = found.iter().zip(expected).position(|(a, b)| a != b);
    let (n, of) = (found.len(), expected.len());
    assert!(found == expected, "{what}: {}: {n} bytes for {of}, the first that differs at {at:?}", path.display());
}

/// Copies a folder and all below it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
