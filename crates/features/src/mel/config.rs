//! The settings of a mel filter bank.

use serde::{Deserialize, Serialize};

use super::MelScale;
use crate::error::{FeatureError, setting};

/// What a filter's weights are multiplied by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MelNorm {
    /// Two over the filter's width in hertz, so that all filters have the same area (librosa's
    /// default, `norm="slaney"`).
    #[default]
    Slaney,
    /// Nothing: every triangle is 1 at its peak (librosa's `norm=None`, HTK).
    None,
}

/// Bands on a mel scale: triangles whose corners are evenly spaced in mel.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `n_mels` | 128 | 1 to 65536 | bands |
/// | `mel_scale` | `"slaney"` | `"slaney"`, `"htk"` | how frequency becomes pitch |
/// | `mel_norm` | `"slaney"` | `"slaney"`, `"none"` | equal areas, or equal peaks |
/// | `fmin_hz` | 0 | from 0 | lower corner of the lowest band |
/// | `fmax_hz` | half the sample rate | `fmin_hz + 1` to half the sample rate | upper corner of the highest band |
/// | `power` | 2 | above 0, to 2 | exponent of the magnitudes that the bands sum: 1 magnitude, 2 power |
///
/// A number out of its range is a [`FeatureError::Setting`] that names the field. As in librosa,
/// which warns, a band so narrow that it holds no bin is zero in every frame;
/// [`MelBank::empty_bands`](crate::MelBank::empty_bands) counts them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct MelConfig {
    pub n_mels: usize,
    pub mel_scale: MelScale,
    pub mel_norm: MelNorm,
    pub fmin_hz: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fmax_hz: Option<f64>,
    pub power: f64,
}

impl Default for MelConfig {
    fn default() -> Self {
        Self { n_mels: 128, mel_scale: MelScale::default(), mel_norm: MelNorm::default(), fmin_hz: 0.0, fmax_hz: None, power: 2.0 }
    }
}

impl MelConfig {
    /// The upper corner of the highest band.
    #[must_use]
    pub fn fmax_hz(&self, sample_rate_hz: u32) -> f64 {
        self.fmax_hz.unwrap_or(f64::from(sample_rate_hz) / 2.0)
    }

    /// Whether a bank can be made for samples of that rate.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] for the first setting out of its range.
    pub fn check(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        // This many bands over at least a hertz keep the weights of the narrowest, and with them
        // every feature, finite.
        const MAX_BANDS: usize = 1 << 16;
        let Self { n_mels, fmin_hz, power, .. } = *self;
        if !(1..=MAX_BANDS).contains(&n_mels) {
            return Err(setting("n_mels", n_mels, format!("1 to {MAX_BANDS}"), "40 to 128 are usual"));
        }
        let half = f64::from(sample_rate_hz) / 2.0;
        if !(0.0..=half).contains(&fmin_hz) {
            return Err(setting("fmin_hz", fmin_hz, format!("0 to half the sample rate, {half}"), "0 is usual"));
        }
        let fmax_hz = self.fmax_hz(sample_rate_hz);
        if !(fmin_hz + 1.0..=half).contains(&fmax_hz) {
            let expected = format!("`fmin_hz` + 1 = {} to half the sample rate, {half}", fmin_hz + 1.0);
            return Err(setting("fmax_hz", fmax_hz, expected, "leave it out for half the sample rate"));
        }
        if !(power > 0.0 && power <= 2.0) {
            return Err(setting("power", power, "above 0, to 2", "write 2 for power, 1 for magnitude"));
        }
        Ok(())
    }
}
