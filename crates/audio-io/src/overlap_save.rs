//! One block of a signal from one rate to another in a rational ratio, by the Fourier transform.
//!
//! The spectrum of a block of input is multiplied by that of a windowed sinc, cut off or filled up
//! with zeros at the lower Nyquist frequency, and transformed back at the output's length. The first
//! part of the result, as long as the filter, is wrong and dropped: the block before has it
//! (overlap-save).
//!
//! Two stretches of signal make one complex block, the first its real part, the second its imaginary
//! part: all steps are linear and real, so they stay apart, and nothing is spent on the symmetry of
//! real transforms.
//!
//! # References
//! A. V. Oppenheim, R. W. Schafer, "Discrete-Time Signal Processing", section 8.7.3, for overlap-save.

use std::f64::consts::PI;
use std::sync::Arc;

use rustfft::num_complex::{Complex32, Complex64};
use rustfft::{Fft, FftPlanner};

use crate::{Rolloff, kaiser};

/// Ripple and leakage in dB below full scale.
const ATTENUATION_DB: f64 = 112.0;
/// The filter is at least this long, in frames of the lower rate: the response is flat to 0.94 of the lower Nyquist
/// frequency and gone at 1.0.
const MIN_FILTER_FRAMES: usize = 242;
/// A transform at the lower rate has at least this many frames. Longer ones waste less on the
/// overlap, but their transforms take longer than that saves.
const MIN_TRANSFORM_FRAMES: usize = 1024;

/// Resamples a block at a time; keeps nothing from one to the next.
pub(crate) struct OverlapSave {
    /// Frames of each transform, in and out.
    transform: (usize, usize),
    /// New frames of each transform; the others overlap with the stretch before.
    hop: (usize, usize),
    delay_out: usize,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    /// At bins 0, 1, 2… and …, -2, -1 below the lower Nyquist frequency, scaled for the transforms.
    filter: [Vec<Complex32>; 2],
    before: Vec<Complex32>,
    after: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl OverlapSave {
    /// Plans for a ratio of rates.
    pub(crate) fn new(from_hz: u32, to_hz: u32, rolloff: Rolloff) -> Self {
        let divisor = gcd(from_hz, to_hz);
        let (unit_in, unit_out) = ((from_hz / divisor) as usize, (to_hz / divisor) as usize);
        let unit = unit_in.min(unit_out);
        let overlap = MIN_FILTER_FRAMES.div_ceil(unit);
        // Powers of two, for the sake of the transform.
        let mut units = 2;
        while units * unit < MIN_TRANSFORM_FRAMES {
            units *= 2;
        }
        let transform = (units * unit_in, units * unit_out);
        let delay_out = overlap * unit_out / 2;
        let delay_in = delay_out as f64 * unit_in as f64 / unit_out as f64;
        let edge = PI * unit_out.min(unit_in) as f64 / unit_in as f64;
        let response = response(overlap * unit_in, delay_in, edge, rolloff.passband(), transform.0);
        let bins = transform.0.min(transform.1) / 2;
        let narrow = |bin: &Complex64| Complex32::new(bin.re as f32, bin.im as f32);
        let filter = [response[..bins].iter().map(narrow).collect(), response[transform.0 - bins + 1..].iter().map(narrow).collect()];
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(transform.0), planner.plan_fft_inverse(transform.1));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        OverlapSave {
            transform,
            hop: ((units - overlap) * unit_in, (units - overlap) * unit_out),
            delay_out,
            forward,
            inverse,
            filter,
            before: vec![Complex32::ZERO; transform.0],
            after: vec![Complex32::ZERO; transform.1],
            scratch: vec![Complex32::ZERO; scratch],
        }
    }

    /// Frames of a block of output: two stretches.
    pub(crate) fn block_out(&self) -> usize {
        2 * self.hop.1
    }

    /// Frames of input from the start of a block to the start of the next.
    pub(crate) fn block_in(&self) -> usize {
        2 * self.hop.0
    }

    /// Frames of input that a block needs from before its start.
    pub(crate) fn overlap_in(&self) -> usize {
        self.transform.0 - self.hop.0
    }

    /// Output frame `k` of the first block is the signal's frame `k - delay_out`.
    pub(crate) fn delay_out(&self) -> usize {
        self.delay_out
    }

    /// Resamples a block with the overlap before it, [`OverlapSave::overlap_in`] + [`OverlapSave::block_in`] frames,
    /// and appends [`OverlapSave::block_out`] frames, of which the first `skip` are left out.
    pub(crate) fn run(&mut self, input: &[f32], skip: usize, out: &mut Vec<f32>) {
        let (first, second) = (&input[..self.transform.0], &input[self.hop.0..][..self.transform.0]);
        for ((both, &first), &second) in self.before.iter_mut().zip(first).zip(second) {
            *both = Complex32::new(first, second);
        }
        self.forward.process_with_scratch(&mut self.before, &mut self.scratch);

        let [positive, negative] = &self.filter;
        let (bins, end_in, end_out) = (positive.len(), self.transform.0, self.transform.1);
        self.after[bins..=end_out - bins].fill(Complex32::ZERO);
        for ((after, before), filter) in self.after.iter_mut().zip(&self.before).zip(positive) {
            *after = before * filter;
        }
        let (after, before) = (&mut self.after[end_out - bins + 1..], &self.before[end_in - bins + 1..]);
        for ((after, before), filter) in after.iter_mut().zip(before).zip(negative) {
            *after = before * filter;
        }
        self.inverse.process_with_scratch(&mut self.after, &mut self.scratch);

        let valid = &self.after[end_out - self.hop.1..];
        let skip_second = skip.saturating_sub(valid.len()).min(valid.len());
        out.extend(valid[skip.min(valid.len())..].iter().map(|both| both.re));
        out.extend(valid[skip_second..].iter().map(|both| both.im));
    }
}

/// The spectrum, of `length` bins, of a low-pass filter of `taps + 1` taps around `centre` that is gone at `edge`
/// radians a sample; flat as far as the taps allow, or to `passband` of the edge.
fn response(taps: usize, centre: f64, edge: f64, passband: Option<f64>, length: usize) -> Vec<Complex64> {
    let beta = kaiser::beta(ATTENUATION_DB);
    let asked =
        passband.map_or(f64::INFINITY, |passband| kaiser::length_times_transition(ATTENUATION_DB) / (2.0 * edge * (1.0 - passband)));
    // Of an odd number of output frames the filter leaves half of one unused at its end.
    let reach = centre.min(taps as f64 - centre).min(asked);
    let transition = kaiser::length_times_transition(ATTENUATION_DB) / (2.0 * reach);
    let cutoff = edge - transition / 2.0;
    let tap = |n: usize| {
        let distance = n as f64 - centre;
        kaiser::sinc(cutoff, distance) * kaiser::window(beta, distance / reach)
    };
    let taps: Vec<f64> = (0..=taps.min(length - 1)).map(tap).collect();
    // A constant keeps its level; the transforms scale by their length.
    let scale = 1.0 / (taps.iter().sum::<f64>() * length as f64);
    let mut spectrum: Vec<Complex64> = taps.iter().map(|tap| Complex64::from(tap * scale)).collect();
    spectrum.resize(length, Complex64::ZERO);
    FftPlanner::new().plan_fft_forward(length).process(&mut spectrum);
    spectrum
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
