//! From a clip's features back to its samples.

use super::{GriffinLim, Inverted, MelInverse};
use crate::error::setting;
use crate::scaling::Scaler;
use crate::{Complex32, FeatureError, FeatureSpec, MelOutput, Output, PowerToDb, Reference, Representation, StftConfig};

/// Turns features of one specification into sound again, as far as they say what it was.
///
/// Phases are lost in every feature and found again by [`GriffinLim`]; mel bands hold fewer numbers than bins ([`MelInverse`]);
/// decibels relative to a clip's loudest cell hold no loudness, and come back as loud as their reference says: 0 dB is a power of
/// [`Inverter::LOUDEST`].
#[derive(Debug, Clone)]
pub struct Inverter {
    config: StftConfig,
    clip_samples: usize,
    columns: usize,
    back: Back,
}

#[derive(Debug, Clone)]
enum Back {
    Spectrogram { scaler: Scaler, output: Output },
    Mel { mel: Box<MelInverse>, output: MelOutput },
}

/// Sound for features.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// The samples of the clip, their phases and the consistency error of their magnitudes.
    pub inverted: Inverted,
    /// How far the bands of the magnitudes are from those asked for, of mel features; 0 of others.
    pub mel_residual: f64,
}

impl Inverter {
    /// The power of 0 dB where that is a clip's loudest cell: a sine of some .1 in a frame of 2048 under a Hann window.
    pub const LOUDEST: f32 = 100.0;

    /// Plans for a specification of clips.
    ///
    /// # Errors
    /// [`FeatureError::Setting`] for MFCC, summaries and whole tracks, which say too little; as [`FeatureSpec::check`].
    pub fn new(spec: &FeatureSpec) -> Result<Self, FeatureError> {
        spec.check()?;
        let rate = spec.sample_rate_hz;
        let expected = "clips of a spectrogram or of mel bands";
        let advice = "sound can be made of these alone: take a model of such features";
        let Some(clip_samples) = spec.clip_samples() else {
            return Err(setting("clip", "\"whole\"", expected, advice));
        };
        let config = *spec.representation.stft();
        let back = match &spec.representation {
            Representation::Spectrogram(spectrogram) => {
                let window = config.checked_window()?;
                let scaler = Scaler::new(spectrogram.scaling, spectrogram.output, &window, config.n_fft, rate);
                Back::Spectrogram { scaler, output: spectrogram.output }
            }
            Representation::Mel(mel) => Back::Mel { mel: Box::new(MelInverse::new(&mel.mel, config.n_fft, rate)?), output: mel.output },
            Representation::Mfcc(_) | Representation::Summary(_) => {
                return Err(setting("representation", "MFCC or a summary", expected, advice));
            }
        };
        Ok(Self { config, clip_samples, columns: spec.shape()[1], back })
    }

    /// The transform that the features begin with.
    #[must_use]
    pub fn config(&self) -> &StftConfig {
        &self.config
    }

    /// Frames of a clip, and bins of the transform.
    #[must_use]
    pub fn spectra(&self) -> [usize; 2] {
        [self.config.frames(self.clip_samples), self.config.bins()]
    }

    /// What each bin of the transform gets of numbers that stand beside a clip's features, weights for instance: of a spectrogram they
    /// themselves, of mel bands [`MelInverse::spread`].
    ///
    /// # Shapes
    /// `[frames, values]` → `[frames, bins]`, row-major
    #[must_use]
    pub fn of_bins(&self, values: &[f32]) -> Vec<f32> {
        match &self.back {
            Back::Spectrogram { .. } => values.to_vec(),
            Back::Mel { mel, .. } => values.chunks_exact(self.columns).flat_map(|frame| mel.spread(frame)).collect(),
        }
    }

    /// The unscaled magnitudes that a clip's features are of, and the residual of mel bands.
    ///
    /// # Shapes
    /// `features`: `[frames, values]` → `[frames, bins]`, row-major
    ///
    /// # Errors
    /// [`FeatureError::Frames`].
    pub fn magnitudes(&mut self, features: &[f32]) -> Result<(Vec<f32>, f64), FeatureError> {
        let [frames, _] = self.spectra();
        if features.len() != frames * self.columns {
            return Err(FeatureError::Frames { found: features.len(), samples: self.clip_samples, frames, bins: self.columns });
        }
        match &mut self.back {
            Back::Spectrogram { scaler, output } => {
                let mut magnitudes: Vec<f32> = features.iter().map(|value| magnitude_of(*output, *value)).collect();
                magnitudes.chunks_exact_mut(self.columns).for_each(|frame| scaler.unscale(frame));
                Ok((magnitudes, 0.0))
            }
            Back::Mel { mel, output } => {
                let bands: Vec<f32> = features.iter().map(|value| band_of(*output, *value)).collect();
                let fit = mel.magnitudes(&bands)?;
                Ok((fit.magnitudes, fit.residual))
            }
        }
    }

    /// A clip's samples, starting from phases of unit size.
    ///
    /// # Shapes
    /// `features`: `[frames, values]`, `phases`: [`Inverter::spectra`], row-major
    ///
    /// # Errors
    /// As [`Inverter::magnitudes`] and [`GriffinLim::invert`].
    pub fn invert(&mut self, features: &[f32], phases: &[Complex32], by: &GriffinLim) -> Result<Sound, FeatureError> {
        let (magnitudes, mel_residual) = self.magnitudes(features)?;
        Ok(Sound { inverted: by.invert(self.config, &magnitudes, phases, self.clip_samples)?, mel_residual })
    }
}

/// The magnitude, scaled, that a value of a spectrogram is of.
fn magnitude_of(output: Output, value: f32) -> f32 {
    match output {
        Output::Power => value.max(0.0).sqrt(),
        Output::Magnitude => value.max(0.0),
        // At the floor it may be anything below, silence as well.
        Output::LogMagnitude { .. } => value.exp(),
        Output::LogPower { .. } => (value / 2.0).exp(),
    }
}

/// The sum that a value of a mel band is of.
fn band_of(output: MelOutput, value: f32) -> f32 {
    match output {
        MelOutput::Linear => value.max(0.0),
        MelOutput::Db(PowerToDb { reference, .. }) => {
            let zero = match reference {
                Reference::Max => Inverter::LOUDEST,
                Reference::Value(value) => value as f32,
            };
            10.0_f32.powf(value / 10.0) * zero
        }
        MelOutput::LogCompressed { scale } => ((10.0_f32.powf(value) - 1.0) / scale as f32).max(0.0),
    }
}
