//! The Rust files beneath folders.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

/// Each file with its text.
pub fn sources(mut folders: Vec<PathBuf>) -> Result<Vec<(PathBuf, String)>> {
    let mut files = vec![];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)?;
                files.push((path, text));
            }
        }
    }
    Ok(files)
}
