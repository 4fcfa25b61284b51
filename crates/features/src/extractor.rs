use crate::scaling::Scaler;
use crate::{FeatureError, FeatureSpec, Representation, Stft};

/// Makes the features of one clip after another, with buffers made once: one for each thread.
///
/// It comes from [`FeatureSpec::extractor`], which has checked the specification.
#[derive(Debug, Clone)]
pub struct Extractor {
    clip_samples: usize,
    shape: [usize; 2],
    stft: Stft,
    scaler: Scaler,
}

impl Extractor {
    /// Plans for a specification that was checked.
    pub(crate) fn new(spec: &FeatureSpec) -> Result<Self, FeatureError> {
        let Representation::Spectrogram(spectrogram) = &spec.representation;
        let config = spectrogram.stft();
        let window = config.checked_window()?;
        let scaler = Scaler::new(spectrogram.scaling, spectrogram.output, &window, config.n_fft, spec.sample_rate_hz);
        Ok(Self { clip_samples: spec.clip_samples, shape: spec.shape(), stft: Stft::new(config)?, scaler })
    }

    /// Frames, and values in a frame.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// Writes the features of `clip` into `out`. Every value is finite.
    ///
    /// # Shapes
    /// `clip`: `[clip_samples]`, `out`: `[frames, values]`, row-major
    ///
    /// # Errors
    /// [`FeatureError::ClipLength`], [`FeatureError::OutputLength`], [`FeatureError::Sample`];
    /// `out` is untouched then.
    pub fn extract(&mut self, clip: &[f32], out: &mut [f32]) -> Result<(), FeatureError> {
        let [rows, columns] = self.shape;
        if clip.len() != self.clip_samples {
            return Err(FeatureError::ClipLength { found: clip.len(), expected: self.clip_samples });
        }
        if out.len() != rows * columns {
            return Err(FeatureError::OutputLength { found: out.len(), rows, columns });
        }
        let Self { stft, scaler, .. } = self;
        stft.for_each_frame(clip, |frame, spectrum| {
            scaler.apply(spectrum, &mut out[frame * columns..][..columns]);
        })
    }
}
