//! Phases to start from.

use std::f64::consts::TAU;

use crate::Complex32;

/// Unit numbers whose angles are drawn evenly; the same for a seed everywhere, but for how a platform rounds a cosine.
///
/// # References
/// G. Steele, D. Lea, C. Flood: Fast splittable pseudorandom number generators, 2014 (SplitMix64).
#[must_use]
pub fn random_phases(n: usize, seed: u64) -> Vec<Complex32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) >> 11
    };
    (0..n)
        .map(|_| {
            let (sine, cosine) = (next() as f64 / (1_u64 << 53) as f64 * TAU).sin_cos();
            Complex32::new(cosine as f32, sine as f32)
        })
        .collect()
}
