//! Clips a second of training the paper's recurrent networks, batch 128: `cargo bench -p segno-trainer --bench lstm -- [NAME]`.
//!
//! Whole epochs of `segno_trainer::train` on random clips: forward, backward, clipping, step, dropout masks, checkpoints
//! aside; the median of `ROUNDS`. `lstm_torch.py` and `lstm_tensorflow.py` of `xtask/peers` do the same. One network a
//! process is named where its peak memory is wanted; without a name all run, one after the other.

mod common;

use segno_bench::Line;
use segno_dataset::{ClipRef, Examples, Features};
use segno_models::{Cell, ModelCard, ModelConfig, RecurrentConfig, Signature, Standardise, TaskClasses};
use segno_trainer::{Job, Optimiser, Schedule, Select, TrainingConfig};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLIPS: usize = 512;
const ROUNDS: u32 = 7;

fn examples(clips: usize) -> Examples {
    let values = |i: usize| f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 32_768.0 - 1.0;
    Examples {
        clips: (0..clips).map(|clip| ClipRef::new("bench", &clip.to_string(), 0)).collect(),
        shape: [22, 513],
        features: Features::Held((0..clips * 22 * 513).map(values).collect()),
        labels: vec![(0..clips).map(|clip| clip % 10).collect()],
    }
}

fn rate(name: &str, config: RecurrentConfig) {
    let tasks = vec![TaskClasses { task: "genre".into(), classes: (0..10).map(|class| class.to_string()).collect() }];
    let card = ModelCard {
        schema: 1,
        experiment: "bench".into(),
        model: ModelConfig::Recurrent(config),
        signature: Signature { input: [22, 513], tasks },
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
        optimiser: Optimiser::Sgd { learning_rate: 0.1 },
        batch_size: 128,
        max_epochs: ROUNDS + 1,
        select: Select::Last,
        patience: None,
        max_gradient_norm: Some(5.0),
        l2: None,
        schedule: Schedule::Constant,
        label_smoothing: None,
        average: None,
        augment: None,
    };
    let job = Job {
        card,
        training: Some(&training),
        loss_weights: &[1.0],
        standardise: Standardise::PerBin,
        train: examples(CLIPS),
        valid: examples(1),
        checkpoint: None,
    };
    Line::new(name, common::rate(job), "clips/s").work("batches of 128").print();
}

fn main() {
    let of = |cell, layers, hidden, attention| RecurrentConfig { cell, layers, hidden, attention, dropout: 0.2 };
    let networks = [
        ("rnn-1x125", of(Cell::Rnn, 1, 125, false)),
        ("rnn-2x125", of(Cell::Rnn, 2, 125, false)),
        ("lstm-1x250", of(Cell::Lstm, 1, 250, false)),
        ("lstm-2x250", of(Cell::Lstm, 2, 250, false)),
        ("lstm-1x500-attention", of(Cell::Lstm, 1, 500, true)),
        ("lstm-2x60-attention", of(Cell::Lstm, 2, 60, true)),
    ];
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--") && !argument.starts_with("cuda"));
    let chosen: Vec<_> = networks.into_iter().filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| wanted == *name)).collect();
    assert!(!chosen.is_empty(), "no network is called {wanted:?}: the names are in this bench's `main`");
    for (name, config) in chosen {
        rate(name, config);
    }
}
