//! Any folder of class folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    IndexOptions,
    files::{mark_duplicates, verify},
};
use crate::{DatasetError, Track};

pub(super) fn index(root: &Path, options: &IndexOptions<'_>) -> Result<(Vec<Track>, String), DatasetError> {
    let mut tracks = Vec::new();
    for (class, dir) in entries(root)? {
        if dir.is_dir() {
            let mut paths = Vec::new();
            walk(&dir, &class, options.extensions, &mut paths)?;
            tracks.extend(paths.into_iter().map(|path| Track {
                track_id: path.clone(),
                path,
                labels: [("genre".to_owned(), class.clone())].into(),
                ..Track::default()
            }));
        }
    }
    // By whole path, as the manifest has them: "the first" of two copies is then the first there, too.
    tracks.sort_by(|a, b| a.track_id.cmp(&b.track_id));
    tracks.par_iter_mut().for_each(|track| verify(track, root, None, false));
    mark_duplicates(&mut tracks);
    let expected = format!("<class>/…/<name>.{{{}}}", options.extensions.join(","));
    Ok((tracks, expected))
}

/// Adds the audio files below `dir`, named from `prefix` on.
fn walk(dir: &Path, prefix: &str, extensions: &[&str], paths: &mut Vec<String>) -> Result<(), DatasetError> {
    for (name, path) in entries(dir)? {
        let relative = format!("{prefix}/{name}");
        // A link to a folder could lead back up: links are followed to files alone.
        if path.is_dir() && !path.is_symlink() {
            walk(&path, &relative, extensions, paths)?;
        } else if path.is_file() && has_extension(&path, extensions) {
            paths.push(relative);
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|end| extensions.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// What is in a folder, by name, but for hidden names.
fn entries(dir: &Path) -> Result<Vec<(String, PathBuf)>, DatasetError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(DatasetError::io(dir))? {
        let path = entry.map_err(DatasetError::io(dir))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(DatasetError::NotUnicode { path });
        };
        if !name.starts_with('.') {
            entries.push((name.to_owned(), path));
        }
    }
    entries.sort();
    Ok(entries)
}
