//! The specification of a mel spectrogram.

use serde::{Deserialize, Serialize};

use super::{MelConfig, MelOutput};
use crate::{FeatureError, Padding, StftConfig};

/// A mel spectrogram: a short-time Fourier transform, its power summed into bands as the ear has
/// them, and what is kept of a band.
///
/// The fields of [`StftConfig`] and of [`MelConfig`] stand beside this one:
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `output` | `"linear"` | `"linear"`, `{ db = { reference, amin, top_db } }` ([`PowerToDb`](crate::PowerToDb)), `{ log-compressed = { scale } }` | what is kept of a band |
///
/// # Shapes
/// `[frames, n_mels]`: time first, the transpose of librosa's
///
/// # References
/// librosa 0.11, `librosa.feature.melspectrogram`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// What no flattened struct takes is refused; serde's documentation does not promise it, so the tests
// of unknown fields hold it to that.
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the tables have one row for each field")]
pub struct MelSpec {
    #[serde(flatten)]
    pub stft: StftConfig,
    #[serde(flatten)]
    pub mel: MelConfig,
    #[serde(default)]
    pub output: MelOutput,
}

impl MelSpec {
    /// What `librosa.feature.melspectrogram(y, n_fft=n_fft, hop_length=hop)` does: the power of
    /// centred frames over zeros under a Hann window, in 128 bands.
    #[must_use]
    pub fn librosa(n_fft: usize, hop: usize) -> Self {
        let stft = StftConfig { padding: Padding::Zero, ..StftConfig::new(n_fft, hop) };
        Self { stft, mel: MelConfig::default(), output: MelOutput::default() }
    }

    pub(crate) fn check(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        self.stft.check()?;
        self.mel.check(sample_rate_hz)?;
        self.output.check()
    }
}
