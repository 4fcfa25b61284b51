//! The tree of genres, and which of the wanted ones a song is of.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::FmaGenre;
use crate::DatasetError;

/// `genres.csv`.
pub(super) struct GenreTree {
    path: PathBuf,
    /// Genre → the genre above it (0: none) and its title.
    genres: BTreeMap<u32, (u32, String)>,
}

#[derive(Deserialize)]
struct Row {
    genre_id: u32,
    parent: u32,
    title: String,
}

/// Which of the wanted genres a song is of, as places in their list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Membership {
    /// Those carried at any level.
    pub carried: Vec<usize>,
    /// Of those, the ones that no other carried one lies below.
    pub lowest: Vec<usize>,
}

impl GenreTree {
    pub(super) fn read(path: &Path) -> Result<Self, DatasetError> {
        let mut reader = csv::Reader::from_reader(super::open(path)?);
        let mut genres = BTreeMap::new();
        for row in reader.deserialize::<Row>() {
            let row = row.map_err(|source| DatasetError::TornTable { path: path.to_owned(), source: Box::new(source) })?;
            genres.insert(row.genre_id, (row.parent, row.title));
        }
        let this = Self { path: path.to_owned(), genres };
        for (id, (parent, _)) in &this.genres {
            if *parent != 0 && !this.genres.contains_key(parent) {
                return Err(this.fault("parent", &format!("genre {id} below genre {parent}, which is not in the file"), "the genre above"));
            }
            this.ancestors(*id)?;
        }
        Ok(this)
    }

    /// Holds the wanted genres against the tree.
    pub(super) fn check(&self, wanted: &[FmaGenre]) -> Result<(), DatasetError> {
        for genre in wanted {
            match self.genres.get(&genre.id) {
                Some((_, title)) if *title == genre.title => {}
                Some((_, title)) => {
                    let expected = format!("'{}', as the corpus file has it for {}", genre.title, genre.label);
                    return Err(self.fault("title", &format!("'{title}' for genre {}", genre.id), &expected));
                }
                None => {
                    let expected = format!("'{}'; correct the corpus file's entry {}", genre.title, genre.label);
                    return Err(self.fault("genre_id", &format!("no genre {}", genre.id), &expected));
                }
            }
        }
        Ok(())
    }

    /// Which of `wanted` a song with the genres `ids` is of; the id that the tree does not have, if there is one.
    pub(super) fn membership(&self, ids: &[u32], wanted: &[FmaGenre]) -> Result<Membership, u32> {
        let mut all = BTreeSet::new();
        for id in ids {
            if !self.genres.contains_key(id) {
                return Err(*id);
            }
            all.insert(*id);
            all.extend(self.ancestors(*id).unwrap_or_default());
        }
        let carried: Vec<usize> = (0..wanted.len()).filter(|&genre| all.contains(&wanted[genre].id)).collect();
        let above: BTreeSet<u32> = carried.iter().flat_map(|&genre| self.ancestors(wanted[genre].id).unwrap_or_default()).collect();
        let lowest = carried.iter().copied().filter(|&genre| !above.contains(&wanted[genre].id)).collect();
        Ok(Membership { carried, lowest })
    }

    /// The genres above one, from the next to the top.
    fn ancestors(&self, id: u32) -> Result<Vec<u32>, DatasetError> {
        let mut above = Vec::new();
        let mut at = id;
        while let Some((parent, _)) = self.genres.get(&at).filter(|(parent, _)| *parent != 0) {
            if above.contains(parent) || *parent == id {
                return Err(self.fault("parent", &format!("genre {id} below itself"), "a tree"));
            }
            above.push(*parent);
            at = *parent;
        }
        Ok(above)
    }

    fn fault(&self, column: &str, found: &str, expected: &str) -> DatasetError {
        DatasetError::TableCell { path: self.path.clone(), line: 0, column: column.into(), found: found.into(), expected: expected.into() }
    }
}

/// The numbers of `[21, 5]`, as Python writes a list.
pub(super) fn list(text: &str) -> Option<Vec<u32>> {
    let inside = text.trim();
    if inside.is_empty() {
        return Some(Vec::new());
    }
    let inside = inside.strip_prefix('[')?.strip_suffix(']')?.trim();
    if inside.is_empty() { Some(Vec::new()) } else { inside.split(',').map(|id| id.trim().parse().ok()).collect() }
}
