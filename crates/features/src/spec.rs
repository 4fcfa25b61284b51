//! The specification of features: what a shard and a model file record, so that both can be held
//! against each other.

use serde::{Deserialize, Serialize};

use crate::clip_length::SpecText;
use crate::error::{FeatureError, setting};
use crate::{ClipLength, Extractor, MAX_VALUES, MelSpec, MfccSpec, SpectrogramSpec, StftConfig, SummarySpec, TrackExtractor};

/// What is made of which samples.
///
/// Its canonical JSON, which digests are taken of, is `serde_json`'s: every field in the order of
/// its declaration, with the defaults written out. Two texts that mean the same specification give
/// the same JSON, but that a `max_clips` or `fmax_hz` which is left out stays out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SpecText", into = "SpecText")]
pub struct FeatureSpec {
    /// The rate of the samples, at least 1.
    pub sample_rate_hz: u32,
    /// What a clip is: written as `clip_samples`, or as `clip = "whole"`.
    pub clip: ClipLength,
    /// The most clips that are taken of a track, from its start, at least 1; where it is left out,
    /// all of them. A whole track is one, and has no such limit.
    pub max_clips: Option<usize>,
    /// What a clip becomes.
    pub representation: Representation,
}

/// The kinds of features. Each is a matrix of frames by values, time first and row-major; a summary has one row.
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
    /// Statistics over the frames of one of the others.
    Summary(SummarySpec),
}

impl Representation {
    /// The transform that it begins with.
    #[must_use]
    pub fn stft(&self) -> &StftConfig {
        match self {
            Representation::Spectrogram(spectrogram) => &spectrogram.stft,
            Representation::Mel(mel) => &mel.stft,
            Representation::Mfcc(mfcc) => &mfcc.stft,
            Representation::Summary(summary) => summary.of.stft(),
        }
    }

    /// Values in a frame, or in a summary.
    pub(crate) fn columns(&self) -> usize {
        match self {
            Representation::Spectrogram(spectrogram) => spectrogram.stft.bins(),
            Representation::Mel(mel) => mel.mel.n_mels,
            Representation::Mfcc(mfcc) => mfcc.n_mfcc,
            Representation::Summary(summary) => summary.of.columns() * summary.statistics.len(),
        }
    }

    /// The most values in a frame that are held on the way.
    fn widest(&self) -> usize {
        match self {
            Representation::Mfcc(mfcc) => mfcc.mel.n_mels,
            Representation::Summary(summary) => summary.of.widest(),
            Representation::Spectrogram(_) | Representation::Mel(_) => self.columns(),
        }
    }

    pub(crate) fn check(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        match self {
            Representation::Spectrogram(spectrogram) => spectrogram.check(),
            Representation::Mel(mel) => mel.check(sample_rate_hz),
            Representation::Mfcc(mfcc) => mfcc.check(sample_rate_hz),
            Representation::Summary(summary) => summary.check(sample_rate_hz),
        }
    }
}

impl FeatureSpec {
    /// A specification of all clips of that length.
    #[must_use]
    pub fn new(sample_rate_hz: u32, clip_samples: usize, representation: Representation) -> Self {
        Self { sample_rate_hz, clip: ClipLength::Samples(clip_samples), max_clips: None, representation }
    }

    /// A specification of whole tracks.
    #[must_use]
    pub fn whole(sample_rate_hz: u32, summary: SummarySpec) -> Self {
        Self { sample_rate_hz, clip: ClipLength::Whole, max_clips: None, representation: Representation::Summary(summary) }
    }

    /// Samples in a clip, where that is a number of them.
    #[must_use]
    pub fn clip_samples(&self) -> Option<usize> {
        match self.clip {
            ClipLength::Samples(samples) => Some(samples),
            ClipLength::Whole => None,
        }
    }

