//! The frames of a whole track, whose samples come in blocks.

use super::framer::Framer;
use crate::stage::Stage;
use crate::stft::check_samples;
use crate::{FeatureError, MAX_HELD_VALUES, Representation, Stft};

/// Holds what is kept of a track's frames until it is whole; made once for track after track.
#[derive(Debug, Clone)]
pub(crate) struct TrackFrames {
    stft: Stft,
    stage: Stage,
    framer: Framer,
    /// `[frames so far, stage.width()]`
    rows: Vec<f32>,
}

impl TrackFrames {
    /// Plans for frames that were checked.
    pub(crate) fn new(of: &Representation, sample_rate_hz: u32) -> Result<Self, FeatureError> {
        let (stft, stage) = (Stft::new(*of.stft())?, Stage::new(of, sample_rate_hz)?);
        Ok(Self { stft, stage, framer: Framer::default(), rows: Vec::new() })
    }

    /// Samples so far.
    pub(crate) fn n_samples(&self) -> usize {
        self.framer.n_samples()
    }

    /// Samples of one frame.
    pub(crate) fn n_fft(&self) -> usize {
        self.stft.config().n_fft
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.framer.clear();
        self.rows.clear();
    }

    /// Takes more samples.
    ///
    /// # Errors
    /// [`FeatureError::Sample`], its index counted from the start of the track; [`FeatureError::LongTrack`]. The track
    /// is forgotten then.
    pub(crate) fn push(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        let taken = self.take(samples);
        if taken.is_err() {
            self.clear();
        }
        taken
    }

    fn take(&mut self, samples: &[f32]) -> Result<(), FeatureError> {
        let before = self.n_samples();
        if before == 0 {
            // What `close` handed out is read by now.
            self.rows.clear();
        }
        check_samples(samples).map_err(|error| match error {
            FeatureError::Sample { index, value } => FeatureError::Sample { index: before + index, value },
            other => other,
        })?;
        let Self { stft, stage, framer, rows } = self;
        let frames = stft.config().frames(before + samples.len());
        if frames.saturating_mul(stage.width()) > MAX_HELD_VALUES {
            return Err(FeatureError::LongTrack { frames, width: stage.width() });
        }
        framer.push(stft, samples, |spectrum| stage.push_frame(spectrum, rows));
        Ok(())
    }

    /// The values of all frames, those that reach out over the end included. What is pushed next belongs to another track.
    ///
    /// # Shapes
    /// out: `[frames, columns]`
    pub(crate) fn close(&mut self) -> &[f32] {
        let Self { stft, stage, framer, rows } = self;
        framer.finish(stft, |spectrum| stage.push_frame(spectrum, rows));
        framer.clear();
        stage.close(rows)
    }
}
