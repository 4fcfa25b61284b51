//! The filters of a mel spectrogram, without their zeros.

use super::{MelConfig, MelNorm};
use crate::FeatureError;
use crate::dot::{LANES, dot};

/// Triangular filters over the bins of a spectrum, each kept as its first bin and its weights: of
/// 128 bands by 1025 bins, some 98 % are zero.
///
/// The weights are librosa's, computed in f64.
///
/// # References
/// librosa 0.11, `librosa.filters.mel`.
#[derive(Debug, Clone)]
pub struct MelBank {
    bins: usize,
    bands: Vec<Band>,
    /// The weights of all bands, one after the other.
    weights: Vec<f32>,
}

/// Where a band's weights are, and which bins they are of. It begins and ends with a few zeros
/// where that makes it whole vectors.
#[derive(Debug, Clone, Copy)]
struct Band {
    first_bin: usize,
    start: usize,
    end: usize,
}

impl MelBank {
    /// The filters for spectra of `n_fft / 2 + 1` bins.
    ///
    /// # Errors
    /// As [`MelConfig::check`].
    pub fn new(config: &MelConfig, n_fft: usize, sample_rate_hz: u32) -> Result<Self, FeatureError> {
        config.check(sample_rate_hz)?;
        let bins = n_fft / 2 + 1;
        let bin_hz = f64::from(sample_rate_hz) / n_fft as f64;
        let corners = corners(config, sample_rate_hz);

        let mut bank = Self { bins, bands: Vec::with_capacity(config.n_mels), weights: Vec::new() };
        for triangle in corners.windows(3) {
            let &[lower, centre, upper] = triangle else { unreachable!("windows of three") };
            let peak = match config.mel_norm {
                MelNorm::Slaney => 2.0 / (upper - lower),
                MelNorm::None => 1.0,
            };
            let weight = |bin: usize| {
                let hz = bin as f64 * bin_hz;
                let rising = (hz - lower) / (centre - lower);
                let falling = (upper - hz) / (upper - centre);
                (peak * rising.min(falling).max(0.0)) as f32
            };
            let first = bins.min((lower / bin_hz).floor() as usize);
            let end = bins.min((upper / bin_hz).ceil() as usize + 1);
            bank.push(first, (first..end).map(weight).collect());
        }
        Ok(bank)
    }

    /// Adds a band; what is zero at its ends is left out, but for what makes it whole vectors.
    fn push(&mut self, first: usize, weights: Vec<f32>) {
        let zeros_before = weights.iter().take_while(|w| **w == 0.0).count();
        let zeros_after = weights[zeros_before..].iter().rev().take_while(|w| **w == 0.0).count();
        let weights = &weights[zeros_before..weights.len() - zeros_after];
        let first = if weights.is_empty() { 0 } else { first + zeros_before };

        let whole = weights.len().next_multiple_of(LANES).min(self.bins);
        let first_bin = first.min(self.bins - whole);
        let start = self.weights.len();
        self.weights.resize(start + first - first_bin, 0.0);
        self.weights.extend(weights);
        self.weights.resize(start + whole, 0.0);
        self.bands.push(Band { first_bin, start, end: start + whole });
    }

    /// Bands in the bank.
    #[must_use]
    pub fn n_mels(&self) -> usize {
        self.bands.len()
    }

    /// Bands too narrow to hold a bin: they are zero in every frame. Lower `n_mels` or raise
    /// `n_fft` to have none.
    #[must_use]
    pub fn empty_bands(&self) -> usize {
        (0..self.n_mels()).filter(|&band| self.filter(band).1.iter().all(|w| *w == 0.0)).count()
    }

    /// A band's first bin and its weights from there on, with zeros at its ends possibly.
    ///
    /// # Panics
    /// There is no such band.
    #[must_use]
    pub fn filter(&self, band: usize) -> (usize, &[f32]) {
        let Band { first_bin, start, end } = self.bands[band];
        (first_bin, &self.weights[start..end])
    }

    /// Sums a spectrum, of power or magnitude, into bands.
    ///
    /// # Shapes
    /// `spectrum`: `[n_fft / 2 + 1]`, `out`: `[n_mels]`
    ///
    /// # Panics
    /// A slice has another length.
    pub fn apply(&self, spectrum: &[f32], out: &mut [f32]) {
        assert_eq!([spectrum.len(), out.len()], [self.bins, self.bands.len()], "bins and bands");
        for (value, &Band { first_bin, start, end }) in out.iter_mut().zip(&self.bands) {
            let weights = &self.weights[start..end];
            *value = dot(&spectrum[first_bin..first_bin + weights.len()], weights);
        }
    }
}

/// The frequencies in Hz where triangles begin, peak and end: `n_mels + 2`, evenly spaced in mel.
fn corners(config: &MelConfig, sample_rate_hz: u32) -> Vec<f64> {
    let scale = config.mel_scale;
    let [from, to] = [config.fmin_hz, config.fmax_hz(sample_rate_hz)].map(|hz| scale.hz_to_mel(hz));
    let step = (to - from) / (config.n_mels + 1) as f64;
    (0..config.n_mels + 2).map(|i| scale.mel_to_hz(from + step * i as f64)).collect()
}
