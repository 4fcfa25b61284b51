//! Irvin's features of audio files, decoded, resampled, transformed and thrown away, on one thread: what
//! `benches/irvin_features.py` holds against librosa and scipy, which write no shards either.
//!
//! `cargo run --release -p segno-cli --example irvin_features -- FILES…`

use std::path::Path;

use segno_audio_io::{LoadOptions, load};
use segno_features::FeatureSpec;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let spec = FeatureSpec::irvin();
    let mut extractor = spec.extractor()?;
    let clip_samples = spec.clip_samples().expect("clips of one length");
    let [frames, bins] = spec.shape();
    let mut features = vec![0.0; frames * bins];
    let (mut clips, mut sum) = (0, 0.0);
    for file in std::env::args().skip(1) {
        let audio = load(Path::new(&file), &LoadOptions { sample_rate_hz: Some(spec.sample_rate_hz), ..LoadOptions::default() })?;
        for clip in audio.samples.chunks_exact(clip_samples) {
            extractor.extract(clip, &mut features)?;
            clips += 1;
            sum += f64::from(features[features.len() / 2]);
        }
    }
    println!("{clips} clips, mean of a middle bin {:.6}", sum / f64::from(clips));
    Ok(())
}
