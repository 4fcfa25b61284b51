//! The summary of a whole track, whose samples come in blocks.

use super::framer::Framer;
use super::{Summary, SummarySpec};
use crate::stage::Stage;
use crate::stft::check_samples;
use crate::{FeatureError, MAX_HELD_VALUES, Stft};

/// Makes the features of one whole track after another, with buffers made once: one for each thread.
///
/// It comes from [`FeatureSpec::track_extractor`](crate::FeatureSpec::track_extractor), which has checked the
/// specification. Samples are pushed in blocks of any length, which do not change a bit of the result; held of them are
/// two frames and a hop, and of the track the values of its frames (see [`SummarySpec`]).
///
/// ```
/// use segno_features::FeatureSpec;
///
/// let spec = FeatureSpec::mfcc_summary();
/// let mut extractor = spec.track_extractor()?;
/// let tone: Vec<f32> = (0..22_050).map(|i| (i as f32 * 0.1).sin()).collect();
/// tone.chunks(1000).try_for_each(|block| extractor.push(block))?;
/// let mut features = [0.0; 60];
/// extractor.finish(&mut features)?;
///
/// // A steady tone: its coefficients hardly change from frame to frame, but for the ends.
/// assert!(features[40..].iter().all(|delta_sd| *delta_sd < features[0].abs() / 10.0));
/// # Ok::<(), segno_features::FeatureError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TrackExtractor {
    min_samples: usize,
    n_values: usize,
    stft: Stft,
    stage: Stage,
    framer: Framer,
    /// `[frames so far, stage.width()]`
    rows: Vec<f32>,
    summary: Summary,
}

impl TrackExtractor {
    /// Plans for a specification that was checked.
    pub(crate) fn new(spec: &SummarySpec, sample_rate_hz: u32) -> Result<Self, FeatureError> {
        let columns = spec.of.columns();
        Ok(Self {
            min_samples: spec.min_samples(),
            n_values: columns * spec.statistics.len(),
            stft: Stft::new(*spec.of.stft())?,
            stage: Stage::new(&spec.of, sample_rate_hz)?,
            framer: Framer::default(),
            rows: Vec::new(),
            summary: Summary::new(spec, columns),
        })
    }

    /// One row, and the values in it.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        [1, self.n_values]
    }

    /// Forgets the samples of a track that was not finished.
    pub fn clear(&mut self) {
        self.framer.clear();
        self.rows.clear();
    }

    /// Takes more samples of the track.
    ///
    /// # Errors
    /// [`FeatureError::Sample`], its index counted from the start of the track; [`FeatureError::LongTrack`]. The track
    /// is forgotten then.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        let taken = self.take(samples);
        if taken.is_err() {
            self.clear();
        }
        taken
    }

    fn take(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        let before = self.framer.n_samples();
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
        Ok(())
    }

    /// Writes the features of all samples since the last track, and begins anew. Every value is finite.
    ///
    /// # Shapes
    /// `out`: `[1, values]`
    ///
    /// # Errors
    /// [`FeatureError::OutputLength`], where the track stays as it is; [`FeatureError::ShortTrack`] for one shorter
    /// than [`SummarySpec::min_samples`]: it is never padded. `out` is untouched then.
    pub fn finish(&mut self, out: &mut [f32]) -> Result<(), FeatureError> {
        if out.len() != self.n_values {
            return Err(FeatureError::OutputLength { found: out.len(), rows: 1, columns: self.n_values });
        }
        let found = self.framer.n_samples();
        if found < self.min_samples {
            self.clear();
            return Err(FeatureError::ShortTrack { found, expected: self.min_samples });
        }
        let Self { stft, stage, framer, rows, summary, .. } = self;
        framer.finish(stft, |spectrum| stage.push_frame(spectrum, rows));
        summary.write(stage.close(rows), out);
        self.clear();
        Ok(())
    }
}
