//! From mel bands back to the bins of a spectrum.

use crate::{FeatureError, MelBank, MelConfig};

/// Finds for the bands of each frame a spectrum that has them.
///
/// There are fewer bands than bins, so that many spectra have the same bands, and no spectrum has bands that no sound could have (a
/// loud band between two silent ones, say). Where there is one, it is found; where there is none, one whose bands are nearest, in the
/// sense of the relative entropy: each band by its own size, so that quiet bands, which weigh as much as loud ones once they are
/// decibels, are met as well. librosa minimises squares instead, which quiet bands hardly enter.
///
/// # References
/// D. Lee, H. Seung: Algorithms for non-negative matrix factorization, 2001, theorem 2; compare librosa 0.11,
/// `librosa.feature.inverse.mel_to_stft`.
#[derive(Debug, Clone)]
pub struct MelInverse {
    bank: MelBank,
    bins: usize,
    /// Of each bin, the sum of the weights that bands give it.
    columns: Vec<f32>,
    iterations: usize,
    exponent: f32,
    bands: Vec<f32>,
    factors: Vec<f32>,
}

/// How well spectra that were found have the bands asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct MelFit {
    /// `[frames, bins]`: magnitudes, unscaled.
    pub magnitudes: Vec<f32>,
    /// `‖found − wanted‖ / ‖wanted‖` over all bands.
    pub residual: f64,
}

impl MelInverse {
    /// Iterations; a single band may still be a few tenths of a decibel off.
    pub const ITERATIONS: usize = 200;

    /// Plans for the bands of a filter bank.
    ///
    /// # Errors
    /// As [`MelConfig::check`].
    pub fn new(config: &MelConfig, n_fft: usize, sample_rate_hz: u32) -> Result<Self, FeatureError> {
        let bank = MelBank::new(config, n_fft, sample_rate_hz)?;
        let bins = n_fft / 2 + 1;
        let mut columns = vec![0.0; bins];
        for band in 0..bank.n_mels() {
            let (first, weights) = bank.filter(band);
            columns[first..].iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        }
        let exponent = (1.0 / config.power) as f32;
        let (bands, factors) = (vec![0.0; bank.n_mels()], vec![0.0; bins]);
        Ok(Self { bank, bins, columns, iterations: Self::ITERATIONS, exponent, bands, factors })
    }

    /// Takes as many iterations.
    #[must_use]
    pub fn with_iterations(self, iterations: usize) -> Self {
        Self { iterations, ..self }
    }

    /// What each bin gets of one frame's values of bands: the mean of the bands that it lies in, by the filters' weights; 0 where it lies
    /// in none.
    ///
    /// # Panics
    /// When there are not as many values as bands.
    #[must_use]
    pub fn spread(&self, values: &[f32]) -> Vec<f32> {
        assert_eq!(values.len(), self.bank.n_mels(), "one value a band");
        let mut bins = vec![0.0; self.bins];
        for (band, value) in values.iter().enumerate() {
            let (first, weights) = self.bank.filter(band);
            bins[first..].iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * value);
        }
        bins.iter_mut().zip(&self.columns).filter(|(_, column)| **column > 0.0).for_each(|(sum, column)| *sum /= column);
        bins
    }

    /// Magnitudes of spectra with these bands. Bins that lie in no band are 0.
    ///
    /// # Shapes
    /// `bands`: `[frames, n_mels]`, sums of magnitudes to the configuration's `power`, from 0
    ///
    /// # Errors
    /// [`FeatureError::Frames`] where they are no whole number of frames.
    pub fn magnitudes(&mut self, bands: &[f32]) -> Result<MelFit, FeatureError> {
        let (n_mels, bins) = (self.bank.n_mels(), self.bins);
        if !bands.len().is_multiple_of(n_mels) {
            return Err(FeatureError::Frames { found: bands.len(), samples: 0, frames: bands.len().div_ceil(n_mels), bins: n_mels });
        }
        let mut magnitudes = vec![0.0; bands.len() / n_mels * bins];
        let mut found = vec![0.0; bands.len()];
        for ((wanted, spectrum), found) in
            bands.chunks_exact(n_mels).zip(magnitudes.chunks_exact_mut(bins)).zip(found.chunks_exact_mut(n_mels))
        {
            self.fit(wanted, spectrum);
            self.bank.apply(spectrum, found);
            spectrum.iter_mut().for_each(|value| *value = value.powf(self.exponent));
        }
        Ok(MelFit { residual: super::spectral_convergence(bands, found), magnitudes })
    }

    /// Finds the spectrum of one frame: each bin is multiplied by the mean, over the bands it lies in, of what they lack.
    fn fit(&mut self, wanted: &[f32], spectrum: &mut [f32]) {
        // The first step from a flat spectrum is a weighted mean of the bands around each bin.
        spectrum.iter_mut().zip(&self.columns).for_each(|(value, sum)| *value = if *sum > 0.0 { 1.0 } else { 0.0 });
        for _ in 0..self.iterations {
            self.bank.apply(spectrum, &mut self.bands);
            self.factors.fill(0.0);
            for (band, (wanted, found)) in wanted.iter().zip(&self.bands).enumerate() {
                let lacks = wanted / found.max(f32::MIN_POSITIVE);
                let (first, weights) = self.bank.filter(band);
                self.factors[first..].iter_mut().zip(weights).for_each(|(factor, weight)| *factor += weight * lacks);
            }
            for ((value, factor), sum) in spectrum.iter_mut().zip(&self.factors).zip(&self.columns) {
                *value *= factor / sum.max(f32::MIN_POSITIVE);
            }
        }
    }
}
