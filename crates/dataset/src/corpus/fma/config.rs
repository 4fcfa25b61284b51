//! What of FMA a corpus takes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::FmaSubset;

/// The table `[fma]` of a corpus file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FmaConfig {
    /// The folder of tracks.csv, genres.csv and echonest.csv, relative to the corpus root.
    pub metadata: String,
    /// The folder of the audio, relative to the corpus root: `138/138123.mp3` below it.
    pub audio: String,
    /// Songs are drawn from this subset and those within it.
    pub subset: FmaSubset,
    /// Songs drawn a genre.
    pub per_genre: usize,
    /// The seed of the draw.
    pub seed: u64,
    /// How valence becomes mood.
    pub mood: MoodCuts,
    /// The genres, by their ids at any level of the tree.
    pub genres: Vec<FmaGenre>,
    /// Tracks whose clips are known to be short or empty: noted where one is drawn.
    #[serde(default)]
    pub known_short: Vec<u32>,
    /// SHA-1 of the metadata files, by name; a file that is not named is not checked.
    #[serde(default)]
    pub sha1: BTreeMap<String, String>,
}

/// A genre of the corpus.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FmaGenre {
    /// The label.
    pub label: String,
    /// Its id in genres.csv.
    pub id: u32,
    /// Its title there, held against the id.
    pub title: String,
}

/// The moods `Sad`, `Neutral` and `Happy` as ranges of valence.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoodCuts {
    /// Below it, a song is sad.
    pub sad_below: f64,
    /// From it on, a song is happy.
    pub happy_from: f64,
}

impl MoodCuts {
    /// The mood of a valence.
    pub fn mood(self, valence: f64) -> &'static str {
        match valence {
            sad if sad < self.sad_below => "Sad",
            happy if happy >= self.happy_from => "Happy",
            _ => "Neutral",
        }
    }
}

impl FmaConfig {
    /// The key that cannot be, what it is, and what it must be.
    pub(in crate::corpus) fn fault(&self) -> Option<(&'static str, String, &'static str)> {
        let MoodCuts { sad_below, happy_from } = self.mood;
        let rising = 0.0 < sad_below && sad_below < happy_from && happy_from <= 1.0;
        let twice = self
            .genres
            .iter()
            .enumerate()
            .find(|(place, genre)| self.genres[..*place].iter().any(|other| other.id == genre.id || other.label == genre.label));
        let folders = [&self.metadata, &self.audio].into_iter().find(|folder| !super::super::is_inside(folder));
        let sha1 = self.sha1.iter().find(|(name, hex)| !super::FILES.contains(&name.as_str()) || hex.len() != 40);
        if self.genres.is_empty() {
            Some(("fma.genres", "none".into(), "at least one"))
        } else if let Some((_, genre)) = twice {
            Some(("fma.genres", format!("{} ({}) twice", genre.label, genre.id), "labels and ids of their own"))
        } else if self.per_genre == 0 {
            Some(("fma.per_genre", "0".into(), "at least 1"))
        } else if !rising {
            Some(("fma.mood", format!("{sad_below} and {happy_from}"), "0 < sad_below < happy_from <= 1"))
        } else if let Some(folder) = folders {
            Some(("fma.metadata and fma.audio", format!("'{folder}'"), "folders inside the corpus root"))
        } else {
            sha1.map(|(name, hex)| {
                ("fma.sha1", format!("{name} = '{hex}'"), "40 hexadecimal digits for tracks.csv, genres.csv or echonest.csv")
            })
        }
    }
}
