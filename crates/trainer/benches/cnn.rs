//! Samples a second of training Li 2019's network, and its peak memory: `cargo bench -p segno-trainer --bench cnn`.
//!
//! Whole epochs of `segno_trainer::train` on random 128 × 128 slices with two tasks: forward, backward, penalty, Adam, dropout
//! masks, running statistics. `cnn_torch.py` beside this file does the same in PyTorch. An argument chooses the batch size,
//! since peak memory is a process's: `-- 32` (default) or `-- 200`. Prints the median and the range of `ROUNDS` epochs.

mod common;

use std::{env, fs};

use segno_dataset::{ClipRef, Examples, Features};
use segno_models::{CnnConfig, MapAttentionConfig, ModelCard, ModelConfig, Signature, Standardise, TaskClasses};
use segno_trainer::{Job, Optimiser, Select, TrainingConfig};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u32 = 3;

fn examples(clips: usize) -> Examples {
    let values = |i: usize| f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 65_536.0 - 1.0;
    Examples {
        clips: (0..clips).map(|clip| ClipRef::new("bench", &clip.to_string(), 0)).collect(),
        shape: [128, 128],
        features: Features::Held((0..clips * 128 * 128).map(values).collect()),
        labels: vec![(0..clips).map(|clip| clip % 10).collect(), (0..clips).map(|clip| clip % 3).collect()],
    }
}

/// The process's peak memory in MiB, where the system tells it.
fn peak_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn main() {
    let batch_size: usize = env::args().find_map(|argument| argument.parse().ok()).unwrap_or(32);
    let clips = if batch_size > 64 { batch_size } else { 4 * batch_size };
    let task =
        |name: &str, classes: usize| TaskClasses { task: name.into(), classes: (0..classes).map(|class| class.to_string()).collect() };
    let card = ModelCard {
        schema: 1,
        experiment: "bench".into(),
        model: ModelConfig::Cnn(CnnConfig::li_2019(Some(MapAttentionConfig::FeatureMaps))),
        signature: Signature { input: [128, 128], tasks: vec![task("genre", 10), task("mood", 3)] },
        features: serde_json::Value::Null,
        extractor_version: "1".into(),
        training: serde_json::Value::Null,
        protocol: "published".into(),
        seed: 1,
        best_epoch: 0,
        shards_digest: String::new(),
        split_digest: String::new(),
    };
    let training = TrainingConfig {
        optimiser: Optimiser::Adam { learning_rate: 1e-3, epsilon: 1e-7 },
        batch_size,
        max_epochs: ROUNDS + 1,
        select: Select::Last,
        patience: None,
        max_gradient_norm: None,
        l2: Some(1e-3),
    };
    let job = Job {
        card,
        training: Some(&training),
        loss_weights: &[1.0, 1.25],
        standardise: Standardise::None,
        train: examples(clips),
        valid: examples(1),
        checkpoint: None,
    };
    let [median, low, high] = common::rates(job);
    let peak = peak_mib().map_or_else(|| "unknown".to_owned(), |mib| format!("{mib:.0} MiB"));
    println!("attention CNN, batch {batch_size:<4} {median:>6.1} samples/s  ({low:.1} to {high:.1}), peak {peak}");
}
