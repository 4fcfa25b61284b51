//! The artists: three or four a genre, each with a sound that is theirs whatever they play.
//!
//! Sounds come from a common pool of studios and instruments, so artists of different genres can sound alike: a model
//! that has learned the artist instead of the genre is misled by a track of an artist it has not met.

use crate::dice::Dice;
use crate::genre::{GENRES, Patch};

/// How many studios all artists share.
const N_STUDIOS: usize = 12;

/// A peak (or dip) of an equaliser.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peak {
    pub(crate) frequency_hz: f64,
    pub(crate) q: f64,
    pub(crate) gain_db: f64,
}

impl Peak {
    /// A peak anywhere below 2 kHz, the band that the models hear; equally likely in every octave.
    pub(crate) fn draw(dice: &mut Dice, q: f64, sd_db: f64) -> Self {
        let octaves_above_60_hz = dice.range(0.0, 5.0);
        Self { frequency_hz: 60.0 * crate::math::exp2(octaves_above_60_hz), q, gain_db: dice.bell(sd_db) }
    }
}

/// What is the same in all tracks of one artist.
pub(crate) struct Artist {
    pub(crate) name: String,
    pub(crate) equaliser: Vec<Peak>,
    /// Offset from A4 = 440 Hz.
    pub(crate) tuning_cents: f64,
    /// Share of reverberation in the mix, and how long it halves.
    pub(crate) reverb_share: f64,
    pub(crate) reverb_half_life_s: f64,
    /// The artist's own instrument, into which the genre's are blended.
    pub(crate) instrument: Patch,
    /// Centre of the snare's noise.
    pub(crate) snare_hz: f64,
    pub(crate) kick_hz: f64,
}

impl Artist {
    /// How many artists genre `genre` has, for at least that many tracks.
    pub(crate) fn count(genre: usize, tracks_per_genre: usize) -> usize {
        (3 + genre % 2).min(tracks_per_genre)
    }

    /// Artist `index` of genre `genre`.
    pub(crate) fn draw(seed: u64, genre: usize, index: usize) -> Self {
        let mut dice = Dice::new(seed, &format!("artist {} {index}", GENRES[genre].name));
        let studio = dice.below(N_STUDIOS);
        let mut room = Dice::new(seed, &format!("studio {studio}"));
        let mut equaliser: Vec<Peak> = (0..4).map(|_| Peak::draw(&mut room, 1.0, 6.0)).collect();
        let reverb_half_life_s = room.range(0.03, 0.25);
        let reverb_share = room.range(0.05, 0.35);
        equaliser.extend((0..2).map(|_| Peak::draw(&mut dice, 1.5, 3.6)));
        Self {
            name: name(seed, genre, index),
            equaliser,
            tuning_cents: dice.bell(18.0),
            reverb_share,
            reverb_half_life_s,
            instrument: Patch {
                brightness: dice.range(0.05, 0.95),
                hollow: dice.range(0.0, 0.8),
                attack_s: dice.range(0.003, 0.08),
                half_life_s: dice.range(0.15, 1.5),
                tremolo: if dice.chance(0.3) { dice.range(0.1, 0.4) } else { 0.0 },
                tremolo_per_beat: *dice.pick(&[1.0, 2.0, 3.0, 4.0]),
            },
            snare_hz: dice.range(250.0, 1500.0),
            kick_hz: dice.range(45.0, 75.0),
        }
    }
}

const FIRST: [&str; 8] = ["The Velvet", "Paper", "Northern", "Ada and the", "Seven", "Brass", "Quiet", "Little"];
const SECOND: [&str; 5] = ["Sextants", "Lanterns", "Foxes", "Harbour", "Ferrymen"];

/// A name of its own for each of the forty possible artists: they are numbered, shuffled, and read off a grid.
fn name(seed: u64, genre: usize, index: usize) -> String {
    let mut order: Vec<usize> = (0..FIRST.len() * SECOND.len()).collect();
    let mut dice = Dice::new(seed, "artists' names");
    for i in (1..order.len()).rev() {
        order.swap(i, dice.below(i + 1));
    }
    let number = order[genre * 4 + index];
    format!("{} {}", FIRST[number % FIRST.len()], SECOND[number / FIRST.len()])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_artist_has_a_name_of_their_own() {
        let names: BTreeSet<String> = (0..10).flat_map(|genre| (0..4).map(move |index| name(1, genre, index))).collect();
        assert_eq!(names.len(), 40);
    }
}
