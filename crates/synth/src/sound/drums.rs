//! Drums: a falling sine, and shaped noise.

use super::filter::Biquad;
use super::score::{Drum, Hit};
use crate::dice::Dice;
use crate::math::{decay_per_sample, sin_turns};
use crate::recording::Recording;

/// One stroke of each drum, rendered once and added wherever it falls.
pub(super) struct Kit {
    kick: Vec<f64>,
    snare: Vec<f64>,
    hat: Vec<f64>,
}

impl Kit {
    pub(super) fn new(recording: &Recording, dice: &mut Dice, sample_rate_hz: f64) -> Self {
        let artist = &recording.artist;
        Self {
            kick: kick(artist.kick_hz, sample_rate_hz),
            snare: noise(dice, artist.snare_hz, 0.05, 0.7, sample_rate_hz),
            hat: noise(dice, 0.34 * sample_rate_hz, 0.018, 0.35, sample_rate_hz),
        }
    }

    /// Adds one stroke to `out`, whose first sample is at time 0.
    pub(super) fn play(&self, hit: &Hit, gain: f64, sample_rate_hz: f64, out: &mut [f64]) {
        if hit.start_s < 0.0 {
            return;
        }
        let stroke = match hit.drum {
            Drum::Kick => &self.kick,
            Drum::Snare => &self.snare,
            Drum::Hat => &self.hat,
        };
        let start = (hit.start_s * sample_rate_hz) as usize;
        let Some(out) = out.get_mut(start..) else { return };
        for (sample, value) in out.iter_mut().zip(stroke) {
            *sample += gain * hit.gain * value;
        }
    }
}

/// A sine that falls from four times `hz` to `hz`.
fn kick(hz: f64, sample_rate_hz: f64) -> Vec<f64> {
    let decay = decay_per_sample(0.06, sample_rate_hz);
    let sweep = decay_per_sample(0.015, sample_rate_hz);
    let (mut phase, mut level, mut excess) = (0.0, 1.4, 3.0);
    (0..(0.4 * sample_rate_hz) as usize)
        .map(|_| {
            phase += hz * (1.0 + excess) / sample_rate_hz;
            level *= decay;
            excess *= sweep;
            level * sin_turns(phase)
        })
        .collect()
}

/// A burst of noise around `centre_hz`.
fn noise(dice: &mut Dice, centre_hz: f64, half_life_s: f64, gain: f64, sample_rate_hz: f64) -> Vec<f64> {
    let decay = decay_per_sample(half_life_s, sample_rate_hz);
    let mut band = Biquad::band_pass(centre_hz, 0.7, sample_rate_hz);
    let mut level = gain * 2.0;
    (0..(8.0 * half_life_s * sample_rate_hz) as usize)
        .map(|_| {
            level *= decay;
            level * band.next(dice.noise())
        })
        .collect()
}
