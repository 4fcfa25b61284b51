//! Li's mel slices of audio files, decoded, resampled where need be, transformed and thrown away, on one thread: what
//! `benches/li_features.py` holds against librosa, which writes no shards either. Files are streamed, as `segno extract`
//! does it.
//!
//! `cargo run --release -p segno-cli --example li_features -- FILES…`

use std::path::Path;

use segno_audio_io::{AudioStream, LoadOptions};
use segno_features::FeatureSpec;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let spec = FeatureSpec::li();
    let options = LoadOptions { sample_rate_hz: Some(spec.sample_rate_hz), ..LoadOptions::default() };
    let mut extractor = spec.extractor()?;
    let mut features = vec![0.0; extractor.shape().iter().product()];
    let clip_samples = spec.clip_samples().expect("slices of one length");
    let mut clip = Vec::with_capacity(clip_samples);
    let (mut slices, mut sum) = (0, 0.0);
    for file in std::env::args().skip(1) {
        let mut stream = AudioStream::open(Path::new(&file), &options)?;
        let mut taken = 0;
        clip.clear();
        'file: while let Some(mut block) = stream.next_block()? {
            while !block.is_empty() {
                let (next, rest) = block.split_at(block.len().min(clip_samples - clip.len()));
                clip.extend_from_slice(next);
                block = rest;
                if clip.len() == clip_samples {
                    extractor.extract(&clip, &mut features)?;
                    clip.clear();
                    taken += 1;
                    sum += features.iter().map(|db| f64::from(*db)).sum::<f64>() / features.len() as f64;
                }
                if Some(taken) == spec.max_clips {
                    break 'file;
                }
            }
        }
        slices += taken;
    }
    println!("{slices} slices, mean {:.6} dB", sum / slices as f64);
    Ok(())
}
