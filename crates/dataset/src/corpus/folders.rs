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

/// A file that is a track by its name.
struct Found {
    /// Its path below the corpus root, with bytes that are no text written `\xE9`.
    path: String,
    /// Whether the path is text, as a manifest needs it.
    is_text: bool,
    class: String,
}

pub(super) fn index(root: &Path, options: &IndexOptions<'_>) -> Result<(Vec<Track>, String), DatasetError> {
    let mut found = Vec::new();
    for class in entries(root)? {
        if class.path.is_dir() {
            walk(&class, &class.name, options.extensions, &mut found)?;
        }
    }
    // By whole path, as the manifest has them: "the first" of two copies is then the first there, too.
    found.sort_by(|a, b| a.path.cmp(&b.path));
    let track = |Found { path, is_text, class }| {
        let mut track = Track { track_id: path.clone(), path, labels: [("genre".to_owned(), class)].into(), ..Track::default() };
        match is_text {
            true => verify(&mut track, root, None, false),
            false => track.left_out = Some("unreadable: its name is not unicode; rename it".to_owned()),
        }
        track
    };
    let mut tracks: Vec<Track> = found.into_par_iter().map(track).collect();
    mark_duplicates(&mut tracks);
    let expected = format!("<class>/…/<name>.{{{}}}", options.extensions.join(","));
    Ok((tracks, expected))
}

/// Adds what is named as an audio file below a folder, also where there is no file behind the name.
fn walk(folder: &Entry, class: &str, extensions: &[&str], found: &mut Vec<Found>) -> Result<(), DatasetError> {
    for entry in entries(&folder.path)? {
        let entry = Entry { name: format!("{}/{}", folder.name, entry.name), is_text: folder.is_text && entry.is_text, ..entry };
        match entry.path.is_dir() {
            // A link to a folder could lead back up: links are followed to files alone.
            true if entry.path.is_symlink() => {}
            true => walk(&entry, class, extensions, found)?,
            false if has_extension(&entry.path, extensions) => {
                found.push(Found { path: entry.name, is_text: entry.is_text, class: class.to_owned() });
            }
            false => {}
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|end| extensions.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// What lies in a folder.
struct Entry {
    /// Its name, with bytes that are no text written `\xE9`.
    name: String,
    is_text: bool,
    path: PathBuf,
}

/// What is in a folder, but for hidden names.
fn entries(dir: &Path) -> Result<Vec<Entry>, DatasetError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(DatasetError::io(dir))? {
        let path = entry.map_err(DatasetError::io(dir))?.path();
        let name = path.file_name().unwrap_or_default();
        let (name, is_text) = match name.to_str() {
            Some(name) => (name.to_owned(), true),
            // Two names stay two names, as they would not with a sign of replacement.
            None => (format!("{name:?}").trim_matches('"').to_owned(), false),
        };
        if !name.starts_with('.') {
            entries.push(Entry { name, is_text, path });
        }
    }
    Ok(entries)
}
