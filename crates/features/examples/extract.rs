//! Features of raw samples, for `tests/parity.py` and whoever wants to compare with another tool.
//!
//! `extract SPECIFICATION` reads a [`FeatureSpec`] as JSON from its argument and f32 samples, little
//! end first, from its standard input; it writes the features of every whole clip, f32 as well,
//! row-major `[clips, frames, values]`, to its standard output. A whole track comes in blocks of 4096
//! samples.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};

use segno_features::FeatureSpec;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("no specification: give it as JSON")?;
    let spec: FeatureSpec = serde_json::from_str(&text)?;
    let mut bytes = Vec::new();
    stdin().read_to_end(&mut bytes)?;
    let samples: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();

    let mut features = vec![0.0; spec.shape().iter().product()];
    let mut out = stdout().lock();
    let mut write = |features: &[f32]| out.write_all(&features.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>());
    let Some(clip_samples) = spec.clip_samples() else {
        let mut extractor = spec.track_extractor()?;
        samples.chunks(4096).try_for_each(|block| extractor.push(block))?;
        extractor.finish(&mut features)?;
        return Ok(write(&features)?);
    };
    let mut extractor = spec.extractor()?;
    for clip in samples.chunks_exact(clip_samples).take(spec.clips(samples.len())) {
        extractor.extract(clip, &mut features)?;
        write(&features)?;
    }
    Ok(())
}
