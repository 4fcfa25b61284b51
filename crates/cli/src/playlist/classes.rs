//! A playlist a class.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::{entry, m3u8};
use crate::answer::Labels;
use crate::commands::write_whole;
use crate::listening::{Row, TAGS};
use crate::told::tell;

/// A name in bytes, of the 255 that file systems take.
const LONGEST_NAME: usize = 120;

/// Collects what models are sure of, row by row.
pub struct Playlists {
    folder: PathBuf,
    /// Tasks that have playlists.
    by: Vec<String>,
    least_likelihood: Option<f32>,
    /// Task and class → entries, in the order of the rows.
    lists: BTreeMap<(String, String), Vec<String>>,
    left_out: usize,
}

impl Playlists {
    /// Playlists of some tasks, or of all.
    ///
    /// # Errors
    /// The model has no such task.
    pub fn new(folder: &Path, by: &[String], least_likelihood: Option<f32>, labels: &Labels) -> Result<Self> {
        let mut all: Vec<String> = labels.tasks.iter().map(|task| task.task.clone()).collect();
        if !labels.tags.is_empty() {
            all.push(TAGS.to_owned());
        }
        if let Some(unknown) = by.iter().find(|task| !all.contains(task)) {
            ensure!(unknown == "all", "--playlist-by {unknown}: the model has {}; `all` takes each", all.join(", "));
        }
        let by = if by.is_empty() || by.iter().any(|task| task == "all") { all } else { by.to_vec() };
        Ok(Self { folder: folder.to_owned(), by, least_likelihood, lists: BTreeMap::new(), left_out: 0 })
    }

    /// Takes a row in. A file that cannot stand in a playlist is told, and left out.
    pub fn row(&mut self, row: &Row) {
        let Ok(heard) = &row.heard else { return };
        let sure = heard.sure(self.least_likelihood);
        let named = sure.iter().filter(|sure| self.by.iter().any(|task| task == sure.task));
        let places: Vec<(String, String)> =
            named.flat_map(|sure| sure.names.iter().map(|(name, _)| (sure.task.to_owned(), (*name).to_owned()))).collect();
        if places.is_empty() {
            return;
        }
        match entry(&row.file) {
            Ok(entry) => places.into_iter().for_each(|place| self.lists.entry(place).or_default().push(entry.clone())),
            Err(error) => {
                tell!("segno: --playlist: {error}");
                self.left_out += 1;
            }
        }
    }

    /// Writes a file a class, whole or not at all; one of an earlier run under the name is replaced.
    ///
    /// # Errors
    /// The disk refuses; a file was left out.
    pub fn end(&self) -> Result<()> {
        let mut taken = BTreeSet::new();
        for ((task, class), entries) in &self.lists {
            let path = self.folder.join(name(task, class, &mut taken));
            write_whole(&path, m3u8(entries).as_bytes())?;
        }
        tell!("playlists: {} in {}", self.lists.len(), self.folder.display());
        ensure!(self.left_out == 0, "{} files could not stand in a playlist", self.left_out);
        Ok(())
    }
}

/// `<task> - <class>.m3u8`, without what some file systems refuse, and told apart where they do not tell capitals apart.
fn name(task: &str, class: &str, taken: &mut BTreeSet<String>) -> String {
    let safe = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let whole: String = format!("{task} - {class}").chars().map(safe).collect();
    let end = whole.floor_char_boundary(LONGEST_NAME);
    let stem = whole[..end].trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let mut name = format!("{stem}.m3u8");
    for number in 2.. {
        if taken.insert(name.to_lowercase()) {
            break;
        }
        name = format!("{stem} ({number}).m3u8");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_their_own() {
        let mut taken = BTreeSet::new();
        let mut of = |class: &str| name("genre", class, &mut taken);
        assert_eq!(of("R&B/Soul"), "genre - R&B_Soul.m3u8");
        assert_eq!(of("r&b:soul"), "genre - r&b_soul (2).m3u8");
        assert_eq!(of("../../etc"), "genre - .._.._etc.m3u8");
        assert_eq!(of("\u{1b}[2J\n"), "genre - _[2J_.m3u8");
        let long = of(&"é".repeat(300));
        assert!(long.len() < 140 && long.ends_with("é.m3u8"));
        assert_eq!(of(&"é".repeat(301)), long.replace(".m3u8", " (2).m3u8"));
        assert_eq!(name("..", "", &mut BTreeSet::new()), "-.m3u8");
    }
}
