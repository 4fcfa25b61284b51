//! The signal that the tests share with tests/golden/make_goldens.py.

/// Two chirps, an offset and noise, from integers alone: the twin of `test_signal` in
/// make_goldens.py.
pub fn test_signal(n: usize) -> Vec<f32> {
    let mut lcg = 1_u32;
    let mut phases = [0_i64; 2];
    let length = n as i64;
    (0..length)
        .map(|i| {
            lcg = lcg.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let mut value = 1500 + (i64::from(lcg >> 16) - 32768).div_euclid(64);
            let voices = [(600 + i / 2, 12), (20_000 - i / 3, i * 14 / length)];
            for (phase, (increment, gain)) in phases.iter_mut().zip(voices) {
                *phase = (*phase + increment).rem_euclid(65_536);
                let p = *phase - 32_768;
                value += (gain * (p * (32_768 - p.abs())).div_euclid(8192)).div_euclid(64);
            }
            value as f32 / 32_768.0
        })
        .collect()
}
