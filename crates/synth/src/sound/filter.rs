//! Second-order filters and a small reverberator.
//!
//! # References
//! R. Bristow-Johnson, *Cookbook formulae for audio EQ biquad filter coefficients*; M. R. Schroeder, *Natural sounding
//! artificial reverberation* (1962).

use crate::artist::Peak;
use crate::math::{cos_turns, exp2, gain_of_db, sin_turns};

/// A second-order filter in transposed direct form II.
pub(super) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl Biquad {
    fn new(b: [f64; 3], a: [f64; 3]) -> Self {
        Self { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]], state: [0.0; 2] }
    }

    /// A peak or dip that leaves the rest of the spectrum alone.
    pub(super) fn peak(peak: &Peak, sample_rate_hz: f64) -> Self {
        let turns = peak.frequency_hz / sample_rate_hz;
        let alpha = sin_turns(turns) / (2.0 * peak.q);
        let root_gain = gain_of_db(peak.gain_db / 2.0);
        let middle = -2.0 * cos_turns(turns);
        Self::new([1.0 + alpha * root_gain, middle, 1.0 - alpha * root_gain], [1.0 + alpha / root_gain, middle, 1.0 - alpha / root_gain])
    }

    /// A band around `centre_hz`, where the gain is one.
    pub(super) fn band_pass(centre_hz: f64, q: f64, sample_rate_hz: f64) -> Self {
        let turns = centre_hz / sample_rate_hz;
        let alpha = sin_turns(turns) / (2.0 * q);
        Self::new([alpha, 0.0, -alpha], [1.0 + alpha, -2.0 * cos_turns(turns), 1.0 - alpha])
    }

    pub(super) fn next(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.state[0];
        self.state[0] = self.b[1] * x - self.a[0] * y + self.state[1];
        self.state[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    pub(super) fn run(&mut self, samples: &mut [f64]) {
        for sample in samples {
            *sample = self.next(*sample);
        }
    }
}

/// Delays of the four combs; mutually prime at common rates.
const COMBS_S: [f64; 4] = [0.0297, 0.0371, 0.0411, 0.0437];

/// Adds `share` of reverberation that halves every `half_life_s`.
pub(super) fn reverberate(samples: &mut [f64], share: f64, half_life_s: f64, sample_rate_hz: f64) {
    let mut wet = vec![0.0; samples.len()];
    for delay_s in COMBS_S {
        let delay = (delay_s * sample_rate_hz) as usize;
        let feedback = exp2(-delay_s / half_life_s);
        let mut line = vec![0.0; delay];
        for (block_in, block_out) in samples.chunks(delay).zip(wet.chunks_mut(delay)) {
            for ((&x, y), held) in block_in.iter().zip(block_out).zip(&mut line) {
                *y += *held;
                *held = x + feedback * *held;
            }
        }
    }
    for (sample, wet) in samples.iter_mut().zip(wet) {
        *sample += share * wet;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steady gain of `filter` for a sine of `hz`.
    fn gain(filter: &mut Biquad, hz: f64) -> f64 {
        let mut samples: Vec<f64> = (0..8000).map(|n| sin_turns(hz * f64::from(n) / 8000.0)).collect();
        filter.run(&mut samples);
        (samples[4000..].iter().map(|s| s * s).sum::<f64>() / 2000.0).sqrt()
    }

    #[test]
    fn a_peak_raises_its_frequency_by_its_gain_and_no_other_far_off() {
        let peak = Peak { frequency_hz: 500.0, q: 2.0, gain_db: 6.0 };
        assert!((gain(&mut Biquad::peak(&peak, 8000.0), 500.0) - gain_of_db(6.0)).abs() < 1e-3);
        assert!((gain(&mut Biquad::peak(&peak, 8000.0), 40.0) - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_band_passes_its_centre() {
        assert!((gain(&mut Biquad::band_pass(700.0, 1.0, 8000.0), 700.0) - 1.0).abs() < 1e-3);
        assert!(gain(&mut Biquad::band_pass(700.0, 1.0, 8000.0), 50.0) < 0.1);
    }

    #[test]
    fn an_impulse_comes_back_after_each_delay_and_halves_in_its_time() {
        let mut samples = vec![0.0; 8000];
        samples[0] = 1.0;
        reverberate(&mut samples, 0.5, 0.0297, 8000.0);
        let delay = (0.0297 * 8000.0) as usize;
        assert_eq!(samples[0], 1.0);
        assert_eq!(samples[delay], 0.5);
        assert!((samples[2 * delay] - 0.25).abs() < 1e-9);
    }
}
