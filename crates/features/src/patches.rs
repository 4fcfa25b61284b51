//! Patches: so many frames side by side, cut from the frames of a whole track.

use serde::{Deserialize, Serialize};

use crate::error::setting;
use crate::stage::Stage;
use crate::stft::check_samples;
use crate::summary::Framer;
use crate::{FeatureError, MAX_HELD_VALUES, MelConfig, MelOutput, MelSpec, Padding, Representation, Stft, StftConfig};

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
            frames: self.frames,
            stft: Stft::new(*self.representation.stft())?,
            stage: Stage::new(&self.representation, self.sample_rate_hz)?,
            framer: Framer::default(),
            rows: Vec::new(),
            peak: 0.0,
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
    frames: usize,
    stft: Stft,
    stage: Stage,
    framer: Framer,
    /// `[frames so far, stage.width()]`
    rows: Vec<f32>,
    peak: f32,
}

/// The patches of a track.
#[derive(Debug, Clone, Copy)]
pub struct Patches<'a> {
    /// `[patches, frames, values]`, row-major; every value is finite.
    pub values: &'a [f32],
    /// The track has fewer frames than a patch, and was repeated up to one.
    pub is_repeated: bool,
    /// The largest absolute sample.
    pub peak: f32,
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
        self.framer.clear();
        self.rows.clear();
        self.peak = 0.0;
    }

    /// Takes more samples of the track.
    ///
    /// # Errors
    /// [`FeatureError::Sample`], its index counted from the start of the track; [`FeatureError::LongTrack`]. Clear it then.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        let before = self.framer.n_samples();
        if before == 0 {
            // What `finish` handed out is read by now.
            self.clear();
        }
        check_samples(samples).map_err(|error| match error {
            FeatureError::Sample { index, value } => FeatureError::Sample { index: before + index, value },
            other => other,
        })?;
        let Self { stft, stage, framer, rows, .. } = self;
        let frames = stft.config().frames(before + samples.len());
        if frames.saturating_mul(stage.width()) > MAX_HELD_VALUES {
            return Err(FeatureError::LongTrack { frames, width: stage.width() });
        }
        framer.push(stft, samples, |spectrum| stage.push_frame(spectrum, rows));
        self.peak = samples.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
        Ok(())
    }

    /// The patches of all samples since the last track. A track with fewer frames than a patch is repeated up to one, as
    /// MusiCNN's authors did for training.
    ///
    /// # Errors
    /// [`FeatureError::ShortTrack`] for one that has no whole frame.
    pub fn finish(&mut self) -> Result<Patches<'_>, FeatureError> {
        let (found, expected) = (self.framer.n_samples(), self.stft.config().n_fft);
        if found < expected {
            self.clear();
            return Err(FeatureError::ShortTrack { found, expected });
        }
        let Self { frames, stft, stage, framer, rows, peak } = self;
        framer.finish(stft, |spectrum| stage.push_frame(spectrum, rows));
        stage.close(rows);
        framer.clear();
        let n_values = *frames * stage.width();
        let whole = rows.len();
        let is_repeated = whole < n_values;
        for at in whole..n_values {
            rows.push(rows[at - whole]);
        }
        let count = rows.len() / n_values;
        Ok(Patches { values: &rows[..count * n_values], is_repeated, peak: *peak, n_values })
    }
}
