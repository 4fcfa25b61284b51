//! From complex spectra to the numbers a network reads: scaling, magnitude, logarithm.

use serde::{Deserialize, Serialize};

use crate::Complex32;
use crate::error::{FeatureError, setting};
use crate::ln::ln_normal;

/// What the squared magnitude of a bin is multiplied by.
///
/// With [`Scaling::Density`] and [`Scaling::Spectrum`] every bin but 0 Hz and, for an even `n_fft`,
/// half the sample rate counts twice, since a one-sided spectrum leaves its mirror image out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scaling {
    /// Nothing, and no bin counts twice (librosa).
    #[default]
    None,
    /// `1 / (sample_rate_hz · Σ window²)`: power per hertz, whose sum over the frequencies is the
    /// signal's mean square (scipy's default, `scaling="density"`).
    Density,
    /// `1 / (Σ window)²`: a sine of amplitude `a` gives `a²/2` at its bin, whatever the frame
    /// (scipy's `scaling="spectrum"`).
    Spectrum,
}

/// What is kept of a bin, after scaling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Output {
    /// The squared magnitude.
    Power,
    /// The square root of the power.
    #[default]
    Magnitude,
    /// `ln(max(magnitude, floor))`, in nepers.
    LogMagnitude {
        /// The smallest magnitude told from silence.
        floor: f64,
    },
    /// `ln(max(power, floor))`.
    LogPower {
        /// The smallest power told from silence.
        floor: f64,
    },
}

impl Output {
    pub(crate) fn check(self) -> Result<(), FeatureError> {
        match self {
            Output::Power | Output::Magnitude => Ok(()),
            Output::LogMagnitude { floor } | Output::LogPower { floor } => {
                // Below the smallest normal f32 the floor would be lost to rounding, and the
                // logarithm of 0 with it.
                let range = f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX);
                if range.contains(&floor) {
                    return Ok(());
                }
                let (found, expected) = (format!("{floor:e}"), format!("{:e} to {:e}", range.start(), range.end()));
                Err(setting("output floor", found, expected, "set it just below the faintest sound that matters"))
            }
        }
    }
}

/// [`Scaling`] and [`Output`], ready to be applied to spectra of one length.
#[derive(Debug, Clone)]
pub(crate) struct Scaler {
    /// Factor of the bins without a mirror image: the first, and the last where `n_fft` is even.
    outer: f32,
    /// Factor of all other bins.
    inner: f32,
    last_is_outer: bool,
    output: Output,
}

impl Scaler {
    pub(crate) fn new(scaling: Scaling, output: Output, window: &[f64], n_fft: usize, sample_rate_hz: u32) -> Self {
        let factor = match scaling {
            Scaling::None => 1.0,
            Scaling::Density => 1.0 / (f64::from(sample_rate_hz) * window.iter().map(|w| w * w).sum::<f64>()),
            Scaling::Spectrum => window.iter().sum::<f64>().powi(-2),
        };
        let mirrored = if scaling == Scaling::None { factor } else { 2.0 * factor };
        Self { outer: factor as f32, inner: mirrored as f32, last_is_outer: n_fft.is_multiple_of(2), output }
    }

    /// Takes the scaling of one frame's magnitudes away again.
    pub(crate) fn unscale(&self, magnitudes: &mut [f32]) {
        let last = magnitudes.len() - 1;
        for (bin, value) in magnitudes.iter_mut().enumerate() {
            let is_outer = bin == 0 || (bin == last && self.last_is_outer);
            *value /= if is_outer { self.outer } else { self.inner }.sqrt();
        }
    }

    /// Writes one frame's features. Both slices have as many values as the frame has bins.
    pub(crate) fn apply(&self, spectrum: &[Complex32], out: &mut [f32]) {
        // Each step is a loop of its own over one row, which stays in the first cache, so that each
        // vectorises.
        for (value, bin) in out.iter_mut().zip(spectrum) {
            *value = bin.norm_sqr() * self.inner;
        }
        out[0] = spectrum[0].norm_sqr() * self.outer;
        if self.last_is_outer {
            let last = out.len() - 1;
            out[last] = spectrum[last].norm_sqr() * self.outer;
        }
        if matches!(self.output, Output::Magnitude | Output::LogMagnitude { .. }) {
            for value in &mut *out {
                *value = value.sqrt();
            }
        }
        if let Output::LogMagnitude { floor } | Output::LogPower { floor } = self.output {
            let floor = floor as f32;
            for value in &mut *out {
                *value = ln_normal(value.max(floor));
            }
        }
    }
}
