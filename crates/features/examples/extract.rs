//! Features of raw samples, for `tests/parity.py` and whoever wants to compare with another tool.
//!
//! `extract SPECIFICATION` reads a [`FeatureSpec`] as JSON from its argument and f32 samples, little
//! end first, from its standard input; it writes the features of every whole clip, f32 as well,
//! row-major `[clips, frames, values]`, to its standard output.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};

use segno_features::FeatureSpec;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("no specification: give it as JSON")?;
    let spec: FeatureSpec = serde_json::from_str(&text)?;
    let mut bytes = Vec::new();
    stdin().read_to_end(&mut bytes)?;
    let samples: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();

    let mut extractor = spec.extractor()?;
    let mut features = vec![0.0; extractor.shape().iter().product()];
    let mut out = stdout().lock();
    for clip in samples.chunks_exact(spec.clip_samples).take(spec.clips(samples.len())) {
        extractor.extract(clip, &mut features)?;
        out.write_all(&features.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())?;
    }
    Ok(())
}
