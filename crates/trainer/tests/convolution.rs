//! Several tasks, running statistics, penalties, and how runs end.

mod common;

use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};
use common::{ADAM, B, SHAPE, config, examples, go, job, lstm};
use segno_models::{
    Activation, CnnConfig, ConvActivation, ConvBlockConfig, Ending, Gamma, GammaRule, LogisticConfig, MlpConfig, Mode, ModelConfig,
    ModelFile, Penalty, Pooling, Scheme, Standardise, SvmConfig, SvmKernel, TaskClasses, weights,
};
use segno_trainer::{Event, Flow, Job, Optimiser, Select, TRAINER_VERSION, TrainError, TrainingConfig, train};

fn cnn(dropout: f64) -> ModelConfig {
    let block = |maps, pool| ConvBlockConfig { maps, kernel: [2, 2], stride: [1, 1], activation: ConvActivation::Relu, pool };
    let blocks = vec![block(8, Pooling::Max([2, 2])), block(16, Pooling::MaxAverageMean([2, 2]))];
    ModelConfig::Cnn(CnnConfig { blocks, attention: None, global_pool: None, dense: 15, dropout })
}

fn mlp() -> ModelConfig {
    ModelConfig::Mlp(MlpConfig { hidden: vec![8], activation: Activation::Relu, dropout: 0.0 })
}

/// A second task beside the first: whether the first one's class is `a`.
fn two_tasks(mut job: Job<'_>) -> Job<'_> {
    job.card.signature.tasks.push(TaskClasses { task: "mood".into(), classes: vec!["happy".into(), "sad".into()] });
    for examples in [&mut job.train, &mut job.valid] {
        let mood = examples.labels[0].iter().map(|label| usize::from(*label == 0)).collect();
        examples.labels.push(mood);
    }
    Job { loss_weights: &[1.0, 1.25], ..job }
}

#[test]
fn a_convolutional_network_learns_two_tasks_and_each_has_its_curve() {
    let training = TrainingConfig { l2: Some(1e-3), select: Select::Last, patience: None, ..config(ADAM, 40) };
    let outcome = go(two_tasks(job(cnn(0.1), &training, None))).unwrap();
    let curves = outcome.curves;
    assert_eq!(curves.tasks, ["genre", "mood"]);
    assert_eq!((curves.best_epoch, outcome.model.card.best_epoch, curves.epochs.len()), (40, 40, 40), "the last epoch is the model");
    assert_eq!((outcome.model.made.ending, outcome.model.made.trainer_version.as_str()), (Ending::Epochs, TRAINER_VERSION));
    let last = &curves.epochs[39];
    assert!(last.valid_accuracy.len() == 2 && last.valid_accuracy.iter().all(|accuracy| *accuracy > 0.9), "{last:?}");
    assert!(last.train_accuracy.len() == 2 && last.train_loss < curves.epochs[0].train_loss, "{last:?}");
}

#[test]
fn a_convolutional_run_cut_off_goes_on_to_the_same_bits_running_statistics_and_all() {
    let training = TrainingConfig { l2: Some(1e-3), ..config(ADAM, 4) };
    let whole = go(two_tasks(job(cnn(0.5), &training, None))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    let stopped = train::<B>(two_tasks(job(cnn(0.5), &training, Some(&path))), &Default::default(), &mut |event| match event {
        Event::Epoch { row, .. } if row.epoch == 2 => Flow::Stop,
        _ => Flow::Continue,
    });
    assert!(matches!(stopped, Err(TrainError::Stopped { epoch: 2 })));
    let resumed = go(two_tasks(job(cnn(0.5), &training, Some(&path)))).unwrap();
    assert_eq!(resumed.curves, whole.curves);
    assert_eq!(resumed.model, whole.model);
}

#[test]
fn running_statistics_are_those_of_the_batches_whatever_clipping_and_penalty_do() {
    let training = TrainingConfig { batch_size: 70, max_gradient_norm: Some(1e-3), l2: Some(10.0), ..config(ADAM, 1) };
    let outcome = go(Job { standardise: Standardise::None, ..job(cnn(0.5), &training, None) }).unwrap();
    let of = |name: &str| outcome.model.weights.iter().find(|tensor| tensor.name == name).unwrap().values[0];
    let examples = examples(70, 1);
    let x = examples.held().unwrap();
    let n = x.len() as f64;
    let mean = x.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    let variance = x.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / (n - 1.0);
    assert!((f64::from(of("input_norm.mean")) - 0.01 * mean).abs() < 1e-7);
    assert!((f64::from(of("input_norm.variance")) - (0.99 + 0.01 * variance)).abs() < 1e-6);
}

#[test]
fn the_penalty_is_lambda_times_the_squares_without_a_half_on_the_dense_weights_alone() {
    let rate = 0.5;
    let after_one_step = |l2| {
        let training = TrainingConfig { batch_size: 70, max_gradient_norm: None, l2, ..config(Optimiser::Sgd { learning_rate: rate }, 1) };
        go(job(mlp(), &training, None)).unwrap().model
    };
    let (free, held) = (after_one_step(None), after_one_step(Some(0.01)));
    let start = weights(&mlp().init::<Flex>(&free.card.signature, free.card.seed, &Default::default()));
    for ((start, free), held) in start.iter().zip(&free.weights).zip(&held.weights) {
        let pull = if start.name == "hidden.0.weight" { 2.0 * 0.01 * rate as f32 } else { 0.0 };
        for ((start, free), held) in start.values.iter().zip(&free.values).zip(&held.values) {
            assert!((free - held - pull * start).abs() < 1e-6, "{free} without, {held} with the penalty, from {start}");
        }
    }
}

#[test]
fn a_run_that_diverges_keeps_the_best_epoch_before() {
    // The penalty alone multiplies the hidden weights by about -1000 a step: finite in the first epoch, not for long.
    let training = TrainingConfig { max_gradient_norm: None, l2: Some(500.0), ..config(Optimiser::Sgd { learning_rate: 1.0 }, 50) };
    let outcome = go(job(mlp(), &training, None)).unwrap();
    let Ending::Diverged { epoch } = outcome.model.made.ending else { panic!("it ended otherwise: {:?}", outcome.model.made) };
    assert_eq!(epoch as usize, outcome.curves.epochs.len() + 1);
    assert!(outcome.model.card.best_epoch >= 1 && outcome.model.card.best_epoch < epoch);
    assert!(outcome.model.weights.iter().all(|tensor| tensor.values.iter().all(|value| value.is_finite())));
    assert!(outcome.model.made.ending.is_cause_for_warning());
}

#[test]
fn logistic_regression_fits_every_task_and_says_when_it_did_not_converge() {
    let with = |max_iterations| {
        let model = ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-4, max_iterations });
        go(Job { training: None, ..two_tasks(job(model, &config(ADAM, 1), None)) }).unwrap().model
    };
    let shapes: Vec<_> = with(500).weights.iter().map(|tensor| tensor.shape.clone()).collect();
    assert_eq!(shapes, [vec![24, 3], vec![3], vec![24, 2], vec![2]]);
    assert!(!with(500).made.ending.is_cause_for_warning());
    let ending = with(1).made.ending;
    assert!(matches!(ending, Ending::Unconverged(descent) if descent.iterations == 2 && descent.gradient > 1e-4), "one a task: {ending:?}");
    assert!(ending.to_string().starts_with("not converged after 2 iterations"));
}

