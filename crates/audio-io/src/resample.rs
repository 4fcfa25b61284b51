//! From the file's rate to the rate asked for: Rubato's FFT resampler on a fixed grid of blocks.
//!
//! Rubato's `Fft` multiplies the spectrum of each block of input by that of a windowed sinc as
//! long as the block, keeps the bins below the lower Nyquist frequency, and overlap-adds. What is
//! added here: block sizes for which the delay is a whole number of frames on both sides, the
//! delay taken away, the tail flushed, the length `ceil(n · out / in)`.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, ResampleError, Resampler as _, ResamplerConstructionError, WindowFunction};

/// The block on the slower side has at least this many frames. The filter is as long as the block,
/// so this sets the transition band: with 512 the response is flat to 0.947 of the Nyquist
/// frequency and gone at 1.0.
const MIN_BLOCK_FRAMES: usize = 512;

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
    fft: Fft<f32>,
    block_in: usize,
    block_out: usize,
    pending: Vec<f32>,
    block: Vec<f32>,
    /// Output frames still to be dropped: the filter's delay, and what lies before the window.
    skip: usize,
}

impl Resampler {
    /// A resampler whose first output frame is `start_out`, counted from the start of the signal,
    /// and the input frame to begin feeding at.
    ///
    /// Every window of a signal is cut into the same blocks as the whole, and an output block
    /// depends on two input blocks alone: so a window equals the same part of the whole bit for bit.
    pub(crate) fn new(from_hz: u32, to_hz: u32, start_out: u64) -> Result<(Self, u64), RubatoError> {
        let (block_in, block_out) = block_sizes(from_hz, to_hz);
        let fft = Fft::new_custom(from_hz as usize, to_hz as usize, block_in, 1, 1, WindowFunction::BlackmanHarris2, FixedSync::Both)?;
        debug_assert_eq!((fft.fft_size_in(), fft.fft_size_out()), (block_in, block_out));
        // Raw output frame r is the signal's frame r - block_out / 2.
        let raw_start = start_out + block_out as u64 / 2;
        let first_block = (raw_start / block_out as u64).saturating_sub(1);
        let resampler = Resampler {
            fft,
            block_in,
            block_out,
            pending: Vec::with_capacity(block_in),
            block: vec![0.0; block_out],
            skip: (raw_start - first_block * block_out as u64) as usize,
        };
        Ok((resampler, first_block * block_in as u64))
    }

    /// Takes input and appends the output it completes.
    pub(crate) fn push(&mut self, mut samples: &[f32], out: &mut Vec<f32>) -> Result<(), RubatoError> {
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
    /// of the block begun and the delay of half a block.
    pub(crate) fn flush(&mut self, out: &mut Vec<f32>) -> Result<(), RubatoError> {
        let silence = vec![0.0; 2 * self.block_in - self.pending.len()];
        self.push(&silence, out)
    }

    fn run(&mut self, block: &[f32], out: &mut Vec<f32>) -> Result<(), RubatoError> {
        let wrong = |e: &dyn std::fmt::Display| RubatoError::Buffer(e.to_string());
        let input = InterleavedSlice::new(block, 1, self.block_in).map_err(|e| wrong(&e))?;
        let mut output = InterleavedSlice::new_mut(&mut self.block, 1, self.block_out).map_err(|e| wrong(&e))?;
        self.fft.process_into_buffer(&input, &mut output, None)?;
        let dropped = self.skip.min(self.block_out);
        self.skip -= dropped;
        out.extend_from_slice(&self.block[dropped..]);
        Ok(())
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
