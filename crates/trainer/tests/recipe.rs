//! The means against overfitting: each does something, the whole of them learns, and a run goes on to the same bits.

mod common;

use common::{ADAM, B, config, go, job};
use segno_models::{Activation, MlpConfig, ModelConfig, TensorFile};
use segno_trainer::{Augment, Event, Filter, Flow, Masks, Optimiser, Schedule, TrainError, TrainingConfig, train};

const ADAM_W: Optimiser = Optimiser::AdamW { learning_rate: 0.01, epsilon: 1e-7, weight_decay: 0.05 };

const FILTER: Option<Filter> = Some(Filter { points: 2, most: 0.5 });

fn mlp() -> ModelConfig {
    ModelConfig::Mlp(MlpConfig { hidden: vec![8], activation: Activation::Relu, dropout: 0.1 })
}

fn recipe(max_epochs: u32) -> TrainingConfig {
    let masks = Some(Masks { count: 1, most: 1 });
    TrainingConfig {
        schedule: Schedule::Cosine { warmup_epochs: 1 },
        label_smoothing: Some(0.1),
        average: Some(0.95),
        augment: Some(Augment { roll: true, time_masks: masks, frequency_masks: masks, filter: FILTER, mixup: Some(0.3) }),
        ..config(ADAM_W, max_epochs)
    }
}

#[test]
fn the_whole_recipe_learns_what_can_be_learned() {
    let curves = go(job(mlp(), &recipe(60), None)).unwrap().curves;
    let best = &curves.epochs[curves.best_epoch as usize - 1];
    assert!(best.valid_accuracy[0] > 0.9, "{best:?}");
}

#[test]
fn a_run_cut_off_goes_on_to_the_same_bits() {
    let training = recipe(6);
    let whole = go(job(mlp(), &training, None)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    let stopped = train::<B>(job(mlp(), &training, Some(&path)), &Default::default(), &mut |event| match event {
        Event::Epoch { row, .. } if row.epoch == 3 => Flow::Stop,
        _ => Flow::Continue,
    });
    assert!(matches!(stopped, Err(TrainError::Stopped { epoch: 3 })));
    let resumed = go(job(mlp(), &training, Some(&path))).unwrap();
    assert_eq!((resumed.curves, resumed.model), (whole.curves, whole.model));
}

#[test]
fn a_checkpoint_whose_average_is_not_the_networks_is_refused() {
    let training = recipe(3);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    let stopped = train::<B>(job(mlp(), &training, Some(&path)), &Default::default(), &mut |_| Flow::Stop);
    assert!(matches!(stopped, Err(TrainError::Stopped { epoch: 1 })));
    let mut file = TensorFile::read(&path).unwrap();
    let place = file.tensors.iter().position(|tensor| tensor.name.starts_with("average.")).unwrap();
    file.tensors.remove(place);
    file.write(&path).unwrap();
    assert!(matches!(go(job(mlp(), &training, Some(&path))), Err(TrainError::Checkpoint { .. })));
}

#[test]
fn no_knob_is_idle() {
    let weights = |training: &TrainingConfig| go(job(mlp(), training, None)).unwrap().model.weights;
    let with = |augment: Augment| TrainingConfig { augment: Some(augment), ..config(ADAM, 3) };
    let masks = Some(Masks { count: 1, most: 2 });
    let plain = weights(&config(ADAM, 3));
    assert_eq!(weights(&with(Augment::default())), plain);
    for other in [
        config(ADAM_W, 3),
        TrainingConfig { schedule: Schedule::Cosine { warmup_epochs: 0 }, ..config(ADAM, 3) },
        TrainingConfig { schedule: Schedule::Cosine { warmup_epochs: 2 }, ..config(ADAM, 3) },
        TrainingConfig { label_smoothing: Some(0.1), ..config(ADAM, 3) },
        with(Augment { roll: true, ..Augment::default() }),
        with(Augment { time_masks: masks, ..Augment::default() }),
        with(Augment { frequency_masks: masks, ..Augment::default() }),
        with(Augment { filter: FILTER, ..Augment::default() }),
        with(Augment { mixup: Some(0.3), ..Augment::default() }),
        TrainingConfig { average: Some(0.5), ..config(ADAM, 3) },
    ] {
        assert_ne!(weights(&other), plain, "{other:?}");
    }
}

/// `(1 - s) CE + s U`: a line in the share `s`; validation knows nothing of it.
#[test]
fn smoothed_losses_lie_on_a_line() {
    let losses = |label_smoothing| {
        let still = Optimiser::Sgd { learning_rate: 1e-30 };
        let curves = go(job(mlp(), &TrainingConfig { label_smoothing, ..config(still, 1) }, None)).unwrap().curves;
        (curves.epochs[0].train_loss, curves.epochs[0].valid_loss)
    };
    let [none, tenth, fifth] = [None, Some(0.1), Some(0.2)].map(losses);
    assert!((fifth.0 - none.0 - 2.0 * (tenth.0 - none.0)).abs() < 1e-5 && tenth.0 != none.0, "{none:?}, {tenth:?}, {fifth:?}");
    assert!(tenth.1 == none.1 && fifth.1 == none.1);
}

#[test]
fn knobs_outside_their_range_are_named() {
    let refused = |training: TrainingConfig, knob: &str| {
        let told = training.check().unwrap_err().to_string();
        assert!(told.contains(knob), "expected '{knob}' in: {told}");
    };
    refused(TrainingConfig { schedule: Schedule::Cosine { warmup_epochs: 3 }, ..config(ADAM, 3) }, "warmup_epochs");
    refused(TrainingConfig { label_smoothing: Some(1.0), ..config(ADAM, 3) }, "label_smoothing");
    refused(config(Optimiser::AdamW { learning_rate: 0.1, epsilon: 1e-7, weight_decay: -1.0 }, 3), "weight_decay");
    refused(TrainingConfig { average: Some(1.0), ..config(ADAM, 3) }, "average");
    let with = |augment: Augment| TrainingConfig { augment: Some(augment), ..config(ADAM, 3) };
    refused(with(Augment { filter: Some(Filter { points: 1, most: 1.0 }), ..Augment::default() }), "filter");
    refused(with(Augment { filter: Some(Filter { points: 2, most: 0.0 }), ..Augment::default() }), "filter");
    refused(with(Augment { mixup: Some(1.5), ..Augment::default() }), "mixup");
    refused(with(Augment { mixup: Some(1e-9), ..Augment::default() }), "mixup");
    refused(with(Augment { time_masks: Some(Masks { count: 0, most: 1 }), ..Augment::default() }), "time_masks");
}
