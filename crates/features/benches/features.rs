//! One clip's worth of each hot path: `cargo bench -p segno-features`.

use divan::{Bencher, black_box};
use segno_features::{Complex32, FeatureSpec, Padding, Stft, StftConfig};

fn main() {
    divan::main();
}

fn noise(samples: usize) -> Vec<f32> {
    (0..samples).map(|i| f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 65_536.0 - 0.5).collect()
}

fn extract(bencher: Bencher<'_, '_>, spec: &FeatureSpec) {
    let clip = noise(spec.clip_samples().expect("clips of one length"));
    let mut extractor = spec.extractor().expect("a specification of the house");
    let mut features = vec![0.0; extractor.shape().iter().product()];
    bencher.bench_local(|| extractor.extract(black_box(&clip), &mut features).expect("a clip of the specified length"));
}

/// 22 × 513 from five seconds at 4000 Hz.
#[divan::bench]
fn irvin_clip(bencher: Bencher<'_, '_>) {
    extract(bencher, &FeatureSpec::irvin());
}

/// 128 × 128 decibels from three seconds at 22 050 Hz.
#[divan::bench]
fn mel_slice(bencher: Bencher<'_, '_>) {
    extract(bencher, &FeatureSpec::li());
}

/// The transforms of a mel slice alone.
#[divan::bench]
fn stft_slice(bencher: Bencher<'_, '_>) {
    let clip = noise(65_024);
    let config = StftConfig { padding: Padding::Zero, ..StftConfig::new(2048, 512) };
    let mut stft = Stft::new(config).expect("a sound configuration");
    let mut sum = Complex32::default();
    bencher.bench_local(|| stft.for_each_frame(black_box(&clip), |_, bins| sum += bins[1]).expect("samples that are numbers"));
    black_box(sum);
}
