//! The specification of a spectrogram.

use serde::{Deserialize, Serialize};

use crate::{Detrend, FeatureError, Output, Padding, Scaling, StftConfig, Window};

/// A spectrogram: a short-time Fourier transform, its scaling, and what is kept of a bin.
///
/// The fields of [`StftConfig`] stand beside these:
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `scaling` | `"none"` | `"none"`, `"density"`, `"spectrum"` | the unit of the power |
/// | `output` | `"magnitude"` | `"power"`, `"magnitude"`, `{ log-magnitude = { floor } }`, `{ log-power = { floor } }`; floor from 1.18e-38 | what is kept of a bin |
///
/// # Shapes
/// `[frames, n_fft / 2 + 1]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// What no flattened struct takes is refused; serde's documentation does not promise it, so the tests
// of unknown fields hold it to that.
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the tables have one row for each field")]
pub struct SpectrogramSpec {
    #[serde(flatten)]
    pub stft: StftConfig,
    #[serde(default)]
    pub scaling: Scaling,
    #[serde(default)]
    pub output: Output,
}

impl SpectrogramSpec {
    /// The magnitude under a periodic Hann window, without padding: the defaults of the tables.
    #[must_use]
    pub fn new(n_fft: usize, hop: usize) -> Self {
        StftConfig::new(n_fft, hop).into()
    }

    /// What `scipy.signal.spectrogram(x, fs, nperseg=n_fft)` does: a Tukey window of 0.25, an
    /// overlap of `n_fft / 8` (rounded down), constant detrend, density.
    #[must_use]
    pub fn scipy(n_fft: usize) -> Self {
        let window = Window::Tukey { alpha: 0.25 };
        Self {
            stft: StftConfig { window, detrend: Detrend::Constant, ..StftConfig::new(n_fft, n_fft - n_fft / 8) },
            scaling: Scaling::Density,
            output: Output::Power,
        }
    }

    /// What `abs(librosa.stft(y, n_fft=n_fft))` does: a Hann window, a hop of `n_fft / 4` (rounded
    /// down), centred frames over zeros.
    #[must_use]
    pub fn librosa(n_fft: usize) -> Self {
        StftConfig { padding: Padding::Zero, ..StftConfig::new(n_fft, n_fft / 4) }.into()
    }

    pub(crate) fn check(&self) -> Result<(), FeatureError> {
        self.stft.check()?;
        self.output.check()
    }
}

/// The magnitude of a transform as it is: no scaling.
impl From<StftConfig> for SpectrogramSpec {
    fn from(stft: StftConfig) -> Self {
        Self { stft, scaling: Scaling::default(), output: Output::default() }
    }
}
