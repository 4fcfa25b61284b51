//! The tracks of a corpus: who they are, where they lie, and which are planted duplicates.

use crate::artist::Artist;
use crate::dice::Dice;
use crate::format::AudioFormat;
use crate::genre::GENRES;
use crate::recording::{Mood, Recording};
use crate::spec::SynthSpec;

/// One track of a rendered corpus: a row of `tracks.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthTrack {
    /// Unique in the corpus: `waltz.00003`.
    pub track_id: String,
    /// Path of the file below the corpus folder, with `/` between its parts.
    pub path: String,
    /// The label a genre classifier learns.
    pub genre: &'static str,
    /// The label a mood classifier learns.
    pub mood: Mood,
    /// Who plays.
    pub artist: String,
    /// What it is called; not unique.
    pub title: String,
    /// Container and sample format of the file.
    pub format: AudioFormat,
    /// Whether this is a planted duplicate, and of what.
    pub planted: Option<Planted>,
}

impl SynthTrack {
    /// The track with the same bytes, if any: what comparing checksums finds.
    #[must_use]
    pub fn duplicate_of(&self) -> Option<&str> {
        self.planted.as_ref().filter(|planted| planted.how == PlantedHow::Copy).map(|planted| planted.of.as_str())
    }
}

/// That a track repeats another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// The track it repeats.
    pub of: String,
    /// How it differs.
    pub how: PlantedHow,
}

/// How a planted duplicate differs from its original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlantedHow {
    /// Not at all: the same bytes.
    Copy,
    /// Another container around the same samples, up to rounding.
    Container,
    /// Another container, and 3 dB quieter.
    Quieter,
}

impl PlantedHow {
    /// The word in `planted.csv`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Container => "container",
            Self::Quieter => "quieter",
        }
    }

    /// The level of the duplicate against the original.
    pub(crate) fn level_db(self) -> f64 {
        if self == Self::Quieter { -3.0 } else { 0.0 }
    }
}

/// The genres that hold one planted duplicate each.
const PLANTED: [(usize, PlantedHow); 5] =
    [(1, PlantedHow::Copy), (2, PlantedHow::Container), (4, PlantedHow::Copy), (6, PlantedHow::Quieter), (8, PlantedHow::Copy)];
/// Fewer tracks than this, and no duplicates: too little would be left of a genre.
const LEAST_TRACKS_TO_PLANT: usize = 3;

/// A track and the recording it holds.
pub(crate) struct PlannedTrack {
    pub(crate) track: SynthTrack,
    pub(crate) recording: Recording,
}

/// All tracks of the corpus of `spec`, genre by genre.
pub(crate) fn plan(spec: &SynthSpec) -> Vec<PlannedTrack> {
    (0..GENRES.len())
        .flat_map(|genre| {
            let duplicate = planted_in(spec, genre);
            (0..spec.tracks_per_genre).map(move |index| match duplicate {
                Some((copy, original, how)) if copy == index => {
                    let mut planned = plan_track(spec, genre, original);
                    let format = match how {
                        PlantedHow::Copy => planned.track.format,
                        PlantedHow::Container | PlantedHow::Quieter => another_container(planned.track.format),
                    };
                    let of = std::mem::replace(&mut planned.track.track_id, track_id(genre, index));
                    planned.track.path = path(genre, index, format);
                    planned.track.format = format;
                    planned.track.planted = Some(Planted { of, how });
                    planned
                }
                _ => plan_track(spec, genre, index),
            })
        })
        .collect()
}

fn plan_track(spec: &SynthSpec, genre: usize, index: usize) -> PlannedTrack {
    // Tracks of one artist stand together, as albums do in real corpora.
    let artist = index * Artist::count(genre, spec.tracks_per_genre) / spec.tracks_per_genre;
    let recording = Recording::draw(spec.seed, genre, artist, index);
    let format = AudioFormat::ALL[(genre + index) % AudioFormat::ALL.len()];
    let track = SynthTrack {
        track_id: track_id(genre, index),
        path: path(genre, index, format),
        genre: GENRES[genre].name,
        mood: recording.mood(),
        artist: recording.artist.name.clone(),
        title: title(&mut Dice::new(spec.seed, &format!("{} title", recording.name))),
        format,
        planted: None,
    };
    PlannedTrack { track, recording }
}

