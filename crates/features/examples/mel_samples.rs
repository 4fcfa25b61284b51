//! CPU milliseconds of a mel slice, from samples that are in memory already.
//!
//! `cargo run --release -p segno-features --example mel_samples -- FILE` reads f32 samples of 22 050 Hz, little end first,
//! as `decode --raw` of segno-audio-io writes them, and makes Li's slices of them, 128 × 128 decibels each.

use std::error::Error;

use segno_bench::{Line, cpu_ms_each};
use segno_features::FeatureSpec;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("no file: give one of raw f32 samples")?;
    let bytes = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
    let samples: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let spec = FeatureSpec::li();
    let mut extractor = spec.extractor()?;
    let mut features = vec![0.0; extractor.shape().iter().product()];
    let slices: Vec<&[f32]> = samples.chunks_exact(spec.clip_samples().ok_or("slices have one length")?).collect();
    if slices.is_empty() {
        return Err(format!("{path}: {} samples are less than one slice", samples.len()).into());
    }
    let mut sum = 0.0;
    let ms = cpu_ms_each(slices.len(), 1.0, || {
        sum = 0.0;
        for slice in &slices {
            extractor.extract(slice, &mut features).expect("a slice of the specified length");
            sum += features.iter().map(|db| f64::from(*db)).sum::<f64>() / features.len() as f64;
        }
    })?;
    Line::new("mel slices of samples", ms, "CPU ms/slice")
        .work(format!("{} slices", slices.len()))
        .check(sum / slices.len() as f64)
        .print();
    Ok(())
}
