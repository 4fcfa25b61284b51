//! A hundred thousand tracks.

use std::time::Instant;

use segno_audit::{Matching, near_duplicates};

use crate::world::bits;

/// `cargo test --release -p segno-audit --test suite -- --ignored --nocapture hundred_thousand`
#[test]
#[ignore = "a minute, and 500 MB"]
fn a_hundred_thousand_fingerprints_are_matched_without_comparing_all_with_all() {
    const N: usize = 100_000;
    // Every hundredth is a copy of the one before, 20 items late, with a bit in 13 turned in three of four items.
    let invented = |track: usize| -> Vec<u32> {
        if track % 100 != 99 {
            return bits(track as u64).take(222).collect();
        }
        let noise = bits(1 << 40 | track as u64).zip(bits(1 << 41 | track as u64)).zip(bits(1 << 42 | track as u64));
        let turned = noise.map(|((a, b), c)| a & b & c).enumerate().map(|(at, mask)| if at % 4 == 0 { 0 } else { mask });
        bits(track as u64 - 1).take(222).skip(20).zip(turned).map(|(item, mask)| item ^ mask).collect()
    };
    let fingerprints: Vec<Vec<u32>> = (0..N).map(invented).collect();
    let items: Vec<&[u32]> = fingerprints.iter().map(Vec::as_slice).collect();
    let start = Instant::now();
    let pairs = near_duplicates(&items, &Matching::default()).unwrap();
    println!("{N} fingerprints of 222 items: {} pairs in {:.1} s", pairs.len(), start.elapsed().as_secs_f64());
    let found: Vec<(usize, usize, i64)> = pairs.iter().map(|pair| (pair.first, pair.second, pair.offset_items)).collect();
    let planted: Vec<(usize, usize, i64)> = (99..N).step_by(100).map(|copy| (copy - 1, copy, 20)).collect();
    assert_eq!(found, planted);
}
