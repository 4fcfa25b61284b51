//! CPU milliseconds of Li's mel slices of a track, decoded, resampled where need be, transformed and thrown away, on one
//! thread: what `cargo xtask bench` holds against librosa, which writes no shards either. Files are streamed, as `segno
//! extract` does it, and left at the end of the tenth slice.
//!
//! `cargo run --release -p segno-cli --example li_features -- FILES…`

use std::path::Path;

use segno_audio_io::{AudioStream, LoadOptions};
use segno_bench::{Line, cpu_ms_each};
use segno_features::{Extractor, FeatureSpec};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Slices of all files, and the sum of their means.
struct Slices<'a> {
    files: &'a [String],
    spec: FeatureSpec,
    extractor: Extractor,
    features: Vec<f32>,
    clip: Vec<f32>,
}

impl Slices<'_> {
    fn pass(&mut self) -> anyhow::Result<(usize, f64)> {
        let (mut slices, mut sum) = (0, 0.0);
        for file in self.files {
            let (taken, means) = self.file(Path::new(file))?;
            slices += taken;
            sum += means;
        }
        Ok((slices, sum))
    }

    fn file(&mut self, path: &Path) -> anyhow::Result<(usize, f64)> {
        let options = LoadOptions { sample_rate_hz: Some(self.spec.sample_rate_hz), ..LoadOptions::default() };
        let clip_samples = self.spec.clip_samples().expect("slices of one length");
        let mut stream = AudioStream::open(path, &options)?;
        let (mut taken, mut sum) = (0, 0.0);
        self.clip.clear();
        while let Some(mut block) = stream.next_block()? {
            while !block.is_empty() {
                let (next, rest) = block.split_at(block.len().min(clip_samples - self.clip.len()));
                self.clip.extend_from_slice(next);
                block = rest;
                if self.clip.len() == clip_samples {
                    self.extractor.extract(&self.clip, &mut self.features)?;
                    self.clip.clear();
                    taken += 1;
                    sum += self.features.iter().map(|db| f64::from(*db)).sum::<f64>() / self.features.len() as f64;
                }
                if Some(taken) == self.spec.max_clips {
                    return Ok((taken, sum));
                }
            }
        }
        Ok((taken, sum))
    }
}

fn main() -> anyhow::Result<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let spec = FeatureSpec::li();
    let extractor = spec.extractor()?;
    let features = vec![0.0; extractor.shape().iter().product()];
    let mut all = Slices { files: &files, spec, extractor, features, clip: vec![] };
    // A file that cannot be read is told here, and not in the middle of the measurement.
    let (slices, sum) = all.pass()?;
    let ms = cpu_ms_each(files.len(), 1.0, || {
        all.pass().expect("every file was read before");
    })?;
    Line::new("Li's mel slices", ms, "CPU ms/track").work(format!("{slices} slices")).check(sum / slices as f64).print();
    Ok(())
}
