//! Halving the rate before the rest is resampled: a half-band filter with zero delay.
//!
//! The cost of [`crate::overlap_save`] is that of its forward transforms, at the rate of its input.
//! Where the output's band is a small part of that, a short filter halves the rate for a fraction of
//! the cost: every second tap of a half-band filter is zero, and the others come in equal pairs.

use std::f64::consts::PI;

use crate::kaiser;

/// Ripple and leakage of each halving, in dB below full scale.
const ATTENUATION_DB: f64 = 114.0;
/// Halve while the rate is at least this many times the output's. Nearer to 2 the transition band is so
/// narrow, and the filter so long, that nothing is won.
const LEAST_RATIO: f64 = 4.0;
/// Outputs computed together, as many as vector registers hold; fewer are left for the next call.
const LANES: usize = 64;

/// How often to halve a rate on the way to another.
pub(crate) fn halvings(from_hz: u32, to_hz: u32) -> u32 {
    let mut count = 0;
    while f64::from(from_hz) / 2f64.powi(count as i32) >= LEAST_RATIO * f64::from(to_hz) {
        count += 1;
    }
    count
}

/// Halves the rate of a signal: output `k` is the filtered input `2k`.
pub(crate) struct Halver {
    /// The tap at distances 1, 3, 5… from the centre, whose own tap is 0.5.
    taps: Vec<f32>,
    /// Inputs 0, 2, 4… not yet used up.
    even: Vec<f32>,
    /// Inputs 1, 3, 5…, with as many before them as there are taps.
    odd: Vec<f32>,
    /// The next input is an odd one.
    is_odd_next: bool,
}

impl Halver {
    /// A filter for input at `rate_hz` that leaves what lies below half of `to_hz` unchanged, and
    /// lets nothing fold into it.
    pub(crate) fn new(rate_hz: f64, to_hz: f64) -> Self {
        // From the output's Nyquist frequency to its mirror image about a quarter of the rate.
        let transition = 2.0 * PI * (rate_hz / 2.0 - to_hz) / rate_hz;
        let length = kaiser::length_times_transition(ATTENUATION_DB) / transition;
        let pairs = ((length + 1.0) / 4.0).ceil() as usize;
        let beta = kaiser::beta(ATTENUATION_DB);
        let taps = (0..pairs).map(|pair| {
            let distance = (2 * pair + 1) as f64;
            kaiser::sinc(PI / 2.0, distance) * kaiser::window(beta, distance / (2 * pairs) as f64)
        });
        let taps: Vec<f64> = taps.collect();
        // A constant keeps its level exactly: both sides together weigh 0.5.
        let scale = 0.25 / taps.iter().sum::<f64>();
        let taps: Vec<f32> = taps.iter().map(|tap| (tap * scale) as f32).collect();
        Halver { odd: vec![0.0; taps.len()], taps, even: Vec::new(), is_odd_next: false }
    }

    /// Input frames that an output waits for, at most; it hears fewer on either side.
    pub(crate) fn reach(&self) -> usize {
        2 * (self.taps.len() + LANES)
    }

    /// Takes input and appends the output it completes.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        // Lanes are independent, so the width of the registers found changes no bit.
        pulp::Arch::new().dispatch(Push { halver: self, samples, out });
    }

    #[inline(always)]
    fn halve(&mut self, mut samples: &[f32], out: &mut Vec<f32>) {
        if let (true, [first, rest @ ..]) = (self.is_odd_next, samples) {
            self.odd.push(*first);
            self.is_odd_next = false;
            samples = rest;
        }
        let (couples, last) = samples.as_chunks::<2>();
        let (evens, odds) = (self.even.len(), self.odd.len());
        self.even.resize(evens + couples.len(), 0.0);
        self.odd.resize(odds + couples.len(), 0.0);
        for ((even, odd), couple) in self.even[evens..].iter_mut().zip(&mut self.odd[odds..]).zip(couples) {
            (*even, *odd) = (couple[0], couple[1]);
        }
        if let [last] = last {
            self.even.push(*last);
            self.is_odd_next = true;
        }
        let ready = (self.odd.len() + 1).saturating_sub(2 * self.taps.len()).min(self.even.len());
        let ready = ready / LANES * LANES;
        for at in (0..ready).step_by(LANES) {
            out.extend_from_slice(&self.filter(at));
        }
        self.even.drain(..ready);
        self.odd.drain(..ready);
    }

    #[inline(always)] // into the code compiled for the registers found
    fn filter(&self, at: usize) -> [f32; LANES] {
        let mut sum = [0.0; LANES];
        let centre = at + self.taps.len();
        for (pair, tap) in self.taps.iter().enumerate() {
            let after: &[f32; LANES] = self.odd[centre + pair..].first_chunk().expect("as many as `ready` asks for");
            let before: &[f32; LANES] = self.odd[centre - 1 - pair..].first_chunk().expect("fewer than after");
            for lane in 0..LANES {
                sum[lane] += tap * (after[lane] + before[lane]);
            }
        }
        let even = &self.even[at..][..LANES];
        for lane in 0..LANES {
            sum[lane] += 0.5 * even[lane];
        }
        sum
    }
}

/// [`Halver::halve`] as pulp takes it: inlined into code compiled for the registers found, where a closure would not be.
struct Push<'a> {
    halver: &'a mut Halver,
    samples: &'a [f32],
    out: &'a mut Vec<f32>,
}

impl pulp::NullaryFnOnce for Push<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.halver.halve(self.samples, self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook filter in f64: 1 in the passband, 0 in its mirror image.
    fn response(halver: &Halver, frequency: f64) -> f64 {
        let pairs = halver.taps.iter().enumerate();
        let cosine = |pair: usize| (2.0 * PI * frequency * (2 * pair + 1) as f64).cos();
        0.5 + pairs.map(|(pair, &tap)| 2.0 * f64::from(tap) * cosine(pair)).sum::<f64>()
    }

    #[test]
    fn the_passband_is_flat_and_its_mirror_image_silent() {
        for (rate, to) in [(22050.0, 4000.0), (11025.0, 4000.0), (48000.0, 16000.0), (96000.0, 4000.0)] {
            let halver = Halver::new(rate, to);
            for step in 0..=100 {
                let frequency = to / 2.0 / rate * f64::from(step) / 100.0;
                let ripple = (response(&halver, frequency) - 1.0).abs();
                let leakage = response(&halver, 0.5 - frequency).abs();
                assert!(ripple < 5e-6 && leakage < 5e-6, "{rate} Hz, {frequency}: {ripple:.1e} {leakage:.1e}");
            }
        }
    }

    #[test]
    fn cutting_the_input_anywhere_changes_no_bit() {
        let signal: Vec<f32> = (0..1000).map(|k| ((k * k) as f32 * 0.37).sin()).collect();
        let (mut whole, mut pieces) = (Vec::new(), Vec::new());
        Halver::new(22050.0, 4000.0).push(&signal, &mut whole);
        let mut halver = Halver::new(22050.0, 4000.0);
        for piece in signal.chunks(7) {
            halver.push(piece, &mut pieces);
        }
        assert!(whole.len() > 430);
        assert_eq!(whole, pieces);
    }

    #[test]
    fn the_rate_is_halved_while_the_band_is_narrow() {
        let counts = [(22050, 4000), (44100, 4000), (16000, 4000), (48000, 16000), (44100, 22050)];
        assert_eq!(counts.map(|(from, to)| halvings(from, to)), [1, 2, 1, 0, 0]);
    }
}
