//! How large a corpus, and which.

use crate::SynthError;

/// What a corpus is rendered from: with the crate's version, it settles every byte.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `tracks_per_genre` | 10 | 1 to 10 000 | ten genres, so ten times as many tracks |
/// | `seconds` | 15 | 1 to 600 | length of each track |
/// | `sample_rate_hz` | 22 050 | 8 000 to 192 000 | rate of each file |
/// | `seed` | 20 160 524 | any | another seed, another corpus of the same kind |
#[derive(Debug, Clone, PartialEq)]
pub struct SynthSpec {
    /// Tracks in each of the ten genres.
    pub tracks_per_genre: usize,
    /// Length of each track.
    pub seconds: f64,
    /// Sample rate of each file.
    pub sample_rate_hz: u32,
    /// Seed of every draw.
    pub seed: u64,
}

impl Default for SynthSpec {
    fn default() -> Self {
        Self { tracks_per_genre: 10, seconds: 15.0, sample_rate_hz: 22_050, seed: 20_160_524 }
    }
}

impl SynthSpec {
    /// Holds each field to its range.
    pub(crate) fn check(&self) -> Result<(), SynthError> {
        let bad = |field, found: String, expected| Err(SynthError::BadSpec { field, found, expected });
        if !(1..=10_000).contains(&self.tracks_per_genre) {
            return bad("tracks_per_genre", self.tracks_per_genre.to_string(), "1 to 10000");
        }
        if !(1.0..=600.0).contains(&self.seconds) {
            return bad("seconds", self.seconds.to_string(), "1 to 600");
        }
        if !(8_000..=192_000).contains(&self.sample_rate_hz) {
            return bad("sample_rate_hz", self.sample_rate_hz.to_string(), "8000 to 192000");
        }
        Ok(())
    }

    /// Samples of each channel of a track.
    pub(crate) fn n_samples(&self) -> usize {
        (self.seconds * f64::from(self.sample_rate_hz)).round() as usize
    }
}
