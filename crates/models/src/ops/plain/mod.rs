//! The operations in plain tensor arithmetic: what other devices run, and the oracle of the fused ones.

mod convolution;
mod lstm;

pub use convolution::{affine_pool, batch_norm_pool, conv};
pub use lstm::lstm;
