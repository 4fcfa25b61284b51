//! Low-pass filters from the Kaiser window, and how long they must be.
//!
//! # References
//! J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function" (1974).

use std::f64::consts::PI;

/// The window's shape for ripple and leakage of so many dB below full scale (above 50).
pub(crate) fn beta(attenuation_db: f64) -> f64 {
    0.1102 * (attenuation_db - 8.7)
}

/// The samples from the first tap to the last times the radians a sample from the passband's end to
/// the stopband's start: give one, divide by it, have the other.
pub(crate) fn length_times_transition(attenuation_db: f64) -> f64 {
    (attenuation_db - 8.0) / 2.285
}

/// The window at a place between its ends, -1 and 1; zero beyond.
pub(crate) fn window(beta: f64, along: f64) -> f64 {
    if along.abs() > 1.0 { 0.0 } else { bessel_i0(beta * (1.0 - along * along).sqrt()) / bessel_i0(beta) }
}

/// The ideal low-pass filter with its edge at `cutoff` radians a sample, `distance` samples from its centre.
pub(crate) fn sinc(cutoff: f64, distance: f64) -> f64 {
    if distance == 0.0 { cutoff / PI } else { (cutoff * distance).sin() / (PI * distance) }
}

/// The modified Bessel function of order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..100 {
        term *= (x / 2.0 / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bessel_function_has_its_tabulated_values() {
        // Abramowitz and Stegun, table 9.8.
        for (x, value) in [(0.0, 1.0), (1.0, 1.266_065_877_752_008_4), (5.0, 27.239_871_823_604_442), (10.0, 2_815.716_628_466_254)] {
            assert!((bessel_i0(x) / value - 1.0).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn the_window_falls_from_one_to_either_end() {
        assert_eq!(window(10.0, 0.0), 1.0);
        assert!(window(10.0, 1.0) < 4e-4 && window(10.0, 1.0) > 0.0);
        assert_eq!(window(10.0, -0.4), window(10.0, 0.4));
        assert_eq!(window(10.0, 1.01), 0.0);
    }
}
