//! Long filters over images whose largest answer along the columns is wanted: correlation by way of Fourier.

mod bank;
mod inverse;
mod vector;

pub use bank::SpectralBank;

/// Filters that lie side by side: as many as the widest registers hold, and a multiple of what narrower ones do.
pub(crate) const LANES: usize = 16;
