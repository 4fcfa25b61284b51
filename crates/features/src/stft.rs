//! The short-time Fourier transform, planned once and run without allocating.

use std::fmt;
use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};

use crate::{Complex32, Detrend, FeatureError, MAX_SAMPLE, StftConfig};

/// A planned short-time Fourier transform with its buffers: one for each thread.
///
/// The spectra are those of `librosa.stft`: one-sided, unscaled, and with the phase counted from
/// the start of the frame.
///
/// ```
/// use segno_features::{Padding, Stft, StftConfig};
///
/// // A cosine of eight samples a period, in frames of 64 samples, stands in bin 64 / 8.
/// let samples: Vec<f32> = (0..257).map(|i| (i as f32 * std::f32::consts::TAU / 8.0).cos()).collect();
/// let mut stft = Stft::new(StftConfig { padding: Padding::Reflect, ..StftConfig::new(64, 16) })?;
/// assert_eq!(stft.config().frames(samples.len()), 17);
///
/// let mut loudest = Vec::new();
/// stft.for_each_frame(&samples, |_frame, spectrum| {
///     loudest.push((0..spectrum.len()).max_by(|&a, &b| spectrum[a].norm().total_cmp(&spectrum[b].norm())));
/// })?;
/// assert_eq!(loudest, [Some(8); 17]);
/// # Ok::<(), segno_features::FeatureError>(())
/// ```
///
/// # References
/// librosa 0.11, `librosa.stft`; scipy 1.17, `scipy.signal.spectrogram`.
#[derive(Clone)]
pub struct Stft {
    config: StftConfig,
    plan: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    frame: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl fmt::Debug for Stft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stft").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Stft {
    /// Plans the transform and makes the window and every buffer.
    ///
    /// # Errors
    /// As [`StftConfig::check`].
    pub fn new(config: StftConfig) -> Result<Self, FeatureError> {
        let window = config.checked_window()?.into_iter().map(|w| w as f32).collect();
        let plan = RealFftPlanner::new().plan_fft_forward(config.n_fft);
        let (frame, spectrum, scratch) = (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
        Ok(Self { config, plan, window, frame, spectrum, scratch })
    }

    /// The configuration it was planned for.
    #[must_use]
    pub fn config(&self) -> &StftConfig {
        &self.config
    }

    /// Calls `each` with every frame's number and its spectrum of [`StftConfig::bins`] values, in
    /// order.
    ///
    /// # Errors
    /// [`FeatureError::ShorterThanFrame`] where the samples give no frame,
    /// [`FeatureError::Sample`].
    pub fn for_each_frame(&mut self, samples: &[f32], mut each: impl FnMut(usize, &[Complex32])) -> Result<(), FeatureError> {
        let frames = self.config.frames(samples.len());
        if frames == 0 {
            return Err(FeatureError::ShorterThanFrame { found: samples.len(), n_fft: self.config.n_fft });
        }
        check_samples(samples)?;
        for index in 0..frames {
            each(index, self.transform_frame(samples, index));
        }
        Ok(())
    }

    /// Writes the spectra of all frames into `out`.
    ///
    /// # Shapes
    /// `out`: `[frames, bins]`, row-major
    ///
    /// # Errors
    /// [`FeatureError::OutputLength`], and as [`Stft::for_each_frame`].
    pub fn transform(&mut self, samples: &[f32], out: &mut [Complex32]) -> Result<(), FeatureError> {
        let (rows, columns) = (self.config.frames(samples.len()), self.config.bins());
        if out.len() != rows * columns {
            return Err(FeatureError::OutputLength { found: out.len(), rows, columns });
        }
        self.for_each_frame(samples, |frame, spectrum| {
            out[frame * columns..][..columns].copy_from_slice(spectrum);
        })
    }

    /// The spectrum of one frame; `samples` is not empty and was checked.
    fn transform_frame(&mut self, samples: &[f32], index: usize) -> &[Complex32] {
        let padding = self.config.padding.pad_samples(self.config.n_fft);
        self.spectrum_at(samples, (index * self.config.hop) as isize - padding as isize)
    }

    /// The spectrum of the frame whose first sample is `start`, which may lie before `samples`; they are not empty and
    /// were checked.
    pub(crate) fn spectrum_at(&mut self, samples: &[f32], start: isize) -> &[Complex32] {
        let Self { config, plan, window, frame, spectrum, scratch } = self;
        let before = (config.n_fft - window.len()) / 2;
        // The plan uses the frame as a workspace, so the zeros beside the window have to be written
        // again.
        frame[..before].fill(0.0);
        frame[before + window.len()..].fill(0.0);

        let segment = &mut frame[before..before + window.len()];
        config.padding.fill(samples, start + before as isize, segment);
        let offset = match config.detrend {
            Detrend::None => 0.0,
            Detrend::Constant => mean(segment),
        };
        for (sample, weight) in segment.iter_mut().zip(window.iter()) {
            *sample = (*sample - offset) * weight;
        }
        plan.process_with_scratch(frame, spectrum, scratch).expect("the plan made these buffers");
        spectrum
    }
}

/// Mean in f64: the sum of a long frame in f32 would lose what a quiet frame on a large offset has.
fn mean(samples: &[f32]) -> f32 {
    // Eight sums side by side become vector instructions; one alone would wait for each addition.
    let mut sums = [0.0_f64; 8];
    let chunks = samples.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().map(|&x| f64::from(x)).sum();
    for chunk in chunks {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum += f64::from(x);
        }
    }
    ((sums.iter().sum::<f64>() + rest) / samples.len() as f64) as f32
}

/// Refuses samples whose spectrum would not be finite.
pub(crate) fn check_samples(samples: &[f32]) -> Result<(), FeatureError> {
    let usable = |x: &f32| x.abs() <= MAX_SAMPLE; // false for NaN as well
    // Without an early exit in the inner loop the comparison vectorises; the search runs for bad
    // clips alone.
    if samples.chunks(1024).all(|chunk| chunk.iter().fold(true, |all, x| all & usable(x))) {
        return Ok(());
    }
    let index = samples.iter().position(|x| !usable(x)).unwrap_or_default();
    Err(FeatureError::Sample { index, value: samples[index] })
}
