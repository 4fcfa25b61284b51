//! A specification, planned: from the samples of a clip to its matrix.

use crate::stage::Stage;
use crate::summary::Summary;
use crate::{FeatureError, FeatureSpec, Representation, Stft};

/// Makes the features of one clip after another, with buffers made once: one for each thread.
///
/// It comes from [`FeatureSpec::extractor`], which has checked the specification. Its clips are of one length; a
/// [`TrackExtractor`](crate::TrackExtractor) takes whole tracks.
#[derive(Debug, Clone)]
pub struct Extractor {
    clip_samples: usize,
    shape: [usize; 2],
    stft: Stft,
    stage: Stage,
    /// What is held of the clip's frames; empty where that is the result itself.
    rows: Vec<f32>,
    summary: Option<Summary>,
}

impl Extractor {
    /// Plans for a specification of clips of `clip_samples` that was checked.
    pub(crate) fn new(spec: &FeatureSpec, clip_samples: usize) -> Result<Self, FeatureError> {
        let config = *spec.representation.stft();
        let stage = Stage::new(&spec.representation, spec.sample_rate_hz)?;
        let rows = config.frames(clip_samples) * stage.width();
        let (rows, summary) = match &spec.representation {
            Representation::Summary(summary) => (rows, Some(Summary::new(summary, summary.of.columns()))),
            Representation::Mfcc(_) => (rows, None),
            Representation::Spectrogram(_) | Representation::Mel(_) => (0, None),
        };
        Ok(Self { clip_samples, shape: spec.shape(), stft: Stft::new(config)?, stage, rows: vec![0.0; rows], summary })
    }

    /// Frames, and values in a frame.
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// Writes the features of `clip` into `out`. Every value is finite. Nothing of the clip before
    /// is left in them: frames at the ends reach out onto the padding, not into a neighbour.
    ///
    /// # Shapes
    /// `clip`: `[clip_samples]`, `out`: `[frames, values]`, row-major
    ///
    /// # Errors
    /// [`FeatureError::ClipLength`], [`FeatureError::OutputLength`], [`FeatureError::Sample`];
    /// `out` is untouched then.
    pub fn extract(&mut self, clip: &[f32], out: &mut [f32]) -> Result<(), FeatureError> {
        let [n_rows, columns] = self.shape;
        if clip.len() != self.clip_samples {
            return Err(FeatureError::ClipLength { found: clip.len(), expected: self.clip_samples });
        }
        if out.len() != n_rows * columns {
            return Err(FeatureError::OutputLength { found: out.len(), rows: n_rows, columns });
        }
        let Self { stft, stage, rows, summary, .. } = self;
        let width = stage.width();
        let mut read =
            |rows: &mut [f32]| stft.for_each_frame(clip, |frame, spectrum| stage.frame(spectrum, &mut rows[frame * width..][..width]));
        if rows.is_empty() {
            read(out)?;
            stage.close(out);
            return Ok(());
        }
        read(rows)?;
        let values = stage.close(rows);
        match summary {
            Some(summary) => summary.write(values, out),
            None => out.copy_from_slice(values),
        }
        Ok(())
    }
}
