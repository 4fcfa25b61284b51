//! Random numbers from a seed: SplitMix64.

use std::env;

/// A die of its own for each test.
pub struct Dice(u64);

impl Dice {
    /// Of the seed in `SEGNO_TEST_SEED`, 1 if absent; a failing test shows it.
    pub fn seeded() -> Self {
        let seed = env::var("SEGNO_TEST_SEED").map_or(1, |text| text.parse().expect("SEGNO_TEST_SEED is a number"));
        println!("SEGNO_TEST_SEED={seed}");
        Self(seed)
    }

    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 to `end`, without `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.next() as u8).collect()
    }
}
