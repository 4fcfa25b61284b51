//! Patches: so many frames side by side, cut from the frames of a whole track.

use serde::{Deserialize, Serialize};

use crate::error::setting;
use crate::summary::TrackFrames;
use crate::{FeatureError, MelConfig, MelOutput, MelSpec, Padding, Representation, StftConfig};

/// What a pre-trained network listens to. Unlike clips, which each know nothing of their neighbours, patches are cut from one
/// transform of the whole track: only its very ends reach out onto padding.
///
/// | field | range | purpose |
/// |---|---|---|
/// | `sample_rate_hz` | at least 1 | the rate of the samples |
/// | `frames` | at least 1 | frames of a patch; patches do not overlap, and what is left over belongs to none |
/// | `representation` | a spectrogram or mel without values relative to the whole clip | what a frame is |
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct PatchSpec {
    pub sample_rate_hz: u32,
    pub frames: usize,
    pub representation: Representation,
}

impl PatchSpec {
    /// What MusiCNN listens to: patches of 187 frames (three seconds) of 96 Slaney bands at 16 000 Hz, n_fft 512, hop 256,
    /// centred over zeros, power, `log10(1 + 10000 · S)`.
    ///
    /// The package casts the power to half precision on the way, where loud bands overflow to infinity; here it is single
    /// precision throughout.
    ///
    /// # References
    /// J. Pons, X. Serra: musicnn, 2019; the package musicnn 0.1.0, `extractor.batch_data`.
    #[must_use]
    pub fn musicnn() -> Self {
        let stft = StftConfig { padding: Padding::Zero, ..StftConfig::new(512, 256) };
        let mel = MelConfig { n_mels: 96, ..MelConfig::default() };
        let output = MelOutput::LogCompressed { scale: 10_000.0 };
        Self { sample_rate_hz: 16_000, frames: 187, representation: Representation::Mel(MelSpec { stft, mel, output }) }
    }

    /// Frames of a patch, and values of a frame.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        [self.frames, self.representation.columns()]
    }

    /// Plans an extractor; each thread takes its own, or a clone of one.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] for the first setting out of its range.
    pub fn extractor(&self) -> Result<PatchExtractor, FeatureError> {
        if self.sample_rate_hz == 0 || self.frames == 0 {
            let found = format!("{} Hz, {} frames", self.sample_rate_hz, self.frames);
            return Err(setting("patches", found, "at least 1 of each", "16000 and 187 are MusiCNN's"));
        }
        let relative = match &self.representation {
            Representation::Mel(mel) => matches!(mel.output, MelOutput::Db(_)),
            Representation::Spectrogram(_) => false,
            Representation::Mfcc(_) | Representation::Summary(_) => true,
        };
        if relative {
            let expected = "frames that do not depend on the rest of the track";
            return Err(setting(
                "patches.representation",
                "one relative to the whole clip",
                expected,
                "take mel with log-compressed output",
            ));
        }
        self.representation.check(self.sample_rate_hz)?;
        Ok(PatchExtractor {
            n_values: self.shape().iter().product(),
            frames: TrackFrames::new(&self.representation, self.sample_rate_hz)?,
            patches: Vec::new(),
            patch_samples: self.frames * self.representation.stft().hop,
            peaks: Vec::new(),
        })
    }
}

/// Cuts one track after another into patches, with buffers made once.
///
/// Samples are pushed in blocks of any length, which do not change a bit of the result.
///
/// ```
/// use segno_features::PatchSpec;
///
/// let mut extractor = PatchSpec::musicnn().extractor()?;
/// let tone: Vec<f32> = (0..160_000).map(|i| (i as f32 * 0.1).sin()).collect();
/// tone.chunks(1000).try_for_each(|block| extractor.push(block))?;
/// let patches = extractor.finish()?;
/// assert_eq!((patches.count(), patches.is_repeated), (3, false));
/// assert_eq!(patches.values.len(), 3 * 187 * 96);
/// # Ok::<(), segno_features::FeatureError>(())
/// ```
#[derive(Debug, Clone)]
pub struct PatchExtractor {
    /// Of a patch.
    n_values: usize,
    frames: TrackFrames,
    /// Those of a track that was repeated up to one.
    patches: Vec<f32>,
    /// From a patch's start to the next one's.
    patch_samples: usize,
    /// Of each patch, and of what is left over.
    peaks: Vec<f32>,
}

/// The patches of a track.
#[derive(Debug, Clone, Copy)]
pub struct Patches<'a> {
    /// `[patches, frames, values]`, row-major; every value is finite.
    pub values: &'a [f32],
    /// The track has fewer frames than a patch, and was repeated up to one.
    pub is_repeated: bool,
    /// The largest absolute sample, what is left over included.
    pub peak: f32,
    /// The same of each patch alone: of the samples from its first frame's middle to that of the next patch's first frame.
    pub peaks: &'a [f32],
    n_values: usize,
}

impl Patches<'_> {
    /// How many there are: at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len() / self.n_values
    }
}

impl PatchExtractor {
    /// Forgets the samples of a track that was not finished.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.peaks.clear();
    }

    /// Takes more samples of the track.
    ///
    /// # Errors
    /// [`FeatureError::Sample`], its index counted from the start of the track; [`FeatureError::LongTrack`]. The track
    /// is forgotten then.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        let mut at = self.frames.n_samples();
        if at == 0 {
            self.peaks.clear();
        }
        self.frames.push(samples)?;
        let mut rest = samples;
        while !rest.is_empty() {
            let (patch, within) = (at / self.patch_samples, at % self.patch_samples);
            let (taken, others) = rest.split_at(rest.len().min(self.patch_samples - within));
            self.peaks.resize(patch + 1, 0.0);
            self.peaks[patch] = taken.iter().fold(self.peaks[patch], |peak, sample| peak.max(sample.abs()));
            (at, rest) = (at + taken.len(), others);
        }
        Ok(())
    }

    /// The patches of all samples since the last track. A track with fewer frames than a patch is repeated up to one, as
    /// MusiCNN's authors did for training.
    ///
    /// # Errors
    /// [`FeatureError::ShortTrack`] for one that has no whole frame.
    pub fn finish(&mut self) -> Result<Patches<'_>, FeatureError> {
        let (found, expected) = (self.frames.n_samples(), self.frames.n_fft());
        if found < expected {
            self.clear();
            return Err(FeatureError::ShortTrack { found, expected });
        }
        let Self { n_values, frames, patches, peaks, .. } = self;
        let values = frames.close();
        let is_repeated = values.len() < *n_values;
        let values = if is_repeated {
            patches.clear();
            patches.extend(values.iter().cycle().take(*n_values));
            patches
        } else {
            &values[..values.len() / *n_values * *n_values]
        };
        let peak = peaks.iter().copied().fold(0.0, f32::max);
        Ok(Patches { values, is_repeated, peak, peaks: &peaks[..values.len() / *n_values], n_values: *n_values })
    }
}
