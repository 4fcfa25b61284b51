//! FMA: songs of some genres with a valence, drawn by a seed from the data set's own tables.

mod config;
mod genres;
mod songs;
mod stacked;

use std::{
    fs::File,
    io::{BufReader, ErrorKind},
    path::Path,
};

use rayon::prelude::*;

pub use config::{FmaConfig, FmaGenre, MoodCuts};
pub use songs::FmaSubset;

use self::{
    genres::GenreTree,
    songs::{Place, Song, songs, valences},
};
use super::{
    IndexOptions,
    files::{mark_duplicates, verify},
};
use crate::{DatasetError, SelectedClass, Selection, Track, digest::sha1_file, split::shuffle};

const TRACKS: &str = "tracks.csv";
const GENRES: &str = "genres.csv";
const ECHONEST: &str = "echonest.csv";

/// The files of the metadata that are read.
pub(super) const FILES: [&str; 3] = [TRACKS, GENRES, ECHONEST];

/// What was drawn, before anything is known of the audio.
pub(super) struct Draw {
    pub tracks: Vec<Track>,
    pub selection: Selection,
}

/// Draws the songs of each genre: of those that are eligible, in the order of their numbers, shuffled by the seed, the first.
///
/// A genre's draw depends on its own songs alone. Songs that cannot be used are listed beside the drawn ones, with the reason.
pub(super) fn draw(config: &FmaConfig, corpus: &str, root: &Path, accept_foreign_bytes: bool) -> Result<Draw, DatasetError> {
    let [tracks_csv, genres_csv, echonest_csv] = FILES.map(|name| root.join(&config.metadata).join(name));
    for (name, expected) in config.sha1.iter().filter(|_| !accept_foreign_bytes) {
        let path = root.join(&config.metadata).join(name);
        open(&path)?;
        let found = sha1_file(&path).map_err(DatasetError::io(&path))?;
        if !expected.eq_ignore_ascii_case(&found) {
            return Err(DatasetError::ForeignTable { path, found: format!("sha1:{found}"), expected: format!("sha1:{expected}") });
        }
    }
    let tree = GenreTree::read(&genres_csv)?;
    tree.check(&config.genres)?;
    let none =
        |genre: &FmaGenre| SelectedClass { label: genre.label.clone(), carried: 0, with_value: 0, ambiguous: 0, eligible: 0, drawn: 0 };
    let mut classes: Vec<SelectedClass> = config.genres.iter().map(none).collect();
    let songs = songs(&tracks_csv, &tree, &config.genres, config.subset, valences(&echonest_csv)?, &mut classes)?;
    let mut tracks = Vec::new();
    for (class, counts) in classes.iter_mut().enumerate() {
        let mut eligible: Vec<&Song> = songs.iter().filter(|song| song.place == Place::Eligible(class)).collect();
        let seed = config.seed.to_string();
        let mut rng = shuffle::keyed(["segno fma draw", "1", corpus, &counts.label, &seed]);
        shuffle::shuffle(&mut eligible, &mut rng);
        eligible.truncate(config.per_genre);
        counts.drawn = eligible.len();
        tracks.extend(eligible.into_iter().map(|song| track(song, config, Some(&counts.label))));
    }
    tracks.extend(songs.iter().filter(|song| matches!(song.place, Place::Broken(_))).map(|song| track(song, config, None)));
    Ok(Draw { tracks, selection: Selection { per_class: config.per_genre, seed: config.seed, classes } })
}

/// The drawn songs, with what is there of their audio.
pub(super) fn index(
    config: &FmaConfig,
    corpus: &str,
    root: &Path,
    options: &IndexOptions<'_>,
) -> Result<(Vec<Track>, Selection, String), DatasetError> {
    let Draw { mut tracks, selection } = draw(config, corpus, root, options.accept_foreign_bytes)?;
    tracks.sort_by(|a, b| a.track_id.cmp(&b.track_id));
    tracks.par_iter_mut().filter(|track| track.left_out.is_none()).for_each(|track| verify(track, root, None, false));
    mark_duplicates(&mut tracks);
    Ok((tracks, selection, format!("{}/138/138123.mp3 and its like", config.audio)))
}

fn track(song: &Song, config: &FmaConfig, genre: Option<&str>) -> Track {
    let track_id = format!("{:06}", song.id);
    let path = format!("{}/{}/{track_id}.mp3", config.audio, &track_id[..3]);
    let mood = ("mood".to_owned(), config.mood.mood(song.valence).to_owned());
    let genre = genre.map(|genre| ("genre".to_owned(), genre.to_owned()));
    Track {
        track_id,
        path,
        labels: genre.into_iter().chain([mood]).collect(),
        values: [("valence".to_owned(), song.valence)].into(),
        artist: song.artist.clone(),
        title: song.title.clone(),
        licence: song.licence.clone(),
        left_out: if let Place::Broken(reason) = &song.place { Some(reason.clone()) } else { None },
        note: config.known_short.contains(&song.id).then(|| "known to be short or empty".to_owned()),
        ..Track::default()
    }
}

/// Opens a file of the metadata.
fn open(path: &Path) -> Result<BufReader<File>, DatasetError> {
    File::open(path).map(BufReader::new).map_err(|source| match source.kind() {
        ErrorKind::NotFound => DatasetError::NoMetadata { path: path.to_owned() },
        _ => DatasetError::Io { path: path.to_owned(), source },
    })
}
