//! Li's mel slices of audio files, decoded, resampled where need be, transformed and thrown away, on one thread: what
//! `benches/li_features.py` holds against librosa, which writes no shards either.
//!
//! `cargo run --release -p segno-cli --example li_features -- FILES…`

use std::path::Path;

use segno_audio_io::{LoadOptions, load};
use segno_features::FeatureSpec;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let spec = FeatureSpec::li();
    let mut extractor = spec.extractor()?;
    let mut features = vec![0.0; extractor.shape().iter().product()];
    let (mut slices, mut sum) = (0, 0.0);
    for file in std::env::args().skip(1) {
        let audio = load(Path::new(&file), &LoadOptions { sample_rate_hz: Some(spec.sample_rate_hz), ..LoadOptions::default() })?;
        for clip in audio.samples.chunks_exact(spec.clip_samples).take(spec.clips(audio.samples.len())) {
            extractor.extract(clip, &mut features)?;
            slices += 1;
            sum += features.iter().map(|db| f64::from(*db)).sum::<f64>() / features.len() as f64;
        }
    }
    println!("{slices} slices, mean {:.6} dB", sum / f64::from(slices));
    Ok(())
}
