//! The inverse of the short-time Fourier transform, by weighted overlap-add.

use std::fmt;
use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner};

use crate::{Complex32, FeatureError, StftConfig};

/// A planned inverse of [`Stft`](crate::Stft), with its buffers: the samples whose spectra are nearest to those given, in the
/// sense of least squares. Spectra that come from samples give these samples back wherever a frame reaches.
///
/// What was taken away before the window ([`Detrend`](crate::Detrend)) does not come back: no spectrum holds it.
///
/// ```
/// use segno_features::{Complex32, InverseStft, Padding, Stft, StftConfig};
///
/// let samples: Vec<f32> = (0..1000).map(|i| (i as f32 * 0.1).sin()).collect();
/// let config = StftConfig { padding: Padding::Zero, ..StftConfig::new(256, 64) };
/// let mut spectra = vec![Complex32::default(); config.frames(1000) * config.bins()];
/// Stft::new(config)?.transform(&samples, &mut spectra)?;
/// let mut back = vec![0.0; 1000];
/// InverseStft::new(config)?.inverse(&spectra, &mut back)?;
/// assert!(samples.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-5));
/// # Ok::<(), segno_features::FeatureError>(())
/// ```
///
/// # References
/// D. Griffin, J. Lim: Signal estimation from modified short-time Fourier transform, 1984, equation 6; librosa 0.11,
/// `librosa.istft`.
#[derive(Clone)]
pub struct InverseStft {
    config: StftConfig,
    plan: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    /// Sums of squared windows below this part of the window's largest square are taken for it.
    floor: f32,
    spectrum: Vec<Complex32>,
    frame: Vec<f32>,
    scratch: Vec<Complex32>,
    weights: Vec<f32>,
}

impl fmt::Debug for InverseStft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InverseStft").field("config", &self.config).field("floor", &self.floor).finish_non_exhaustive()
    }
}

impl InverseStft {
    /// Plans the inverse of a transform.
    ///
    /// # Errors
    /// As [`StftConfig::check`].
    pub fn new(config: StftConfig) -> Result<Self, FeatureError> {
        let window = config.checked_window()?.into_iter().map(|w| w as f32).collect();
        let plan = RealFftPlanner::new().plan_fft_inverse(config.n_fft);
        let (spectrum, frame, scratch) = (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
        Ok(Self { config, plan, window, floor: 0.0, spectrum, frame, scratch, weights: Vec::new() })
    }

    /// Divides by no less than this part of the window's largest square.
    ///
    /// Where frames hardly overlap, a sample under the foot of one window alone is divided by nearly nothing: right for spectra that
    /// come from samples, a click for spectra that do not. A floor lets such samples fade instead; 0, the default, is librosa's.
    #[must_use]
    pub fn with_floor(self, floor: f32) -> Self {
        Self { floor, ..self }
    }

    /// The transform whose inverse it is.
    #[must_use]
    pub fn config(&self) -> &StftConfig {
        &self.config
    }

    /// Writes the samples. Those that no frame reaches are 0.
    ///
    /// # Shapes
    /// `spectra`: `[frames, bins]`, row-major, of as many frames as `out` gives
    ///
    /// # Errors
    /// [`FeatureError::Frames`].
    pub fn inverse(&mut self, spectra: &[Complex32], out: &mut [f32]) -> Result<(), FeatureError> {
        let (bins, frames) = (self.config.bins(), self.config.frames(out.len()));
        if spectra.len() != frames * bins {
            return Err(FeatureError::Frames { found: spectra.len(), samples: out.len(), frames, bins });
        }
        let Self { config, plan, window, floor, spectrum, frame, scratch, weights } = self;
        let before = (config.n_fft - window.len()) / 2;
        let padding = config.padding.pad_samples(config.n_fft);
        let scale = 1.0 / config.n_fft as f32;
        out.fill(0.0);
        weights.clear();
        weights.resize(out.len(), 0.0);
        for (index, given) in spectra.chunks_exact(bins).enumerate() {
            spectrum.copy_from_slice(given);
            // Samples that are real have nothing there, and the plan refuses what is.
            spectrum[0].im = 0.0;
            if config.n_fft.is_multiple_of(2) {
                spectrum[bins - 1].im = 0.0;
            }
            plan.process_with_scratch(spectrum, frame, scratch).expect("the plan made these buffers");
            let start = (index * config.hop + before) as isize - padding as isize;
            let cut = usize::try_from(-start).unwrap_or(0).min(window.len());
            let first = usize::try_from(start).unwrap_or(0).min(out.len());
            let segment = frame[before + cut..before + window.len()].iter().zip(&window[cut..]);
            for ((sample, weight), (value, w)) in out[first..].iter_mut().zip(&mut weights[first..]).zip(segment) {
                *sample += value * scale * w;
                *weight += w * w;
            }
        }
        let largest = window.iter().fold(0.0_f32, |largest, w| largest.max(w * w));
        let least = (*floor * largest).max(f32::MIN_POSITIVE);
        for (sample, weight) in out.iter_mut().zip(weights) {
            *sample /= weight.max(least);
        }
        Ok(())
    }
}
