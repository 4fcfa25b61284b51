//! Frequencies as heard: the two mel scales in use.

use serde::{Deserialize, Serialize};

/// How frequency becomes pitch as heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MelScale {
    /// Linear up to 1000 Hz, logarithmic above (Slaney's Auditory Toolbox; librosa's default).
    #[default]
    Slaney,
    /// `2595 · log10(1 + f / 700)` (HTK; librosa's `htk=True`).
    Htk,
}

/// Slaney's linear part: 3 mel in 200 Hz.
const HZ_PER_MEL: f64 = 200.0 / 3.0;
/// Where the logarithmic part begins, in Hz and in mel.
const LOG_FROM_HZ: f64 = 1000.0;
const LOG_FROM_MEL: f64 = LOG_FROM_HZ / HZ_PER_MEL;

/// Slaney's logarithmic part: 27 steps to 6.4 times the frequency.
fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

impl MelScale {
    /// Mel of a frequency in Hz.
    #[must_use]
    pub fn hz_to_mel(self, hz: f64) -> f64 {
        match self {
            MelScale::Slaney if hz < LOG_FROM_HZ => hz / HZ_PER_MEL,
            MelScale::Slaney => LOG_FROM_MEL + (hz / LOG_FROM_HZ).ln() / log_step(),
            MelScale::Htk => 2595.0 * (1.0 + hz / 700.0).log10(),
        }
    }

    /// Frequency in Hz of a mel: the inverse of [`MelScale::hz_to_mel`].
    #[must_use]
    pub fn mel_to_hz(self, mel: f64) -> f64 {
        match self {
            MelScale::Slaney if mel < LOG_FROM_MEL => mel * HZ_PER_MEL,
            MelScale::Slaney => LOG_FROM_HZ * ((mel - LOG_FROM_MEL) * log_step()).exp(),
            MelScale::Htk => 700.0 * (10.0_f64.powf(mel / 2595.0) - 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MelScale;

    #[test]
    fn known_pitches_and_back() {
        // Slaney: 1000 Hz is 15 mel and 6400 Hz 27 more. HTK: about 1000 mel at 1000 Hz.
        assert!((MelScale::Slaney.hz_to_mel(1000.0) - 15.0).abs() < 1e-12);
        assert!((MelScale::Slaney.hz_to_mel(6400.0) - 42.0).abs() < 1e-12);
        assert!((MelScale::Htk.hz_to_mel(1000.0) - 999.985_537).abs() < 1e-5);
        for scale in [MelScale::Slaney, MelScale::Htk] {
            for hz in [0.0, 20.0, 999.0, 1000.0, 1001.0, 11_025.0, 96_000.0] {
                let back = scale.mel_to_hz(scale.hz_to_mel(hz));
                assert!((back - hz).abs() <= 1e-9 * hz, "{scale:?}: {hz} came back as {back}");
            }
        }
    }
}
