//! The songs of `tracks.csv`, with what the draw has to know of them.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{
    FmaGenre,
    genres::{GenreTree, list},
    stacked::Stacked,
};
use crate::{DatasetError, SelectedClass};

/// A subset of FMA; each holds those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FmaSubset {
    /// 8 000 clips.
    Small,
    /// 25 000 clips.
    Medium,
    /// 106 574 clips.
    Large,
}

/// A song with a valence.
pub(super) struct Song {
    pub id: u32,
    pub valence: f64,
    pub artist: Option<String>,
    pub title: Option<String>,
    pub licence: Option<String>,
    pub place: Place,
}

/// What the draw does with a song.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It may be drawn for the genre of this place in the list.
    Eligible(usize),
    /// It is none of the genres', of several, or outside the subset.
    Passed,
    /// It cannot be used, for this reason.
    Broken(String),
}

/// Valence of each track of `echonest.csv` that has one.
pub(super) fn valences(path: &Path) -> Result<BTreeMap<u32, f64>, DatasetError> {
    let mut table = Stacked::open(path, 3)?;
    let column = table.column("echonest/audio_features/valence")?;
    let mut valences = BTreeMap::new();
    while table.advance()? {
        let track = table.track()?;
        if table.cell(column).is_empty() {
            continue;
        }
        let expected = "a number from 0 to 1";
        let valence: f64 = table.parsed(column, expected)?;
        // A NaN is in no range.
        if !(0.0..=1.0).contains(&valence) {
            return Err(table.bad(column, expected));
        }
        if valences.insert(track, valence).is_some() {
            return Err(table.bad(0, "each track once"));
        }
    }
    Ok(valences)
}

/// The songs of `tracks.csv` that have a valence, in the order of their numbers; counts every song in `classes`.
pub(super) fn songs(
    path: &Path,
    tree: &GenreTree,
    wanted: &[FmaGenre],
    subset: FmaSubset,
    mut valences: BTreeMap<u32, f64>,
    classes: &mut [SelectedClass],
) -> Result<Vec<Song>, DatasetError> {
    let mut table = Stacked::open(path, 2)?;
    let [artist, title, licence] = [table.column("artist/name")?, table.column("track/title")?, table.column("track/license")?];
    let [genres, all_genres, of_subset] = [table.column("track/genres")?, table.column("track/genres_all")?, table.column("set/subset")?];
    let mut songs: BTreeMap<u32, Song> = BTreeMap::new();
    while table.advance()? {
        let id = table.track()?;
        let mut ids = Vec::new();
        for column in [genres, all_genres] {
            ids.extend(list(table.cell(column)).ok_or_else(|| table.bad(column, "genre ids as '[21, 5]'"))?);
        }
        let membership = tree.membership(&ids, wanted);
        let valence = valences.remove(&id);
        for &class in membership.iter().flat_map(|of| &of.carried) {
            classes[class].carried += 1;
            classes[class].with_value += usize::from(valence.is_some());
        }
        let Some(valence) = valence else {
            if songs.contains_key(&id) {
                return Err(table.bad(0, "each track once"));
            }
            continue;
        };
        let place = match membership {
            Err(unknown) => Place::Broken(format!("genre {unknown} (line {} of tracks.csv) is not in genres.csv", table.line())),
            Ok(of) => match of.lowest[..] {
                [class] if subset_of(&table, of_subset)?.is_some_and(|of| of <= subset) => {
                    classes[class].eligible += 1;
                    Place::Eligible(class)
                }
                [] | [_] => Place::Passed,
                ref several => {
                    several.iter().for_each(|&class| classes[class].ambiguous += 1);
                    Place::Passed
                }
            },
        };
        let text = |column| Some(table.cell(column)).filter(|text| !text.trim().is_empty()).map(str::to_owned);
        songs.insert(id, Song { id, valence, artist: text(artist), title: text(title), licence: text(licence), place });
    }
    for (id, valence) in valences {
        let place = Place::Broken("in echonest.csv, but not in tracks.csv; is tracks.csv whole?".into());
        songs.insert(id, Song { id, valence, artist: None, title: None, licence: None, place });
    }
    Ok(songs.into_values().collect())
}

/// The smallest subset that the row's song is in; `None` for one that is in none of the three.
fn subset_of(table: &Stacked, column: usize) -> Result<Option<FmaSubset>, DatasetError> {
    match table.cell(column) {
        "small" => Ok(Some(FmaSubset::Small)),
        "medium" => Ok(Some(FmaSubset::Medium)),
        "large" => Ok(Some(FmaSubset::Large)),
        "" | "full" => Ok(None),
        _ => Err(table.bad(column, "small, medium, large or nothing")),
    }
}
