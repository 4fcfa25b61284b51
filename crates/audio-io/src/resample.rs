//! From the file's rate to the rate asked for: Rubato's FFT resampler on a fixed grid of blocks.
//!
//! Rubato's `Fft` multiplies the spectrum of each block of input by that of a windowed sinc as
//! long as the block, keeps the bins below the lower Nyquist frequency, and overlap-adds. What is
//! added here: the rate halved beforehand where that is cheaper ([`crate::halve`]), block sizes for which the delay is a whole number of frames on both sides, the
//! delay taken away, the tail flushed, the length `ceil(n · out / in)`.

use crate::halve::{Halver, halvings};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, ResampleError, Resampler as _, ResamplerConstructionError, WindowFunction};

/// The block on the slower side has at least this many frames. The filter is as long as the block,
/// so this sets the transition band: the response is flat to at least 0.94 of the Nyquist frequency
/// and gone at 1.0. Of the sizes from 512 to 4096 this is the fastest for 22 050 → 4000 Hz.
const MIN_BLOCK_FRAMES: usize = 1024;

/// What rubato answers when it is built or fed wrongly.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RubatoError {
    #[error(transparent)]
    Build(#[from] ResamplerConstructionError),
    #[error(transparent)]
    Process(#[from] ResampleError),
    #[error("buffer of the wrong size: {0}")]
    Buffer(String),
}

/// Resamples one mono signal, block by block.
pub(crate) struct Resampler {
    halvers: Vec<Halver>,
    /// Between two halvings, and before the FFT.
    halved: Vec<f32>,
    spare: Vec<f32>,
    /// There until the resampler is dropped.
    fft: Option<Fft<f32>>,
    ratio: (usize, usize),
    block_in: usize,
    block_out: usize,
    /// Input of the FFT that does not yet fill a block.
    pending: Vec<f32>,
    block: Vec<f32>,
    /// Halved frames still to be dropped: those that hear what lies before the first frame fed.
    skip_in: usize,
    /// Output frames still to be dropped: the filter's delay, and what lies before the window.
    skip_out: usize,
}

impl Resampler {
    /// A resampler whose first output frame is `start_out`, counted from the start of the signal,
    /// and the input frame to begin feeding at.
    ///
    /// Every window of a signal is cut into the same blocks as the whole, and an output block
    /// depends on two input blocks alone: so a window equals the same part of the whole bit for bit.
    pub(crate) fn new(from_hz: u32, to_hz: u32, start_out: u64) -> Result<(Self, u64), RubatoError> {
        let count = halvings(from_hz, to_hz);
        let rate = |halving: u32| f64::from(from_hz) / 2f64.powi(halving as i32);
        let halvers: Vec<Halver> = (0..count).map(|n| Halver::new(rate(n), f64::from(to_hz))).collect();
        // In the ratio of the halved rate, which may be no whole number, to the output's.
        let (from_ratio, to_ratio) = (from_hz, to_hz << count);
        let (block_in, block_out) = block_sizes(from_ratio, to_ratio);
        let window = WindowFunction::BlackmanHarris2;
        let (ratio_in, ratio_out) = (from_ratio as usize, to_ratio as usize);
        let fft = match plans::take(ratio_in, ratio_out) {
            Some(fft) => fft,
            None => Fft::new_custom(ratio_in, ratio_out, block_in, 1, 1, window, FixedSync::Both)?,
        };
        debug_assert_eq!((fft.fft_size_in(), fft.fft_size_out()), (block_in, block_out));

        // Raw output frame r is the signal's frame r - block_out / 2.
        let raw_start = start_out + block_out as u64 / 2;
        let first_block = (raw_start / block_out as u64).saturating_sub(1);
        let first_halved = first_block * block_in as u64;
        let reach: usize = halvers.iter().enumerate().map(|(n, halver)| halver.reach() << n).sum();
        let lead_in = (reach.div_ceil(1 << count) as u64).min(first_halved);
        let resampler = Resampler {
            halvers,
            halved: Vec::new(),
            spare: Vec::new(),
            fft: Some(fft),
            ratio: (ratio_in, ratio_out),
            block_in,
            block_out,
            pending: Vec::with_capacity(block_in),
            block: vec![0.0; block_out],
            skip_in: lead_in as usize,
            skip_out: (raw_start - first_block * block_out as u64) as usize,
        };
        Ok((resampler, (first_halved - lead_in) << count))
    }

    /// Takes input and appends the output it completes.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), RubatoError> {
        let Some((first, rest)) = self.halvers.split_first_mut() else {
            return self.push_halved(samples, out);
        };
        let mut halved = std::mem::take(&mut self.halved);
        halved.clear();
        first.push(samples, &mut halved);
        for halver in rest {
            self.spare.clear();
            halver.push(&halved, &mut self.spare);
            std::mem::swap(&mut halved, &mut self.spare);
        }
        let dropped = self.skip_in.min(halved.len());
        self.skip_in -= dropped;
        let result = self.push_halved(&halved[dropped..], out);
        self.halved = halved;
        result
    }

    fn push_halved(&mut self, mut samples: &[f32], out: &mut Vec<f32>) -> Result<(), RubatoError> {
        if !self.pending.is_empty() {
            let wanted = (self.block_in - self.pending.len()).min(samples.len());
            self.pending.extend_from_slice(&samples[..wanted]);
            samples = &samples[wanted..];
            if self.pending.len() < self.block_in {
                return Ok(());
            }
            let full = std::mem::take(&mut self.pending);
            self.run(&full, out)?;
            self.pending = full;
            self.pending.clear();
        }
        let mut blocks = samples.chunks_exact(self.block_in);
        for block in &mut blocks {
            self.run(block, out)?;
        }
        self.pending.extend_from_slice(blocks.remainder());
        Ok(())
    }

    /// Pushes silence through until every frame of the signal is out: two blocks hold what is left
    /// of the block begun and the delay of half a block; the halvings look ahead besides.
    pub(crate) fn flush(&mut self, out: &mut Vec<f32>) -> Result<(), RubatoError> {
        let reach: usize = self.halvers.iter().enumerate().map(|(n, halver)| halver.reach() << n).sum();
        let silence = vec![0.0; ((2 * self.block_in) << self.halvers.len()) + reach];
        self.push(&silence, out)
    }

    fn run(&mut self, block: &[f32], out: &mut Vec<f32>) -> Result<(), RubatoError> {
        let wrong = |e: &dyn std::fmt::Display| RubatoError::Buffer(e.to_string());
        let input = InterleavedSlice::new(block, 1, self.block_in).map_err(|e| wrong(&e))?;
        let mut output = InterleavedSlice::new_mut(&mut self.block, 1, self.block_out).map_err(|e| wrong(&e))?;
        self.fft.as_mut().expect("there until dropped").process_into_buffer(&input, &mut output, None)?;
        let dropped = self.skip_out.min(self.block_out);
        self.skip_out -= dropped;
        out.extend_from_slice(&self.block[dropped..]);
        Ok(())
    }
}