#[test]
fn support_vector_machines_fit_every_task_and_their_files_answer_right() {
    let kernels = [SvmKernel::Linear { penalty: Penalty::L2 }, SvmKernel::Rbf { gamma: Gamma::Rule(GammaRule::Scale) }];
    for kernel in kernels {
        let with = |max_iterations| ModelConfig::Svm(SvmConfig { kernel, c: 4.0, tolerance: 1e-3, max_iterations });
        let fitted =
            |max_iterations| go(Job { training: None, ..two_tasks(job(with(max_iterations), &config(ADAM, 1), None)) }).unwrap().model;
        assert!(matches!(fitted(1).made.ending, Ending::Unconverged(_)), "{kernel:?}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("machine.safetensors");
        let written = fitted(100_000);
        assert!(matches!(written.made.ending, Ending::Converged(_)), "{:?}", written.made);
        written.write(&path).unwrap();
        let read = ModelFile::read(&path).unwrap();
        assert_eq!(read.digest(), written.digest());
        let unseen = examples(30, 9);
        let mut features = unseen.held().unwrap().to_vec();
        read.normaliser.apply(&mut features);
        let x = Tensor::<Flex, 3>::from_data(TensorData::new(features, [30, SHAPE[0], SHAPE[1]]), &Default::default());
        let decided = read.network::<Flex>(&Default::default()).unwrap().forward(x, &mut Mode::Infer);
        let mood: Vec<usize> = unseen.labels[0].iter().map(|label| usize::from(*label == 0)).collect();
        for (decided, truth) in decided.into_iter().zip([&unseen.labels[0], &mood]) {
            let answers: Vec<i64> = decided.argmax(1).into_data().convert::<i64>().to_vec().unwrap();
            let right = answers.iter().zip(truth).filter(|(answer, truth)| **answer == **truth as i64).count();
            assert!(right > 27, "{kernel:?}: {right} of 30");
        }
    }
}

#[test]
fn knobs_that_contradict_each_other_are_refused_with_the_reason() {
    let says = |job: Job<'_>| go(job).unwrap_err().to_string();
    let last = TrainingConfig { select: Select::Last, patience: Some(3), ..config(ADAM, 1) };
    assert!(says(job(mlp(), &last, None)).contains("patience"));
    let penalised = TrainingConfig { l2: Some(1e-3), ..config(ADAM, 1) };
    assert!(says(job(lstm(), &penalised, None)).contains("l2"));
    let plain = config(ADAM, 1);
    assert!(says(Job { loss_weights: &[1.0, 1.0], ..job(mlp(), &plain, None) }).contains("loss_weights"));
    let by_nothing = Standardise::Divide { by: 0.0 };
    assert!(says(Job { standardise: by_nothing, ..job(mlp(), &plain, None) }).contains("divide"));
}