    /// Rows, and values in a row: frames, or the one row of a summary. Without meaning for a specification that
    /// [`FeatureSpec::check`] refuses.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        let rows = match (&self.representation, self.clip) {
            (Representation::Summary(_), _) => 1,
            (frames, ClipLength::Samples(samples)) => frames.stft().frames(samples),
            (_, ClipLength::Whole) => 0,
        };
        [rows, self.representation.columns()]
    }

    /// Clips that are taken of so many samples: whole ones, up to `max_clips`, from the first sample
    /// on; what is left over belongs to none. Of a whole track one, or none where it is too short.
    #[must_use]
    pub fn clips(&self, n_samples: usize) -> usize {
        let whole = match (self.clip, &self.representation) {
            (ClipLength::Samples(samples), _) => n_samples.checked_div(samples).unwrap_or(0),
            (ClipLength::Whole, Representation::Summary(summary)) => usize::from(n_samples >= summary.min_samples()),
            (ClipLength::Whole, _) => 0,
        };
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
        match self.clip {
            ClipLength::Samples(samples) => self.check_clips(samples),
            ClipLength::Whole => self.check_whole(),
        }
    }

    fn check_clips(&self, clip_samples: usize) -> Result<(), FeatureError> {
        if clip_samples == 0 {
            return Err(setting("clip_samples", 0, "at least 1", "write seconds · `sample_rate_hz`"));
        }
        if self.max_clips == Some(0) {
            return Err(setting("max_clips", 0, "at least 1", "leave it out for all clips of a track"));
        }
        self.representation.check(self.sample_rate_hz)?;
        let stft = self.representation.stft();
        let frames = stft.frames(clip_samples);
        if frames == 0 {
            return Err(FeatureError::ShorterThanFrame { found: clip_samples, n_fft: stft.n_fft });
        }
        if let Representation::Summary(summary) = &self.representation
            && clip_samples < summary.min_samples()
        {
            let expected = format!("at least {} for this summary", summary.min_samples());
            return Err(setting("clip_samples", clip_samples, expected, "take longer clips, or statistics without a delta"));
        }
        let widest = self.representation.widest();
        if frames.checked_mul(widest).is_none_or(|values| values > MAX_VALUES) {
            let found = format!("{clip_samples} ({frames} frames of {widest} values)");
            let expected = format!("at most {MAX_VALUES} values");
            return Err(setting("clip_samples", found, expected, "shorten the clip or raise `hop`"));
        }
        Ok(())
    }

    fn check_whole(&self) -> Result<(), FeatureError> {
        if !matches!(self.representation, Representation::Summary(_)) {
            let expected = "a summary, whose shape does not depend on the track's length";
            return Err(setting("clip", "\"whole\" beside frames", expected, "write `clip_samples`, or summarise the frames"));
        }
        if let Some(clips) = self.max_clips {
            return Err(setting("max_clips", clips, "none beside `clip = \"whole\"`", "a whole track is one clip: leave it out"));
        }
        self.representation.check(self.sample_rate_hz)
    }

    /// Whether samples of this rate are what the specification is of. An extractor sees samples alone: of another rate they
    /// would give features that look sound and mean something else.
    ///
    /// # Errors
    /// [`FeatureError::SampleRate`].
    pub fn check_rate(&self, sample_rate_hz: u32) -> Result<(), FeatureError> {
        match sample_rate_hz == self.sample_rate_hz {
            true => Ok(()),
            false => Err(FeatureError::SampleRate { found: sample_rate_hz, expected: self.sample_rate_hz }),
        }
    }

    /// Plans an extractor of clips of one length; each thread takes its own, or a clone of one.
    ///
    /// # Errors
    /// As [`FeatureSpec::check`]; [`FeatureError::Setting`] for whole tracks.
    pub fn extractor(&self) -> Result<Extractor, FeatureError> {
        self.check()?;
        let clip_samples = self.clip_samples().ok_or_else(|| {
            setting("clip", "\"whole\"", "`clip_samples`, for an extractor of clips of one length", "take a track extractor")
        })?;
        Extractor::new(self, clip_samples)
    }

    /// Plans an extractor of whole tracks; each thread takes its own, or a clone of one.
    ///
    /// # Errors
    /// As [`FeatureSpec::check`]; [`FeatureError::Setting`] for clips of one length.
    pub fn track_extractor(&self) -> Result<TrackExtractor, FeatureError> {
        self.check()?;
        match (self.clip, &self.representation) {
            (ClipLength::Whole, Representation::Summary(summary)) => TrackExtractor::new(summary, self.sample_rate_hz),
            (clip, _) => Err(setting("clip", format!("{clip:?}"), "\"whole\", for an extractor of tracks", "take an extractor")),
        }
    }
}
