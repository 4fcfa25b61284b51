//! A specification, planned: from the samples of a clip to its matrix.

use crate::mel::{Dct, MelStage};
use crate::scaling::Scaler;
use crate::{FeatureError, FeatureSpec, MelOutput, PowerToDb, Representation, Stft};

/// Makes the features of one clip after another, with buffers made once: one for each thread.
///
/// It comes from [`FeatureSpec::extractor`], which has checked the specification.
#[derive(Debug, Clone)]
pub struct Extractor {
    clip_samples: usize,
    shape: [usize; 2],
    stft: Stft,
    stage: Stage,
}

/// What is made of the spectra.
#[derive(Debug, Clone)]
enum Stage {
    Spectrogram(Scaler),
    Mel {
        mel: MelStage,
        output: MelOutput,
    },
    Mfcc {
        mel: MelStage,
        db: PowerToDb,
        dct: Dct,
        /// The bands of the whole clip, which decibels are relative to.
        bands: Vec<f32>,
    },
}

impl Extractor {
    /// Plans for a specification that was checked.
    pub(crate) fn new(spec: &FeatureSpec) -> Result<Self, FeatureError> {
        let config = *spec.representation.stft();
        let (rate, shape) = (spec.sample_rate_hz, spec.shape());
        let stage = match &spec.representation {
            Representation::Spectrogram(spectrogram) => {
                let window = config.checked_window()?;
                Stage::Spectrogram(Scaler::new(spectrogram.scaling, spectrogram.output, &window, config.n_fft, rate))
            }
            Representation::Mel(mel) => Stage::Mel { mel: MelStage::new(&mel.mel, config.n_fft, rate)?, output: mel.output },
            Representation::Mfcc(mfcc) => Stage::Mfcc {
                mel: MelStage::new(&mfcc.mel, config.n_fft, rate)?,
                db: mfcc.db,
                dct: Dct::new(mfcc.n_mfcc, mfcc.mel.n_mels, mfcc.lifter),
                bands: vec![0.0; shape[0] * mfcc.mel.n_mels],
            },
        };
        Ok(Self { clip_samples: spec.clip_samples, shape, stft: Stft::new(config)?, stage })
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
        let [rows, columns] = self.shape;
        if clip.len() != self.clip_samples {
            return Err(FeatureError::ClipLength { found: clip.len(), expected: self.clip_samples });
        }
        if out.len() != rows * columns {
            return Err(FeatureError::OutputLength { found: out.len(), rows, columns });
        }
        let Self { stft, stage, .. } = self;
        match stage {
            Stage::Spectrogram(scaler) => stft.for_each_frame(clip, |frame, spectrum| {
                scaler.apply(spectrum, &mut out[frame * columns..][..columns]);
            }),
            Stage::Mel { mel, output } => {
                stft.for_each_frame(clip, |frame, spectrum| mel.apply(spectrum, &mut out[frame * columns..][..columns]))?;
                output.apply(out);
                Ok(())
            }
            Stage::Mfcc { mel, db, dct, bands } => {
                let n_mels = mel.n_mels();
                stft.for_each_frame(clip, |frame, spectrum| mel.apply(spectrum, &mut bands[frame * n_mels..][..n_mels]))?;
                db.apply(bands);
                for (bands, out) in bands.chunks_exact(n_mels).zip(out.chunks_exact_mut(columns)) {
                    dct.apply(bands, out);
                }
                Ok(())
            }
        }
    }
}
