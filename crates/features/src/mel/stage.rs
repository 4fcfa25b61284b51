//! From complex spectra to the bands of one frame.

use super::{MelBank, MelConfig};
use crate::scaling::Scaler;
use crate::{Complex32, FeatureError, Output, Scaling};

/// A [`MelBank`] with the power spectrum it reads, ready for the frames of one transform.
#[derive(Debug, Clone)]
pub(crate) struct MelStage {
    scaler: Scaler,
    /// What the scaler's power is raised to, where that is neither power nor magnitude.
    exponent: Option<f32>,
    bank: MelBank,
    row: Vec<f32>,
}

impl MelStage {
    pub(crate) fn new(config: &MelConfig, n_fft: usize, sample_rate_hz: u32) -> Result<Self, FeatureError> {
        let (output, exponent) = match config.power {
            1.0 => (Output::Magnitude, None),
            2.0 => (Output::Power, None),
            power => (Output::Power, Some((power / 2.0) as f32)),
        };
        let scaler = Scaler::new(Scaling::None, output, &[], n_fft, sample_rate_hz);
        let bank = MelBank::new(config, n_fft, sample_rate_hz)?;
        Ok(Self { scaler, exponent, bank, row: vec![0.0; n_fft / 2 + 1] })
    }

    pub(crate) fn n_mels(&self) -> usize {
        self.bank.n_mels()
    }

    /// Writes one frame's bands.
    pub(crate) fn apply(&mut self, spectrum: &[Complex32], out: &mut [f32]) {
        self.scaler.apply(spectrum, &mut self.row);
        if let Some(exponent) = self.exponent {
            for value in &mut self.row {
                *value = value.powf(exponent);
            }
        }
        self.bank.apply(&self.row, out);
    }
}
