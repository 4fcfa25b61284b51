//! The way back: from spectra, magnitudes and features to samples.

mod features;
mod griffin_lim;
mod istft;
mod mel;
mod phases;

pub use features::{Inverter, Sound};
pub use griffin_lim::{GriffinLim, Inverted};
pub use istft::InverseStft;
pub use mel::{MelFit, MelInverse};
pub use phases::random_phases;

/// `‖found − wanted‖ / ‖wanted‖` over magnitudes: the spectral convergence. 0 where nothing was wanted and nothing was found.
///
/// # References
/// N. Sturmel, L. Daudet: Signal reconstruction from STFT magnitude: a state of the art, 2011.
#[must_use]
pub fn spectral_convergence(wanted: &[f32], found: impl IntoIterator<Item = f32>) -> f64 {
    let (mut error, mut whole) = (0.0, 0.0);
    for (&wanted, found) in wanted.iter().zip(found) {
        error += (f64::from(found) - f64::from(wanted)).powi(2);
        whole += f64::from(wanted).powi(2);
    }
    if error == 0.0 { 0.0 } else { (error / whole).sqrt() }
}
