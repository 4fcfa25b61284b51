//! What is made of spectra: of each frame as it comes, and of all of them once the clip is whole.

use crate::mel::{Dct, MelStage};
use crate::scaling::Scaler;
use crate::{Complex32, FeatureError, MelOutput, PowerToDb, Representation};

/// A representation of frames, planned. While a clip is read, [`Stage::width`] values of each frame are held.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    Spectrogram {
        scaler: Scaler,
        bins: usize,
    },
    Mel {
        mel: MelStage,
        output: MelOutput,
    },
    /// Bands are held, since decibels are relative to the whole clip.
    Mfcc {
        mel: MelStage,
        db: PowerToDb,
        dct: Dct,
        coefficients: Vec<f32>,
    },
}

impl Stage {
    /// Plans for a representation that was checked; of a summary, for its frames.
    pub(crate) fn new(representation: &Representation, rate: u32) -> Result<Self, FeatureError> {
        let config = *representation.stft();
        Ok(match representation {
            Representation::Spectrogram(spec) => {
                let window = config.checked_window()?;
                let scaler = Scaler::new(spec.scaling, spec.output, &window, config.n_fft, rate);
                Stage::Spectrogram { scaler, bins: config.bins() }
            }
            Representation::Mel(spec) => Stage::Mel { mel: MelStage::new(&spec.mel, config.n_fft, rate)?, output: spec.output },
            Representation::Mfcc(spec) => Stage::Mfcc {
                mel: MelStage::new(&spec.mel, config.n_fft, rate)?,
                db: spec.db,
                dct: Dct::new(spec.n_mfcc, spec.mel.n_mels, spec.lifter),
                coefficients: vec![0.0; spec.n_mfcc],
            },
            Representation::Summary(summary) => return Self::new(&summary.of, rate),
        })
    }

    /// Values that are held of a frame until the clip is whole.
    pub(crate) fn width(&self) -> usize {
        match self {
            Stage::Spectrogram { bins, .. } => *bins,
            Stage::Mel { mel, .. } | Stage::Mfcc { mel, .. } => mel.n_mels(),
        }
    }

    /// Writes what is held of one frame.
    ///
    /// # Shapes
    /// `row`: `[width]`
    pub(crate) fn frame(&mut self, spectrum: &[Complex32], row: &mut [f32]) {
        match self {
            Stage::Spectrogram { scaler, .. } => scaler.apply(spectrum, row),
            Stage::Mel { mel, .. } | Stage::Mfcc { mel, .. } => mel.apply(spectrum, row),
        }
    }

    /// Appends what is held of one more frame to `rows`.
    pub(crate) fn push_frame(&mut self, spectrum: &[Complex32], rows: &mut Vec<f32>) {
        let (start, width) = (rows.len(), self.width());
        rows.resize(start + width, 0.0);
        self.frame(spectrum, &mut rows[start..]);
    }

    /// Turns what is held of all frames of a clip into its values, in place.
    ///
    /// # Shapes
    /// `rows`: `[frames, width]`; what is returned: `[frames, columns]`, the first of `rows`
    pub(crate) fn close<'a>(&mut self, rows: &'a mut [f32]) -> &'a [f32] {
        match self {
            Stage::Spectrogram { .. } => rows,
            Stage::Mel { output, .. } => {
                output.apply(rows);
                rows
            }
            Stage::Mfcc { mel, db, dct, coefficients } => {
                db.apply(rows);
                let (width, columns) = (mel.n_mels(), coefficients.len());
                let frames = rows.len() / width;
                for frame in 0..frames {
                    // Never more coefficients than bands: what is overwritten has been read.
                    dct.apply(&rows[frame * width..][..width], coefficients);
                    rows[frame * columns..][..columns].copy_from_slice(coefficients);
                }
                &rows[..frames * columns]
            }
        }
    }
}
