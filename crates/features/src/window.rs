//! Window functions, in f64, with the formulas and conventions of `scipy.signal.windows`.

use std::f64::consts::{PI, TAU};

use serde::{Deserialize, Serialize};

use crate::error::{FeatureError, setting};

/// Where a window's period ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Symmetry {
    /// The first `n` values of a window of `n + 1`: the one to analyse spectra with, and what
    /// scipy's and librosa's spectrograms use (`fftbins=True`).
    #[default]
    Periodic,
    /// The last value mirrors the first: the one to design filters with (`fftbins=False`).
    Symmetric,
}

/// The shape of a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Window {
    /// One period of a raised cosine; see [`hann`].
    #[default]
    Hann,
    /// A raised cosine on a pedestal; see [`hamming`].
    Hamming,
    /// Three cosine terms; see [`blackman`].
    Blackman,
    /// A triangle that starts at zero; see [`bartlett`].
    Bartlett,
    /// A triangle that starts above zero; see [`triangular`].
    Triangular,
    /// A plateau between cosine slopes; see [`tukey`].
    Tukey {
        /// The part of the window that slopes: 0 is the rectangle, 1 the Hann window.
        alpha: f64,
    },
    /// Ones; see [`rectangular`].
    Rectangular,
}

impl Window {
    /// The window's values.
    ///
    /// # Shapes
    /// `[n]`
    #[must_use]
    pub fn coefficients(self, n: usize, symmetry: Symmetry) -> Vec<f64> {
        match self {
            Window::Hann => hann(n, symmetry),
            Window::Hamming => hamming(n, symmetry),
            Window::Blackman => blackman(n, symmetry),
            Window::Bartlett => bartlett(n, symmetry),
            Window::Triangular => triangular(n, symmetry),
            Window::Tukey { alpha } => tukey(n, alpha, symmetry),
            Window::Rectangular => rectangular(n),
        }
    }

    /// The name, as it is written in TOML and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Window::Hann => "hann",
            Window::Hamming => "hamming",
            Window::Blackman => "blackman",
            Window::Bartlett => "bartlett",
            Window::Triangular => "triangular",
            Window::Tukey { .. } => "tukey",
            Window::Rectangular => "rectangular",
        }
    }

    pub(crate) fn check(self) -> Result<(), FeatureError> {
        match self {
            Window::Tukey { alpha } if !(0.0..=1.0).contains(&alpha) => Err(setting(
                "window.tukey.alpha",
                alpha,
                "a number from 0 to 1",
                "0 is the rectangle, 1 the hann window, 0.25 scipy's default",
            )),
            _ => Ok(()),
        }
    }
}

/// Values of `at(position, last)` for every position, where `last` is the position that mirrors 0.
///
/// A window of one sample is 1, whatever its formula, as in scipy.
fn sample(n: usize, symmetry: Symmetry, at: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    if n <= 1 {
        return vec![1.0; n];
    }
    let last = match symmetry {
        Symmetry::Periodic => n,
        Symmetry::Symmetric => n - 1,
    };
    (0..n).map(|i| at(i as f64, last as f64)).collect()
}

/// Sum of `a[j] · cos(2π · j · position / last)` with alternating signs.
fn cosine_sum(a: &[f64], position: f64, last: f64) -> f64 {
    (0..).zip(a).map(|(j, a)| if j % 2 == 0 { *a } else { -a } * (TAU * f64::from(j) * position / last).cos()).sum()
}

/// Hann window: `0.5 − 0.5 cos(2πi/m)`.
#[must_use]
pub fn hann(n: usize, symmetry: Symmetry) -> Vec<f64> {
    sample(n, symmetry, |i, last| cosine_sum(&[0.5, 0.5], i, last))
}

/// Hamming window: `0.54 − 0.46 cos(2πi/m)`.
#[must_use]
pub fn hamming(n: usize, symmetry: Symmetry) -> Vec<f64> {
    sample(n, symmetry, |i, last| cosine_sum(&[0.54, 0.46], i, last))
}

/// Blackman window: `0.42 − 0.5 cos(2πi/m) + 0.08 cos(4πi/m)`.
#[must_use]
pub fn blackman(n: usize, symmetry: Symmetry) -> Vec<f64> {
    sample(n, symmetry, |i, last| cosine_sum(&[0.42, 0.5, 0.08], i, last))
}

/// Bartlett window: a triangle from 0 to 1 and back to 0.
#[must_use]
pub fn bartlett(n: usize, symmetry: Symmetry) -> Vec<f64> {
    sample(n, symmetry, |i, last| 1.0 - (2.0 * i / last - 1.0).abs())
}

/// Triangular window: as [`bartlett`], with the zeros outside its ends (scipy's `triang`).
#[must_use]
pub fn triangular(n: usize, symmetry: Symmetry) -> Vec<f64> {
    sample(n, symmetry, |i, last| {
        // The base is one sample longer at either end, or half a sample where the peak falls
        // between two samples.
        let base = if last % 2.0 == 0.0 { last + 2.0 } else { last + 1.0 };
        1.0 - (2.0 * i - last).abs() / base
    })
}

/// Tukey window: ones between cosine slopes that take up the part `alpha` of it, clamped to 0 to 1.
#[must_use]
pub fn tukey(n: usize, alpha: f64, symmetry: Symmetry) -> Vec<f64> {
    if alpha <= 0.0 {
        return rectangular(n);
    }
    let alpha = alpha.min(1.0);
    sample(n, symmetry, |i, last| {
        let from_edge = i.min(last - i);
        if from_edge > alpha * last / 2.0 { 1.0 } else { 0.5 * (1.0 + (PI * (2.0 * from_edge / (alpha * last) - 1.0)).cos()) }
    })
}

/// Rectangular window: ones (scipy's `boxcar`).
#[must_use]
pub fn rectangular(n: usize) -> Vec<f64> {
    vec![1.0; n]
}
