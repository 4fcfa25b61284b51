//! A shuffle that is the same for ever: written out here, since a library's may change with its version.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::{Protocol, digest::hash_fields};

/// The generator of one stratum's draw: ChaCha8, keyed by the SHA-256 of the length-prefixed fields
/// `segno split`, `1`, protocol, corpus, stratum and seed in decimal. Each stratum has a stream of its own,
/// so that a track more in one genre leaves the others as they are.
pub(super) fn generator(protocol: Protocol, corpus: &str, stratum: &str, seed: u64) -> ChaCha8Rng {
    let seed = seed.to_string();
    keyed(["segno split", "1", protocol.name(), corpus, stratum, &seed])
}

/// ChaCha8, keyed by the SHA-256 of length-prefixed fields.
pub(crate) fn keyed<'a>(fields: impl IntoIterator<Item = &'a str>) -> ChaCha8Rng {
    ChaCha8Rng::from_seed(hash_fields(fields))
}

/// Fisher and Yates, from the back: place `i` changes with place `floor(u * (i + 1) / 2^64)`, `u` the next 64 bits.
/// What that favours one place over another by is below one in 2^40 for any table that fits in memory.
pub(crate) fn shuffle<T>(items: &mut [T], rng: &mut ChaCha8Rng) {
    for i in (1..items.len()).rev() {
        let j = (u128::from(rng.next_u64()) * (i as u128 + 1)) >> 64;
        items.swap(i, j as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_three_comes_about_equally_often() {
        let mut counts = std::collections::BTreeMap::<[u8; 3], u32>::new();
        let mut rng = generator(Protocol::Track, "c", "s", 1);
        for _ in 0..6000 {
            let mut items = [0, 1, 2];
            shuffle(&mut items, &mut rng);
            *counts.entry(items).or_default() += 1;
        }
        // 1000 expected, standard deviation 29: five of them either way.
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|n| n.abs_diff(1000) < 145), "{counts:?}");
    }
}