impl Drop for Resampler {
    fn drop(&mut self) {
        if let Some(fft) = self.fft.take() {
            plans::put_back(self.ratio, fft);
        }
    }
}

/// Planned transforms, kept by each thread from one file to the next: a corpus has few rates, and planning
/// costs a tenth of resampling a clip of 30 s.
mod plans {
    use std::cell::RefCell;

    use rubato::{Fft, Resampler as _};

    /// More than the rates of any corpus at once.
    const MOST: usize = 8;

    /// A ratio of rates and its transform.
    type Plan = ((usize, usize), Fft<f32>);

    thread_local! {
        static PLANS: RefCell<Vec<Plan>> = const { RefCell::new(Vec::new()) };
    }

    /// A transform of this ratio that is not in use, as if new.
    pub(super) fn take(ratio_in: usize, ratio_out: usize) -> Option<Fft<f32>> {
        PLANS.with_borrow_mut(|plans| {
            let at = plans.iter().position(|(ratio, _)| *ratio == (ratio_in, ratio_out))?;
            Some(plans.swap_remove(at).1)
        })
    }

    pub(super) fn put_back(ratio: (usize, usize), mut fft: Fft<f32>) {
        fft.reset();
        // Borrowed already only while a panic unwinds: the plan is then let go.
        let _ = PLANS.try_with(|plans| {
            if let Ok(mut plans) = plans.try_borrow_mut() {
                if plans.len() == MOST {
                    plans.remove(0);
                }
                plans.push((ratio, fft));
            }
        });
    }
}

/// Frames that `frames_in` become: `ceil(n · out / in)`, as soxr and librosa count.
pub(crate) fn output_frames(frames_in: u64, from_hz: u32, to_hz: u32) -> u64 {
    let frames = u128::from(frames_in) * u128::from(to_hz);
    frames.div_ceil(u128::from(from_hz)) as u64
}

/// Block sizes in the ratio of the rates, both even (the filter's centre is then a whole frame on
/// both sides), the smaller at least [`MIN_BLOCK_FRAMES`]; powers of two of the smallest such pair,
/// for the sake of the FFT.
fn block_sizes(from_hz: u32, to_hz: u32) -> (usize, usize) {
    let divisor = gcd(from_hz, to_hz);
    let (unit_in, unit_out) = ((from_hz / divisor) as usize, (to_hz / divisor) as usize);
    let mut units = 2;
    while units * unit_in.min(unit_out) < MIN_BLOCK_FRAMES {
        units *= 2;
    }
    (units * unit_in, units * unit_out)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
