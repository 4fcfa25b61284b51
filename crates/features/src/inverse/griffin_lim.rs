//! Samples for magnitudes whose phases are not known.

use super::{InverseStft, spectral_convergence};
use crate::{Complex32, FeatureError, Stft, StftConfig};

/// Griffin and Lim's iteration, with momentum: magnitudes are given phases, inverted, transformed again; the phases that come out
/// are kept and the magnitudes put back.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `iterations` | 32 | from 0 | how often |
/// | `momentum` | 0.99 | 0 to 1 | how far phases go on in their direction; 0 is Griffin and Lim's own |
/// | `floor` | 0 | 0 to 1 | [`InverseStft::with_floor`] |
///
/// What it can do depends on how much frames overlap. With a hop of a quarter of the frame there are some four magnitudes to each
/// sample, and they all but determine it. Under `scipy.signal.spectrogram`'s defaults (an eighth of overlap) there are fewer
/// magnitudes than samples: nearly any magnitudes are those of some samples, so that the error that is left is small, but the samples
/// are one choice among many. What happens within a frame, a quarter of a second at 4000 Hz, is lost.
///
/// # References
/// D. Griffin, J. Lim: Signal estimation from modified short-time Fourier transform, 1984; N. Perraudin, P. Balazs, P. Søndergaard:
/// A fast Griffin-Lim algorithm, 2013; librosa 0.11, `librosa.griffinlim`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct GriffinLim {
    pub iterations: usize,
    pub momentum: f32,
    pub floor: f32,
}

impl Default for GriffinLim {
    fn default() -> Self {
        Self { iterations: 32, momentum: 0.99, floor: 0.0 }
    }
}

/// Samples, and how well their magnitudes are those that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Inverted {
    /// As many as were asked for.
    pub samples: Vec<f32>,
    /// Unit numbers, `[frames, bins]`: the phases of the samples' own spectra, to go on from.
    pub phases: Vec<Complex32>,
    /// [`spectral_convergence`] of the magnitudes asked for and those of the samples: the consistency error.
    pub convergence: f64,
}

impl Inverted {
    /// [`Inverted::convergence`] in decibels: −20 is a tenth.
    #[must_use]
    pub fn convergence_db(&self) -> f64 {
        20.0 * self.convergence.log10()
    }
}

impl GriffinLim {
    /// `n_samples` samples for magnitudes, starting from phases of unit size.
    ///
    /// # Shapes
    /// `magnitudes`, `phases`: `[frames, bins]`, row-major, unscaled as [`Stft`] gives them
    ///
    /// # Errors
    /// [`FeatureError::Frames`]; [`FeatureError::Setting`] for a momentum below 0 or no number; as [`StftConfig::check`];
    /// [`FeatureError::Sample`] where magnitudes are so large that samples come out beyond the largest.
    pub fn invert(&self, config: StftConfig, magnitudes: &[f32], phases: &[Complex32], n_samples: usize) -> Result<Inverted, FeatureError> {
        if !(0.0..=1.0).contains(&self.momentum) {
            return Err(crate::error::setting("momentum", self.momentum, "0 to 1", "0.99 is usual"));
        }
        let (bins, frames) = (config.bins(), config.frames(n_samples));
        if magnitudes.len() != frames * bins || phases.len() != magnitudes.len() {
            let found = if magnitudes.len() == frames * bins { phases.len() } else { magnitudes.len() };
            return Err(FeatureError::Frames { found, samples: n_samples, frames, bins });
        }
        let mut forward = Stft::new(config)?;
        let mut backward = InverseStft::new(config)?.with_floor(self.floor);
        let mut samples = vec![0.0; n_samples];
        let mut spectra: Vec<Complex32> = phases.iter().zip(magnitudes).map(|(phase, magnitude)| phase * magnitude).collect();
        let mut rebuilt = vec![Complex32::default(); spectra.len()];
        let mut before: Option<Vec<Complex32>> = None;
        let pull = self.momentum / (1.0 + self.momentum);
        for _ in 0..self.iterations {
            backward.inverse(&spectra, &mut samples)?;
            forward.transform(&samples, &mut rebuilt)?;
            for (index, (spectrum, magnitude)) in spectra.iter_mut().zip(magnitudes).enumerate() {
                let towards = before.as_ref().map_or(rebuilt[index], |before| rebuilt[index] - before[index] * pull);
                *spectrum = unit(towards) * magnitude;
            }
            match &mut before {
                Some(before) => std::mem::swap(before, &mut rebuilt),
                None => before = Some(rebuilt.clone()),
            }
        }
        backward.inverse(&spectra, &mut samples)?;
        forward.transform(&samples, &mut rebuilt)?;
        let convergence = spectral_convergence(magnitudes, rebuilt.iter().map(|bin| bin.norm()));
        let phases = rebuilt.into_iter().map(unit).collect();
        Ok(Inverted { samples, phases, convergence })
    }
}

/// A number of its direction and the size 1; 0 of 0.
fn unit(number: Complex32) -> Complex32 {
    number / (number.norm() + f32::MIN_POSITIVE)
}
