//! Small jobs that can be learned.

#![allow(dead_code)] // each test file uses what it needs

use burn::backend::{Autodiff, Flex};
use segno_dataset::{ClipRef, Examples, Features};
use segno_models::{Cell, ModelCard, ModelConfig, RecurrentConfig, Signature, Standardise, TaskClasses};
use segno_trainer::{Flow, Job, Optimiser, Outcome, Schedule, Select, TrainError, TrainingConfig, train};

pub type B = Autodiff<Flex>;

pub const SHAPE: [usize; 2] = [4, 6];

/// Clips whose class is the bin that stands out, under noise from an integer formula.
pub fn examples(clips: usize, salt: u32) -> Examples {
    let noise = |i: u32| f32::from((i.wrapping_mul(2_654_435_761).wrapping_add(salt) >> 16) as u16) / 65_536.0;
    let labels: Vec<usize> = (0..clips).map(|clip| clip % 3).collect();
    let size = SHAPE[0] * SHAPE[1];
    let features = (0..clips * size).map(|i| noise(i as u32) + if (i % SHAPE[1]) == labels[i / size] { 0.5 } else { 0.0 }).collect();
    let clips = (0..clips).map(|clip| ClipRef::new("test", &format!("track{clip}"), 0)).collect();
    Examples { clips, shape: SHAPE, features: Features::Held(features), labels: vec![labels] }
}

pub fn card(model: ModelConfig) -> ModelCard {
    let classes = ["a", "b", "c"].map(str::to_owned).to_vec();
    ModelCard {
        schema: 1,
        experiment: "test".into(),
        model,
        signature: Signature { input: SHAPE, tasks: vec![TaskClasses { task: "genre".into(), classes }] },
        features: serde_json::Value::Null,
        extractor_version: "1".into(),
        training: serde_json::Value::Null,
        protocol: "track".into(),
        seed: 5,
        best_epoch: 0,
        shards_digest: "shards".into(),
        split_digest: "split".into(),
    }
}

pub fn lstm() -> ModelConfig {
    ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Lstm, layers: 1, hidden: 8, attention: false, dropout: 0.2 })
}

pub fn config(optimiser: Optimiser, max_epochs: u32) -> TrainingConfig {
    TrainingConfig {
        optimiser,
        batch_size: 16,
        max_epochs,
        select: Select::Best,
        patience: Some(50),
        max_gradient_norm: Some(5.0),
        l2: None,
        schedule: Schedule::Constant,
        label_smoothing: None,
        average: None,
        augment: None,
    }
}

pub const SGD: Optimiser = Optimiser::Sgd { learning_rate: 0.5 };
pub const ADAM: Optimiser = Optimiser::Adam { learning_rate: 0.01, epsilon: 1e-7 };

pub fn job<'a>(model: ModelConfig, training: &'a TrainingConfig, checkpoint: Option<&'a std::path::Path>) -> Job<'a> {
    Job {
        card: card(model),
        training: Some(training),
        loss_weights: &[1.0],
        standardise: Standardise::PerBin,
        train: examples(70, 1),
        valid: examples(30, 2),
        checkpoint,
    }
}

pub fn go(job: Job<'_>) -> Result<Outcome, TrainError> {
    train::<B>(job, &Default::default(), &mut |_| Flow::Continue)
}
