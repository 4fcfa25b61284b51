//! CPU milliseconds of a track's fifty tags by MusiCNN, from the file on: decoded, resampled, made into patches and listened to;
//! what `cargo xtask bench` holds against the package's graph on TensorFlow. As `segno predict` does it, on one thread.
//!
//! `cargo run --release -p segno-cli --example musicnn_tags -- MODEL FILES…`

use std::path::Path;

use anyhow::Context;
use segno_audio_io::{AudioStream, LoadOptions, Rolloff};
use segno_bench::{Line, cpu_ms_each};
use segno_features::{PatchExtractor, PatchSpec};
use segno_models::{Backbone, musicnn::Musicnn};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Tagger {
    network: Musicnn,
    spec: PatchSpec,
    extractor: PatchExtractor,
}

impl Tagger {
    fn new(model: &str) -> anyhow::Result<Self> {
        let backbone = Backbone::read(Path::new(model))?;
        let spec: PatchSpec = serde_json::from_value(backbone.card.patches.clone())?;
        Ok(Self { network: backbone.network()?, extractor: spec.extractor()?, spec })
    }

    /// Patches of a file, and the sum of all logits over its patches.
    fn file(&mut self, path: &str) -> anyhow::Result<(usize, f64)> {
        let options = LoadOptions { sample_rate_hz: Some(self.spec.sample_rate_hz), rolloff: Rolloff::Soxr, ..LoadOptions::default() };
        let mut stream = AudioStream::open(Path::new(path), &options)?;
        self.extractor.clear();
        while let Some(block) = stream.next_block()? {
            self.extractor.push(block)?;
        }
        let heard = self.network.listen(self.extractor.finish()?.values);
        Ok((heard.len(), heard.iter().flat_map(|patch| &patch.logits).map(|logit| f64::from(*logit)).sum()))
    }

    fn pass(&mut self, files: &[String]) -> anyhow::Result<(usize, f64)> {
        let (mut patches, mut sum) = (0, 0.0);
        for file in files {
            let (heard, logits) = self.file(file).with_context(|| file.clone())?;
            patches += heard;
            sum += logits;
        }
        Ok((patches, sum))
    }
}

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (model, files) = words.split_first().context("expected MODEL FILES…")?;
    let mut tagger = Tagger::new(model)?;
    // A file that cannot be read is told here, and not in the middle of the measurement.
    let (patches, sum) = tagger.pass(files)?;
    let ms = cpu_ms_each(files.len(), 1.0, || {
        tagger.pass(files).expect("every file was read before");
    })?;
    let mean = sum / (patches * segno_models::musicnn::TAGS) as f64;
    Line::new("MusiCNN's tags", ms, "CPU ms/track").work(format!("{patches} patches")).check(mean).print();
    Ok(())
}
