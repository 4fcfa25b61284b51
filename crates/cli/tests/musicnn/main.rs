//! MusiCNN: against the package under TensorFlow, where its wheel is at hand; and with parameters of chance, what becomes of files.

#[path = "../common/wav.rs"]
mod wav;

mod files;
mod goldens;
mod heads;
mod imports;

use std::f64::consts::TAU;

/// Hertz of what MusiCNN listens to.
const RATE_HZ: u32 = 16_000;

/// The wheel of musicnn 0.1.0, which is not ours to commit.
fn wheel() -> std::path::PathBuf {
    std::env::var_os("SEGNO_MUSICNN_WHEEL").expect("SEGNO_MUSICNN_WHEEL names musicnn-0.1.0-py3-none-any.whl").into()
}

/// Numerical Recipes' generator, its upper 16 bits.
fn noise() -> impl Iterator<Item = f64> {
    let step = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(f64::from(*state >> 16) / 32_768.0 - 1.0)
    };
    std::iter::successors(Some(1_u32), |state| Some(*state)).scan(1, move |state, _| step(state))
}

/// The signals of make_goldens.py.
fn signal(name: &str) -> Vec<f32> {
    let n = RATE_HZ as usize * 16 / 5;
    let time = |i: usize| i as f64 / f64::from(RATE_HZ);
    let of = |f: &dyn Fn(f64) -> f64| (0..n).map(|i| f(time(i)) as f32).collect();
    match name {
        "chord" => of(&|t| [(0.4, 220.0), (0.25, 277.18), (0.2, 329.63), (0.1, 1760.0)].iter().map(|(a, f)| a * (TAU * f * t).sin()).sum()),
        "beats" => noise().take(n).enumerate().map(|(i, noise)| (noise * 0.8 * (-8.0 * (time(i) % 0.5)).exp()) as f32).collect(),
        "chirp" => of(&|t| 0.9 * (TAU * (60.0 * t + 1200.0 * t * t)).sin()),
        "quiet" => of(&|t| 0.001 * (TAU * 440.0 * t).sin()),
        other => panic!("no signal {other}"),
    }
}
