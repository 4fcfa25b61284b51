//! Our fingerprints against the reference implementation's.

use crate::world::hear;

/// The signal of golden/chromaprint.py, in whole numbers.
fn signal() -> Vec<f32> {
    const RATE: u32 = 11_025;
    let (mut state, mut phases, mut steps) = (1_u32, [0_u32; 3], [0_u32; 3]);
    let sample = |n: u32| {
        if n.is_multiple_of(RATE * 2 / 5) {
            for step in &mut steps {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *step = (60 + (state >> 22)).wrapping_mul(u32::try_from((1_u64 << 32) / u64::from(RATE)).unwrap());
            }
        }
        let voices = phases.iter_mut().zip(&steps).map(|(phase, step)| {
            *phase = phase.wrapping_add(*step);
            ((*phase >> 17) as i32 - 16_384).abs() - 8192
        });
        voices.sum::<i32>() as f32 / f32::from(i16::MAX)
    };
    (0..12 * RATE).map(sample).collect()
}

/// golden/chromaprint.txt; its versions stand in golden/chromaprint.py. Rounding may turn a bit where a value lies on a threshold.
#[test]
fn fingerprints_are_those_of_libchromaprint() {
    let expected: Vec<u32> = include_str!("../golden/chromaprint.txt").lines().map(|line| line.parse().unwrap()).collect();
    let found = hear(&signal()).items;
    assert_eq!(found.len(), expected.len());
    let wrong: u32 = found.iter().zip(&expected).map(|(one, other)| (one ^ other).count_ones()).sum();
    assert!(f64::from(wrong) <= 0.002 * 32.0 * expected.len() as f64, "{wrong} bits of {} differ", 32 * expected.len());
}