/// Copy, original and kind of the duplicate in `genre`, if it holds one.
fn planted_in(spec: &SynthSpec, genre: usize) -> Option<(usize, usize, PlantedHow)> {
    let (_, how) = *PLANTED.iter().find(|(home, _)| *home == genre)?;
    let n = spec.tracks_per_genre;
    if n < LEAST_TRACKS_TO_PLANT {
        return None;
    }
    let mut dice = Dice::new(spec.seed, &format!("planted {genre}"));
    let one = dice.below(n);
    let other = (one + 1 + dice.below(n - 1)) % n;
    Some((one.max(other), one.min(other), how))
}

/// The next format whose files have another name.
fn another_container(format: AudioFormat) -> AudioFormat {
    let place = AudioFormat::ALL.iter().position(|&f| f == format).unwrap_or(0);
    let others = AudioFormat::ALL.iter().cycle().skip(place + 1).take(AudioFormat::ALL.len());
    others.copied().find(|other| other.extension() != format.extension()).unwrap_or(format)
}

fn track_id(genre: usize, index: usize) -> String {
    format!("{}.{index:05}", GENRES[genre].name)
}

fn path(genre: usize, index: usize, format: AudioFormat) -> String {
    format!("audio/{}/{}.{}", GENRES[genre].name, track_id(genre, index), format.extension())
}

const OPENINGS: [&str; 8] = ["Slow Train to", "Letters from", "The Last of", "Under", "Say Goodbye to", "One More for", "Beyond", "No"];
const ENDINGS: [&str; 8] =
    ["the Harbour", "September", "My Own \"Paris\"", "Tin Roofs", "Salt, Sand and Sky", "Marigold", "the Night Desk", "Winter"];

fn title(dice: &mut Dice) -> String {
    format!("{} {}", dice.pick(&OPENINGS), dice.pick(&ENDINGS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_container_is_another_kind_of_file() {
        for format in AudioFormat::ALL {
            assert_ne!(another_container(format).extension(), format.extension());
        }
    }

    #[test]
    fn a_planted_duplicate_holds_its_original_recording_and_no_other_track_shares_one() {
        let tracks = plan(&SynthSpec::default());
        let find = |id: &str| tracks.iter().find(|t| t.track.track_id == id).map(|t| &t.recording.name);
        for t in &tracks {
            if let Some(planted) = &t.track.planted {
                assert_eq!(find(&planted.of), Some(&t.recording.name));
            }
        }
        let recordings: std::collections::BTreeSet<&str> = tracks.iter().map(|t| t.recording.name.as_str()).collect();
        assert_eq!(recordings.len(), 95);
    }

    #[test]
    fn three_or_four_artists_a_genre_stand_in_blocks() {
        let tracks = plan(&SynthSpec::default());
        for (genre, tracks) in tracks.chunks(10).enumerate() {
            let mut artists: Vec<&str> = tracks.iter().filter(|t| t.track.planted.is_none()).map(|t| &*t.track.artist).collect();
            artists.dedup();
            assert_eq!(artists.len(), 3 + genre % 2);
        }
    }

    #[test]
    fn moods_and_formats_are_spread_over_the_genres() {
        let tracks = plan(&SynthSpec { tracks_per_genre: 40, ..SynthSpec::default() });
        for mood in [Mood::Happy, Mood::Calm, Mood::Energetic, Mood::Sad] {
            for genre in tracks.chunks(40) {
                let n = genre.iter().filter(|t| t.track.mood == mood).count();
                assert!((2..25).contains(&n), "{} {}: {n} of 40", genre[0].track.genre, mood.as_str());
            }
        }
    }
}
