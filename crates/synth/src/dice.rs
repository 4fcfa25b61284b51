//! Named, independent streams of random draws.
//!
//! Every part of the corpus (an artist, a track's plan, a track's noise) draws from a stream of its own, keyed by the
//! corpus seed and the part's name. So no part's sound depends on the order of rendering or on what another drew.
//! The conversions to ranges are our own: those of a general library may change with its version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One stream of random draws.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of the part called `name` in the corpus of `seed`.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&fnv1a(name).to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in [`low`, `high`).
    pub(crate) fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Bell-shaped around 0 with standard deviation `sd`, never beyond 3.5 `sd`: twelve uniforms would be the
    /// textbook's sum, four are near enough.
    pub(crate) fn bell(&mut self, sd: f64) -> f64 {
        let sum: f64 = (0..4).map(|_| self.unit()).sum();
        (sum - 2.0) * sd * 1.732_050_807_568_877_2
    }

    /// Uniform in 0..`n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// White noise, uniform in [-1, 1): half the cost of [`Self::unit`].
    pub(crate) fn noise(&mut self) -> f64 {
        f64::from(self.0.next_u32() as i32) / 2_147_483_648.0
    }
}

/// The 64-bit FNV-1a hash: tells the streams' names apart.
fn fnv1a(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_seed_and_name_alone() {
        let draw = |seed, name| Dice::new(seed, name).unit();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    #[test]
    fn draws_keep_to_their_ranges_and_spread_over_them() {
        let mut dice = Dice::new(7, "ranges");
        let mut seen = [0usize; 5];
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..10_000 {
            seen[dice.below(5)] += 1;
            assert!((-1.0..1.0).contains(&dice.noise()));
            assert!((3.0..4.0).contains(&dice.range(3.0, 4.0)));
            let bell = dice.bell(2.0);
            sum += bell;
            squares += bell * bell;
        }
        assert!(seen.iter().all(|&n| (1800..2200).contains(&n)), "{seen:?}");
        assert!((sum / 10_000.0).abs() < 0.1);
        assert!((squares / 10_000.0 - 4.0).abs() < 0.2);
    }
}
