//! Training learns, selects, resumes to the same bits, and stops with reasons.

mod common;

use burn::backend::{Autodiff, Flex, NdArray};
use common::{ADAM, B, SGD, SHAPE, config, examples, go, job, lstm};
use segno_dataset::{Curves, Examples, Features};
use segno_models::{Activation, Cell, Ending, LogisticConfig, MlpConfig, ModelConfig, ModelFile, RecurrentConfig, Scheme, Standardise};
use segno_trainer::{Event, Flow, Job, Optimiser, TrainError, TrainingConfig, train};

#[test]
fn every_kind_of_model_learns_what_can_be_learned() {
    let mlp = ModelConfig::Mlp(MlpConfig { hidden: vec![8], activation: Activation::Relu, dropout: 0.1 });
    let rnn = ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Rnn, layers: 2, hidden: 8, attention: false, dropout: 0.1 });
    let attention = ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Lstm, layers: 2, hidden: 8, attention: true, dropout: 0.1 });
    for (model, optimiser) in [(lstm(), SGD), (lstm(), ADAM), (mlp, SGD), (rnn, ADAM), (attention, ADAM)] {
        let training = config(optimiser, 60);
        let curves = go(job(model.clone(), &training, None)).unwrap().curves;
        let best = &curves.epochs[curves.best_epoch as usize - 1];
        assert!(best.valid_accuracy[0] > 0.9, "{model:?} with {optimiser:?}: {best:?}");
        assert!(best.train_loss < curves.epochs[0].train_loss);
    }
}

