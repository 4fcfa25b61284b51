//! Standardisation of features, fitted on training clips alone.

use serde::{Deserialize, Serialize};

use crate::{ModelError, config::require};

/// Over what mean and standard deviation are taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Standardise {
    /// Features go into the network as they are.
    None,
    /// One mean and deviation a frequency bin, over all frames of all training clips.
    PerBin,
    /// Features are divided by a number; no statistics. Li 2019 divides decibels by 255: `{ divide = { by = 255.0 } }`.
    Divide {
        /// Any number but 0.
        by: f32,
    },
}

impl Standardise {
    /// Checks the knob.
    ///
    /// # Errors
    /// [`ModelError::Config`] for a divisor that is 0 or no number.
    pub fn check(&self) -> Result<(), ModelError> {
        match self {
            Self::Divide { by } => require("standardise.divide.by", by, by.is_normal(), "a number other than 0"),
            Self::None | Self::PerBin => Ok(()),
        }
    }
}

/// `(x - mean) / deviation`, bin by bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Normaliser {
    /// `[bins]`; empty for [`Standardise::None`].
    pub mean: Vec<f32>,
    /// `[bins]`; 1 where a bin never varied; the divisor of [`Standardise::Divide`].
    pub deviation: Vec<f32>,
}

impl Normaliser {
    /// Fits on the training part, [clips · frames, bins], summed in f64.
    ///
    /// `pass` hands all features, in pieces of whole frames, to the function it is given. It is called twice where there
    /// are statistics to take, and not at all where there are none; the pieces' sizes change nothing.
    ///
    /// # Errors
    /// Those of `pass`.
    ///
    /// # Panics
    /// When there are no features or they are no whole number of frames.
    pub fn fit<E>(standardise: Standardise, bins: usize, mut pass: impl FnMut(&mut dyn FnMut(&[f32])) -> Result<(), E>) -> Result<Self, E> {
        match standardise {
            Standardise::None => return Ok(Self { mean: vec![], deviation: vec![] }),
            Standardise::Divide { by } => return Ok(Self { mean: vec![0.0; bins], deviation: vec![by; bins] }),
            Standardise::PerBin => {}
        }
        let mut n_frames = 0;
        let mut mean = vec![0.0f64; bins];
        pass(&mut |features| {
            assert!(features.len().is_multiple_of(bins), "{} values are no frames of {bins} bins", features.len());
            n_frames += features.len() / bins;
            for frame in features.chunks_exact(bins) {
                mean.iter_mut().zip(frame).for_each(|(sum, value)| *sum += f64::from(*value));
            }
        })?;
        assert!(n_frames > 0, "there are no features to fit on");
        let count = n_frames as f64;
        mean.iter_mut().for_each(|sum| *sum /= count);
        // A second pass: the difference of large sums would lose what small deviations there are.
        let mut variance = vec![0.0f64; bins];
        pass(&mut |features| {
            for frame in features.chunks_exact(bins) {
                for ((sum, value), mean) in variance.iter_mut().zip(frame).zip(&mean) {
                    *sum += (f64::from(*value) - mean).powi(2);
                }
            }
        })?;
        let deviation = variance.iter().map(|sum| (sum / count).sqrt() as f32).map(|sd| if sd > 0.0 { sd } else { 1.0 }).collect();
        Ok(Self { mean: mean.into_iter().map(|mean| mean as f32).collect(), deviation })
    }

    /// Whether it knows what training clips were like on average.
    #[must_use]
    pub fn has_statistics(&self) -> bool {
        self.mean.iter().any(|mean| *mean != 0.0)
    }

    /// Standardises frames in place.
    pub fn apply(&self, features: &mut [f32]) {
        if self.mean.is_empty() {
            return;
        }
        for frame in features.chunks_exact_mut(self.mean.len()) {
            for ((value, mean), deviation) in frame.iter_mut().zip(&self.mean).zip(&self.deviation) {
                *value = (*value - mean) / deviation;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn fit(standardise: Standardise, features: &[f32], bins: usize) -> Normaliser {
        let Ok(normaliser) = Normaliser::fit::<Infallible>(standardise, bins, |piece| {
            piece(features);
            Ok(())
        });
        normaliser
    }

    #[test]
    fn pieces_change_nothing() {
        let features: Vec<f32> = (0..300).map(|i| (i as f32 * 0.7).sin() * 1e3).collect();
        let whole = fit(Standardise::PerBin, &features, 3);
        let Ok(pieces) = Normaliser::fit::<Infallible>(Standardise::PerBin, 3, |piece| {
            features.chunks(21).for_each(piece);
            Ok(())
        });
        assert_eq!(whole, pieces);
        assert_eq!(Normaliser::fit(Standardise::PerBin, 3, |_| Err("the disk")), Err("the disk"));
    }

    #[test]
    fn training_frames_come_out_with_mean_zero_and_deviation_one() {
        let mut features: Vec<f32> = (0..300).map(|i| 1000.0 + (i % 3) as f32 * 7.0 + (i as f32 * 0.7).sin()).collect();
        let normaliser = fit(Standardise::PerBin, &features, 3);
        normaliser.apply(&mut features);
        for bin in 0..3 {
            let values: Vec<f32> = features.iter().skip(bin).step_by(3).copied().collect();
            let mean = values.iter().sum::<f32>() / 100.0;
            let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / 100.0).sqrt();
            assert!(mean.abs() < 1e-3 && (deviation - 1.0).abs() < 1e-3, "bin {bin}: {mean}, {deviation}");
        }
    }

    #[test]
    fn a_constant_bin_becomes_zero_and_none_changes_nothing() {
        let mut features = vec![5.0, 1.0, 5.0, 3.0];
        fit(Standardise::PerBin, &features, 2).apply(&mut features);
        assert_eq!(features, [0.0, -1.0, 0.0, 1.0]);
        let mut raw = vec![5.0, 1.0];
        fit(Standardise::None, &raw, 2).apply(&mut raw);
        assert_eq!(raw, [5.0, 1.0]);
    }

    #[test]
    fn decibels_are_divided_whatever_the_training_part_was() {
        let mut features = vec![-80.0, 0.0, -25.5, -51.0];
        fit(Standardise::Divide { by: 255.0 }, &[7.0, 9.0], 2).apply(&mut features);
        assert_eq!(features, [-80.0 / 255.0, 0.0, -0.1, -0.2]);
        assert!(Standardise::Divide { by: 0.0 }.check().is_err());
    }
}
