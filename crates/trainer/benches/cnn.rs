//! Samples a second of training Li 2019's network, and its peak memory: `cargo bench -p segno-trainer --bench cnn -- [BATCH]`.
//!
//! Whole epochs of `segno_trainer::train` on random 128 × 128 slices with two tasks: forward, backward, penalty, Adam, dropout
//! masks, running statistics. `cnn_torch.py` and `cnn_tensorflow.py` of `xtask/peers` do the same. One batch size a process,
//! since peak memory is a process's: 32 if nothing is said.

mod common;

use std::env;

use segno_bench::Line;
use segno_dataset::{ClipRef, Examples, Features};
use segno_models::{CnnConfig, MapAttentionConfig, ModelCard, ModelConfig, Signature, Standardise, TaskClasses};
use segno_trainer::{Job, Optimiser, Schedule, Select, TrainingConfig};

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
        schedule: Schedule::Constant,
        label_smoothing: None,
        average: None,
        augment: None,
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
    Line::new("attention CNN, training", common::rate(job), "samples/s").work(format!("batches of {batch_size}")).print();
}
