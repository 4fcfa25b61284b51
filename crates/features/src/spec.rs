//! The specification of features: what a shard and a model file record, so that both can be held
//! against each other.

use serde::{Deserialize, Serialize};

use crate::error::{FeatureError, setting};
use crate::{Extractor, MAX_VALUES, MelSpec, MfccSpec, SpectrogramSpec, StftConfig};

/// What is made of which samples.
///
/// Its canonical JSON, which digests are taken of, is `serde_json`'s: every field in the order of
/// its declaration, with the defaults written out. Two texts that mean the same specification give
/// the same JSON, but that a `max_clips` or `fmax_hz` which is left out stays out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSpec {
    /// The rate of the samples, at least 1.
    pub sample_rate_hz: u32,
    /// Samples in a clip, at least 1.
    pub clip_samples: usize,
    /// The most clips that are taken of a track, from its start, at least 1; where it is left out,
    /// all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_clips: Option<usize>,
    /// What a clip becomes.
    pub representation: Representation,
}

/// The kinds of features. Each is a matrix of frames by values, time first and row-major.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Representation {
    /// Frames of power or magnitude over frequency.
    Spectrogram(SpectrogramSpec),
    /// Frames of power over mel bands.
    Mel(MelSpec),
    /// Frames of mel-frequency cepstral coefficients.
    Mfcc(MfccSpec),
}

impl Representation {
    /// The transform that it begins with.
    #[must_use]
    pub fn stft(&self) -> &StftConfig {
        match self {
            Representation::Spectrogram(spectrogram) => &spectrogram.stft,
            Representation::Mel(mel) => &mel.stft,
            Representation::Mfcc(mfcc) => &mfcc.stft,
        }
    }

    /// Values in a frame.
    fn columns(&self) -> usize {
        match self {
            Representation::Spectrogram(spectrogram) => spectrogram.stft.bins(),
            Representation::Mel(mel) => mel.mel.n_mels,
            Representation::Mfcc(mfcc) => mfcc.n_mfcc,
        }
    }

    /// The most values in a frame that are held on the way.
    fn widest(&self) -> usize {
        match self {
            Representation::Mfcc(mfcc) => mfcc.mel.n_mels,
            _ => self.columns(),
        }
    }

    fn check(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        match self {
            Representation::Spectrogram(spectrogram) => spectrogram.check(),
            Representation::Mel(mel) => mel.check(sample_rate_hz),
            Representation::Mfcc(mfcc) => mfcc.check(sample_rate_hz),
        }
    }
}

impl FeatureSpec {
    /// A specification of all whole clips.
    #[must_use]
    pub fn new(sample_rate_hz: u32, clip_samples: usize, representation: Representation) -> Self {
        Self { sample_rate_hz, clip_samples, max_clips: None, representation }
    }

    /// Frames, and values in a frame. Without meaning for a specification that
    /// [`FeatureSpec::check`] refuses.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        [self.representation.stft().frames(self.clip_samples), self.representation.columns()]
    }

    /// Clips that are taken of so many samples: whole ones, up to `max_clips`, from the first sample
    /// on; what is left over belongs to none.
    #[must_use]
    pub fn clips(&self, n_samples: usize) -> usize {
        let whole = n_samples.checked_div(self.clip_samples).unwrap_or(0);
        whole.min(self.max_clips.unwrap_or(usize::MAX))
    }

    /// Whether an extractor can be made.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] for the first setting out of its range,
    /// [`FeatureError::ShorterThanFrame`], [`FeatureError::EmptyWindow`].
    pub fn check(&self) -> Result<(), FeatureError> {
        if self.sample_rate_hz == 0 {
            return Err(setting("sample_rate_hz", 0, "at least 1", "write the rate of the samples, 22050 for example"));
        }
        if self.clip_samples == 0 {
            return Err(setting("clip_samples", 0, "at least 1", "write seconds · `sample_rate_hz`"));
        }
        if self.max_clips == Some(0) {
            return Err(setting("max_clips", 0, "at least 1", "leave it out for all clips of a track"));
        }
        self.representation.check(self.sample_rate_hz)?;
        let [frames, _] = self.shape();
        if frames == 0 {
            return Err(FeatureError::ShorterThanFrame { found: self.clip_samples, n_fft: self.representation.stft().n_fft });
        }
        let widest = self.representation.widest();
        if frames.checked_mul(widest).is_none_or(|values| values > MAX_VALUES) {
            let found = format!("{} ({frames} frames of {widest} values)", self.clip_samples);
            let expected = format!("at most {MAX_VALUES} values");
            return Err(setting("clip_samples", found, expected, "shorten the clip or raise `hop`"));
        }
        Ok(())
    }

    /// Plans an extractor; each thread takes its own, or a clone of one.
    ///
    /// # Errors
    /// As [`FeatureSpec::check`].
    pub fn extractor(&self) -> Result<Extractor, FeatureError> {
        self.check()?;
        Extractor::new(self)
    }
}
