//! The audio files among paths that a person names.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use segno_audio_io::SUPPORTED_EXTENSIONS;

/// Files as they are named, and of folders every file below with the extension of a format that can be read, each once, sorted.
/// Links to folders are not followed.
///
/// # Errors
/// A path is not there, or a folder cannot be read.
pub fn audio_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = BTreeSet::new();
    for path in paths {
        let kind = fs::metadata(path).with_context(|| path.display().to_string())?;
        if kind.is_dir() {
            below(path, &mut found)?;
        } else {
            found.insert(path.clone());
        }
    }
    Ok(found.into_iter().collect())
}

fn below(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<()> {
    let cannot = || format!("cannot read the folder {}", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let (path, kind) = (entry.path(), entry.file_type().with_context(cannot)?);
        if kind.is_dir() {
            below(&path, found)?;
        } else if is_audio(&path) {
            found.insert(path);
        }
    }
    Ok(())
}

fn is_audio(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    extension.is_some_and(|extension| SUPPORTED_EXTENSIONS.contains(&extension.as_str()))
}