#[test]
fn a_run_cut_off_goes_on_to_the_same_bits() {
    for optimiser in [SGD, ADAM] {
        let training = config(optimiser, 6);
        let whole = go(job(lstm(), &training, None)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.safetensors");
        // Stopped after two epochs, and again after four.
        for stop_after in [2, 4] {
            let stopped = train::<B>(job(lstm(), &training, Some(&path)), &Default::default(), &mut |event| match event {
                Event::Epoch { row, .. } if row.epoch == stop_after => Flow::Stop,
                _ => Flow::Continue,
            });
            assert!(matches!(stopped, Err(TrainError::Stopped { epoch }) if epoch == stop_after));
        }
        let resumed = go(job(lstm(), &training, Some(&path))).unwrap();
        assert_eq!(resumed.curves, whole.curves, "{optimiser:?}");
        assert_eq!(resumed.model, whole.model, "{optimiser:?}");
    }
}

#[test]
fn a_checkpoint_of_another_run_is_not_taken_up() {
    let training = config(SGD, 2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    go(job(lstm(), &training, Some(&path))).unwrap();
    let mut other = job(lstm(), &training, Some(&path));
    other.card.split_digest = "another split".into();
    let mut epochs = vec![];
    train::<B>(other, &Default::default(), &mut |event| {
        if let Event::Epoch { row, .. } = event {
            epochs.push(row.epoch);
        }
        Flow::Continue
    })
    .unwrap();
    assert_eq!(epochs, [1, 2], "it starts from the first epoch");
}

#[test]
fn a_torn_checkpoint_is_an_error_that_says_what_to_do() {
    let training = config(SGD, 2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    std::fs::write(&path, b"torn").unwrap();
    let error = go(job(lstm(), &training, Some(&path))).unwrap_err();
    let says = error.to_string();
    assert!(matches!(error, TrainError::Checkpoint { .. }), "{says}");
    assert!(says.contains("checkpoint.safetensors") && says.contains("delete it to train from the start"), "{says}");
}

#[test]
fn the_same_seed_gives_the_same_model_and_another_seed_another() {
    let training = config(SGD, 3);
    let with_seed = |seed| {
        let mut job = job(lstm(), &training, None);
        job.card.seed = seed;
        go(job).unwrap().model.weights
    };
    assert_eq!(with_seed(1), with_seed(1));
    assert_ne!(with_seed(1), with_seed(2));
}

#[test]
fn backends_agree_on_the_first_epochs() {
    let training = config(SGD, 2);
    let flex = go(job(lstm(), &training, None)).unwrap().curves;
    let ndarray: Curves =
        train::<Autodiff<NdArray>>(job(lstm(), &training, None), &Default::default(), &mut |_| Flow::Continue).unwrap().curves;
    for (flex, ndarray) in flex.epochs.iter().zip(&ndarray.epochs) {
        assert!((flex.train_loss - ndarray.train_loss).abs() < 1e-4, "{flex:?} against {ndarray:?}");
        assert!((flex.valid_loss - ndarray.valid_loss).abs() < 1e-4, "{flex:?} against {ndarray:?}");
    }
}

#[test]
fn training_ends_when_patience_runs_out_and_keeps_the_best_epoch() {
    let training = TrainingConfig { patience: Some(3), ..config(SGD, 200) };
    // What is learned is wrong on the validation part: its accuracy falls, and no later epoch is better.
    let mut job = job(lstm(), &training, None);
    job.valid.labels[0].iter_mut().for_each(|label| *label = (*label + 1) % 3);
    let outcome = go(job).unwrap();
    assert_eq!(outcome.model.made.ending, Ending::Patience);
    let curves = outcome.curves;
    let last = curves.epochs.last().unwrap().epoch;
    assert_eq!(last, curves.best_epoch + 3, "it ended by patience, not by epochs");
    let best = curves.epochs[curves.best_epoch as usize - 1].valid_accuracy[0];
    assert!(curves.epochs.iter().all(|row| row.valid_accuracy[0] <= best));
}

#[test]
fn normalisation_is_fitted_on_training_clips_alone() {
    let training = config(SGD, 1);
    let fitted = |shift: f32| {
        let mut job = job(lstm(), &training, None);
        let Features::Held(features) = &mut job.valid.features else { unreachable!("they are held") };
        features.iter_mut().for_each(|value| *value += shift);
        go(job).unwrap().model.normaliser
    };
    assert_eq!(fitted(0.0), fitted(100.0));
}

#[test]
fn logistic_regression_is_a_fit_without_epochs() {
    let model = ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-4, max_iterations: 500 });
    let outcome = go(Job { training: None, ..job(model, &config(SGD, 1), None) }).unwrap();
    assert!(outcome.curves.epochs.is_empty());
    assert!(matches!(outcome.model.made.ending, Ending::Converged(descent) if descent.gradient <= 1e-4 && descent.iterations > 0));
    let (file, examples): (ModelFile, Examples) = (outcome.model, examples(30, 9));
    let mut features = examples.held().unwrap().to_vec();
    file.normaliser.apply(&mut features);
    let x =
        burn::tensor::Tensor::<Flex, 3>::from_data(burn::tensor::TensorData::new(features, [30, SHAPE[0], SHAPE[1]]), &Default::default());
    let answers = file.network::<Flex>(&Default::default()).unwrap().forward(x, &mut segno_models::Mode::Infer)[0].clone().argmax(1);
    let answers: Vec<i64> = answers.into_data().convert::<i64>().to_vec().unwrap();
    let right = answers.iter().zip(&examples.labels[0]).filter(|(answer, label)| **answer == **label as i64).count();
    assert!(right > 27, "{right} of 30");
}

#[test]
fn what_cannot_be_trained_is_refused_with_the_reason() {
    let training = config(SGD, 1);
    let empty = Examples { clips: vec![], shape: SHAPE, features: Features::Held(vec![]), labels: vec![vec![]] };
    let no_valid = Job { valid: empty, ..job(lstm(), &training, None) };
    assert!(go(no_valid).unwrap_err().to_string().contains("valid part"));
    let wild = config(Optimiser::Sgd { learning_rate: f64::NAN }, 1);
    assert!(go(job(lstm(), &wild, None)).unwrap_err().to_string().contains("learning_rate"));
    let diverging = TrainingConfig { max_gradient_norm: None, ..config(Optimiser::Sgd { learning_rate: 1e30 }, 5) };
    let mlp = ModelConfig::Mlp(MlpConfig { hidden: vec![8], activation: Activation::Relu, dropout: 0.0 });
    match go(job(mlp, &diverging, None)).unwrap_err() {
        TrainError::Diverged { epoch: 1, loss, clips } => assert!(!loss.is_finite() && !clips.is_empty()),
        other => panic!("{other}"),
    }
}

#[test]
fn a_loss_that_is_no_number_names_the_clips_of_its_batch() {
    let training = config(SGD, 3);
    let mut train = examples(70, 1);
    let Features::Held(features) = &mut train.features else { unreachable!() };
    let size = SHAPE[0] * SHAPE[1];
    features[33 * size..34 * size].fill(f32::MAX);
    let mlp = ModelConfig::Mlp(MlpConfig { hidden: vec![8], activation: Activation::Relu, dropout: 0.0 });
    let error = go(Job { train, standardise: Standardise::None, ..job(mlp, &training, None) }).unwrap_err();
    assert!(error.to_string().contains("test:track33#0"), "{error}");
    match error {
        TrainError::Diverged { epoch: 1, clips, .. } => assert!(clips.len() <= training.batch_size, "{clips:?}"),
        other => panic!("{other}"),
    }
}
