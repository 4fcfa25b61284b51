//! Mel-frequency cepstral coefficients: the specification, and the cosine transform.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::{MelConfig, PowerToDb};
use crate::dot::dot;
use crate::error::{FeatureError, setting};
use crate::{Padding, StftConfig};

/// Mel-frequency cepstral coefficients: the orthonormal cosine transform (DCT-II) of a mel
/// spectrogram in decibels.
///
/// The fields of [`StftConfig`] and of [`MelConfig`] stand beside these:
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `db` | those of [`PowerToDb`] | `{ reference, amin, top_db }` | how power becomes decibels |
/// | `n_mfcc` | 20 | 1 to `n_mels`, their product at most 2²⁴ | coefficients that are kept |
/// | `lifter` | 0 | from 0 | where above 0, coefficient `k` from 1 is multiplied by `1 + lifter / 2 · sin(πk / lifter)` |
///
/// # Shapes
/// `[frames, n_mfcc]`: time first, the transpose of librosa's
///
/// # References
/// librosa 0.11, `librosa.feature.mfcc`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// What no flattened struct takes is refused; serde's documentation does not promise it, so the tests
// of unknown fields hold it to that.
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the tables have one row for each field")]
pub struct MfccSpec {
    #[serde(flatten)]
    pub stft: StftConfig,
    #[serde(flatten)]
    pub mel: MelConfig,
    #[serde(default)]
    pub db: PowerToDb,
    #[serde(default = "default_n_mfcc")]
    pub n_mfcc: usize,
    #[serde(default)]
    pub lifter: f64,
}

fn default_n_mfcc() -> usize {
    20
}

impl MfccSpec {
    /// What `librosa.feature.mfcc(y, n_fft=n_fft, hop_length=hop)` does.
    #[must_use]
    pub fn librosa(n_fft: usize, hop: usize) -> Self {
        let stft = StftConfig { padding: Padding::Zero, ..StftConfig::new(n_fft, hop) };
        Self { stft, mel: MelConfig::default(), db: PowerToDb::default(), n_mfcc: default_n_mfcc(), lifter: 0.0 }
    }

    pub(crate) fn check(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        self.stft.check()?;
        self.mel.check(sample_rate_hz)?;
        self.db.check()?;
        // Of the cosine transform, whose matrix is held: 64 MiB, where all of the most bands there can be would take 16 GiB.
        const MAX_WEIGHTS: usize = 1 << 24;
        let Self { n_mfcc, lifter, mel: MelConfig { n_mels, .. }, .. } = *self;
        if !(1..=n_mels).contains(&n_mfcc) {
            return Err(setting("n_mfcc", n_mfcc, format!("1 to `n_mels` = {n_mels}"), "13 to 20 are usual"));
        }
        if n_mfcc * n_mels > MAX_WEIGHTS {
            let expected = format!("`n_mfcc` · `n_mels` of at most {MAX_WEIGHTS}");
            return Err(setting("n_mfcc", format!("{n_mfcc} of {n_mels} bands"), expected, "13 to 20 are usual"));
        }
        if !(0.0..=1e6).contains(&lifter) {
            return Err(setting("lifter", lifter, "0 to 1000000", "0 lifts nothing; 22 is HTK's default"));
        }
        Ok(())
    }
}

/// The first rows of an orthonormal DCT-II, lifted.
#[derive(Debug, Clone)]
pub(crate) struct Dct {
    n_mels: usize,
    /// `[n_mfcc, n_mels]`, row-major.
    matrix: Vec<f32>,
}

impl Dct {
    pub(crate) fn new(n_mfcc: usize, n_mels: usize, lifter: f64) -> Self {
        let n = n_mels as f64;
        let row = |k: usize| {
            let norm = if k == 0 { (1.0 / n).sqrt() } else { (2.0 / n).sqrt() };
            let lift = if lifter > 0.0 { 1.0 + lifter / 2.0 * (PI * (k + 1) as f64 / lifter).sin() } else { 1.0 };
            (0..n_mels).map(move |i| (norm * lift * (PI * k as f64 * (2 * i + 1) as f64 / (2.0 * n)).cos()) as f32)
        };
        Self { n_mels, matrix: (0..n_mfcc).flat_map(row).collect() }
    }

    /// Writes the coefficients of one frame of `n_mels` bands.
    pub(crate) fn apply(&self, bands: &[f32], out: &mut [f32]) {
        for (value, row) in out.iter_mut().zip(self.matrix.chunks_exact(self.n_mels)) {
            *value = dot(bands, row);
        }
    }
}
