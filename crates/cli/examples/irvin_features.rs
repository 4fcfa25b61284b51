//! CPU milliseconds of Irvin's features of a track, decoded, resampled, transformed and thrown away, on one thread: what
//! `cargo xtask bench` holds against librosa and scipy, which write no shards either.
//!
//! `cargo run --release -p segno-cli --example irvin_features -- FILES…`

use std::path::Path;

use segno_audio_io::{LoadOptions, load};
use segno_bench::{Line, cpu_ms_each};
use segno_features::FeatureSpec;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bins whose values are held against those of others: above them resamplers end, each in its own way.
const BINS: usize = 450;

fn main() -> anyhow::Result<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let spec = FeatureSpec::irvin();
    let options = LoadOptions { sample_rate_hz: Some(spec.sample_rate_hz), ..LoadOptions::default() };
    let mut extractor = spec.extractor()?;
    let clip_samples = spec.clip_samples().expect("clips of one length");
    let [frames, bins] = extractor.shape();
    let mut features = vec![0.0; frames * bins];
    let mut pass = || -> anyhow::Result<(usize, f64)> {
        let (mut clips, mut sum) = (0, 0.0);
        for file in &files {
            let audio = load(Path::new(file), &options)?;
            for clip in audio.samples.chunks_exact(clip_samples) {
                extractor.extract(clip, &mut features)?;
                clips += 1;
                let held = features.chunks_exact(bins).flat_map(|frame| &frame[..BINS]);
                sum += held.map(|value| f64::from(*value)).sum::<f64>() / (frames * BINS) as f64;
            }
        }
        Ok((clips, sum))
    };
    // A file that cannot be read is told here, and not in the middle of the measurement.
    let (clips, sum) = pass()?;
    let ms = cpu_ms_each(files.len(), 1.0, || {
        pass().expect("every file was read before");
    })?;
    Line::new("Irvin's features", ms, "CPU ms/track").work(format!("{clips} clips")).check(sum / clips as f64).print();
    Ok(())
}
