//! The summary of a whole track, whose samples come in blocks.

use super::{Summary, SummarySpec, TrackFrames};
use crate::FeatureError;

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
    frames: TrackFrames,
    summary: Summary,
}

impl TrackExtractor {
    /// Plans for a specification that was checked.
    pub(crate) fn new(spec: &SummarySpec, sample_rate_hz: u32) -> Result<Self, FeatureError> {
        let columns = spec.of.columns();
        Ok(Self {
            min_samples: spec.min_samples(),
            n_values: columns * spec.statistics.len(),
            frames: TrackFrames::new(&spec.of, sample_rate_hz)?,
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
        self.frames.clear();
    }

    /// Takes more samples of the track.
    ///
    /// # Errors
    /// [`FeatureError::Sample`], its index counted from the start of the track; [`FeatureError::LongTrack`]. The track
    /// is forgotten then.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        self.frames.push(samples)
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
        let found = self.frames.n_samples();
        if found < self.min_samples {
            self.clear();
            return Err(FeatureError::ShortTrack { found, expected: self.min_samples });
        }
        self.summary.write(self.frames.close(), out);
        self.clear();
        Ok(())
    }
}
