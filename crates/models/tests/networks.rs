//! The networks against PyTorch's own modules, and their parameter counts against the formulas.

mod common;

use std::collections::BTreeMap;

use burn::backend::{Autodiff, Flex, NdArray};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor, TensorData};
use common::{gradients, values};
use segno_models::ops::{Ops, TrainBackend};
use segno_models::{
    Activation, Cell, LogisticConfig, MlpConfig, Mode, ModelConfig, NamedTensor, RecurrentConfig, Scheme, Signature, TaskClasses,
    load_weights, weights,
};
use serde::Deserialize;

const LABELS: [i32; 3] = [2, 0, 1];

#[derive(Deserialize)]
struct Golden {
    cases: BTreeMap<String, Case>,
}

#[derive(Deserialize)]
struct Case {
    logits: Vec<f32>,
    loss: f32,
    gradients: BTreeMap<String, Vec<f32>>,
}

fn assert_close(what: &str, got: &[f32], expected: &[f32]) {
    common::assert_close(what, got, expected, 2e-6);
}

fn recurrent(cell: Cell, layers: usize, hidden: usize, attention: bool) -> ModelConfig {
    ModelConfig::Recurrent(RecurrentConfig { cell, layers, hidden, attention, dropout: 0.2 })
}

fn mlp(hidden: &[usize], activation: Activation) -> ModelConfig {
    ModelConfig::Mlp(MlpConfig { hidden: hidden.to_vec(), activation, dropout: 0.2 })
}

fn signature(input: [usize; 2], classes: usize) -> Signature {
    let classes = (0..classes).map(|class| class.to_string()).collect();
    Signature { input, tasks: vec![TaskClasses { task: "genre".into(), classes }] }
}

fn compare_with_torch<B: TrainBackend>() {
    let golden: Golden = serde_json::from_str(include_str!("golden/networks.json")).unwrap();
    let device = B::Device::default();
    let configs = [
        ("rnn-1", recurrent(Cell::Rnn, 1, 4, false)),
        ("rnn-2", recurrent(Cell::Rnn, 2, 4, false)),
        ("lstm-1", recurrent(Cell::Lstm, 1, 4, false)),
        ("lstm-2", recurrent(Cell::Lstm, 2, 4, false)),
        ("attention-1", recurrent(Cell::Lstm, 1, 4, true)),
        ("attention-2", recurrent(Cell::Lstm, 2, 4, true)),
        ("mlp-relu", mlp(&[4], Activation::Relu)),
        ("mlp-sigmoid", mlp(&[4], Activation::Sigmoid)),
    ];
    assert_eq!(configs.len(), golden.cases.len());
    for (name, config) in configs {
        let expected = &golden.cases[name];
        let network = config.init::<B>(&signature([4, 5], 3), 1, &device);
        let given = weights(&network)
            .into_iter()
            .enumerate()
            .map(|(index, tensor)| NamedTensor { values: values(tensor.values.len(), index as u32 + 1), ..tensor })
            .collect();
        let network = load_weights(network, given).unwrap();
        let x = Tensor::<B, 3>::from_data(TensorData::new(values(60, 1000), [3, 4, 5]), &device);
        let logits = network.forward(x, &mut Mode::Infer).remove(0);
        assert_close(&format!("{name} logits"), &logits.to_data().to_vec::<f32>().unwrap(), &expected.logits);
        let labels = Tensor::<B, 1, Int>::from_data(LABELS, &device);
        let loss = CrossEntropyLossConfig::new().init(&device).forward(logits, labels);
        assert_close(&format!("{name} loss"), &loss.to_data().to_vec::<f32>().unwrap(), &[expected.loss]);
        let found = gradients(&network, &loss.backward());
        assert_eq!(found.len(), expected.gradients.len(), "{name}");
        for (parameter, gradient) in found {
            assert_close(&format!("{name} {parameter}"), &gradient, &expected.gradients[&parameter]);
        }
    }
}

#[test]
fn flex_agrees_with_pytorch() {
    compare_with_torch::<Autodiff<Flex>>();
}

#[test]
fn ndarray_agrees_with_pytorch() {
    compare_with_torch::<Autodiff<NdArray>>();
}

#[test]
fn parameter_counts_follow_the_formulas() {
    let lstm = |d: usize, h: usize| 4 * h * (d + h + 1);
    let rnn = |d: usize, h: usize| h * (d + h + 1);
    let dense = |d: usize, h: usize| h * (d + 1);
    let (frames, bins, classes) = (22, 513, 10);
    let expected = [
        (recurrent(Cell::Rnn, 1, 125, false), rnn(bins, 125) + dense(125, classes)),
        (recurrent(Cell::Rnn, 2, 125, false), rnn(bins, 125) + rnn(125, 125) + dense(125, classes)),
        (recurrent(Cell::Lstm, 1, 250, false), lstm(bins, 250) + dense(250, classes)),
        (recurrent(Cell::Lstm, 2, 250, false), lstm(bins, 250) + lstm(250, 250) + dense(250, classes)),
        (recurrent(Cell::Lstm, 1, 500, true), lstm(bins, 500) + dense(1000, 500) + dense(500, classes)),
        (recurrent(Cell::Lstm, 2, 60, true), lstm(bins, 60) + lstm(60, 60) + dense(120, 60) + dense(60, classes)),
        (mlp(&[125], Activation::Relu), dense(frames * bins, 125) + dense(125, classes)),
        (mlp(&[125, 125], Activation::Sigmoid), dense(frames * bins, 125) + dense(125, 125) + dense(125, classes)),
        (
            ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-4, max_iterations: 100 }),
            dense(frames * bins, classes),
        ),
    ];
    for (config, count) in expected {
        let network = config.init::<Flex>(&signature([frames, bins], classes), 1, &Default::default());
        assert_eq!(network.num_params(), count, "{config:?}");
    }
}

fn logits<B: Ops>(config: &ModelConfig, seed: u64, mode: &mut Mode<'_>) -> Vec<f32> {
    let device = B::Device::default();
    let network = config.init::<B>(&signature([4, 5], 3), seed, &device);
    network.forward(Tensor::from_data(TensorData::new(values(60, 3), [3, 4, 5]), &device), mode)[0].to_data().to_vec().unwrap()
}

#[test]
fn a_seed_gives_the_same_network_and_dropout_on_every_device() {
    use rand::SeedableRng;
    let config = recurrent(Cell::Lstm, 2, 6, true);
    let rng = || rand_chacha::ChaCha8Rng::seed_from_u64(5);
    assert_close("inferring", &logits::<Flex>(&config, 9, &mut Mode::Infer), &logits::<NdArray>(&config, 9, &mut Mode::Infer));
    let trained = logits::<Flex>(&config, 9, &mut Mode::Train(&mut rng()));
    assert_close("training", &trained, &logits::<NdArray>(&config, 9, &mut Mode::Train(&mut rng())));
    assert_ne!(trained, logits::<Flex>(&config, 9, &mut Mode::Infer));
    assert_ne!(logits::<Flex>(&config, 9, &mut Mode::Infer), logits::<Flex>(&config, 10, &mut Mode::Infer));
}
