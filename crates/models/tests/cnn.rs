//! The convolutional networks against PyTorch in float64, their parameter counts against the formulas.

mod common;

use std::collections::BTreeMap;

use burn::backend::{Autodiff, Flex, NdArray};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor, TensorData, backend::Backend};
use common::{assert_close, gradients, values};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use segno_models::ops::{Ops, TrainBackend};
use segno_models::{
    CnnConfig, ConvActivation, ConvBlockConfig, MapAttentionConfig, Mode, ModelConfig, NamedTensor, Network, Pooling, Signature,
    TaskClasses, load_weights, weights,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    cases: BTreeMap<String, Case>,
}

#[derive(Deserialize)]
struct Case {
    trained_logits: Vec<Vec<f32>>,
    loss: f32,
    gradients: BTreeMap<String, Vec<f32>>,
    running: BTreeMap<String, Vec<f32>>,
    used_logits: Vec<Vec<f32>>,
}

const LABELS: [[i32; 4]; 2] = [[2, 0, 1, 1], [0, 1, 1, 0]];

/// A network of the paper with other numbers of maps, three dense units and no dropout.
fn narrow(wide: CnnConfig, maps: &[usize]) -> ModelConfig {
    assert_eq!(wide.blocks.len(), maps.len());
    let blocks = wide.blocks.into_iter().zip(maps).map(|(block, maps)| ConvBlockConfig { maps: *maps, ..block }).collect();
    ModelConfig::Cnn(CnnConfig { blocks, global_pool: None, dense: 3, dropout: 0.0, attention: wide.attention })
}

fn cases() -> [(&'static str, [usize; 2], ModelConfig); 5] {
    let variant = MapAttentionConfig::ChannelSpatial { reduction: 2, kernel: 3 };
    let li = |attention| narrow(CnnConfig::li_2019(attention), &[2, 3, 4, 5]);
    [
        ("li", [32, 64], li(None)),
        ("li-feature-maps", [32, 64], li(Some(MapAttentionConfig::FeatureMaps))),
        ("li-channel-spatial", [32, 64], li(Some(variant))),
        ("zhang", [12, 26], narrow(CnnConfig::zhang_2016(), &[2, 2, 3])),
        ("choi", [80, 50], narrow(CnnConfig::choi_2016(), &[2, 3, 3, 4, 5])),
    ]
}

fn signature(input: [usize; 2], sizes: &[usize]) -> Signature {
    let task = |(index, size): (usize, &usize)| TaskClasses {
        task: format!("task {index}"),
        classes: (0..*size).map(|class| class.to_string()).collect(),
    };
    Signature { input, tasks: sizes.iter().enumerate().map(task).collect() }
}

/// The network with parameters and statistics by the formula of `golden/cnn.py`.
fn golden_network<B: Ops>(config: &ModelConfig, input: [usize; 2], device: &B::Device) -> Network<B> {
    let network = config.init::<B>(&signature(input, &[3, 2]), 1, device);
    let given = weights(&network).into_iter().enumerate().map(|(index, tensor)| {
        let above = if tensor.name.ends_with("gamma") || tensor.name.ends_with("variance") { 1.0 } else { 0.0 };
        let values = values(tensor.values.len(), index as u32 + 1).into_iter().map(|value| value + above).collect();
        NamedTensor { values, ..tensor }
    });
    let given = given.collect();
    load_weights(network, given).unwrap()
}

fn input<B: Backend>([frames, bins]: [usize; 2], device: &B::Device) -> Tensor<B, 3> {
    Tensor::from_data(TensorData::new(values(4 * frames * bins, 1000), [4, frames, bins]), device)
}

fn floats<B: Backend, const D: usize>(tensor: &Tensor<B, D>) -> Vec<f32> {
    tensor.to_data().to_vec().unwrap()
}

/// `tolerance` is that of gradients, the worst conditioned of all that is compared.
fn compare_with_torch<B: TrainBackend>(tolerance: f32) {
    let golden: Golden = serde_json::from_str(include_str!("golden/cnn.json")).unwrap();
    assert_eq!(golden.cases.len(), cases().len());
    let device = B::Device::default();
    for (name, shape, config) in cases() {
        let expected = &golden.cases[name];
        let network = golden_network::<B>(&config, shape, &device);
        let logits = network.forward(input(shape, &device), &mut Mode::Train(&mut ChaCha8Rng::seed_from_u64(1)));
        let mut loss = Tensor::<B, 1>::zeros([1], &device);
        for (task, weight) in [(0, 1.0), (1, 1.25)] {
            assert_close(&format!("{name} trained logits"), &floats(&logits[task]), &expected.trained_logits[task], 2e-5);
            let labels = Tensor::<B, 1, Int>::from_data(LABELS[task], &device);
            loss = loss + CrossEntropyLossConfig::new().init(&device).forward(logits[task].clone(), labels).mul_scalar(weight);
        }
        assert_close(&format!("{name} loss"), &floats(&loss), &[expected.loss], 2e-5);
        let found = gradients(&network, &loss.backward());
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.gradients.keys().collect::<Vec<_>>(), "{name}");
        for (parameter, gradient) in found {
            assert_close(&format!("{name} {parameter}"), &gradient, &expected.gradients[&parameter], tolerance);
        }
        let running = weights(&network).into_iter().filter(|tensor| expected.running.contains_key(&tensor.name));
        assert_eq!(running.clone().count(), expected.running.len(), "{name}");
        for tensor in running {
            assert_close(&format!("{name} {}", tensor.name), &tensor.values, &expected.running[&tensor.name], 1e-6);
        }
        // In use: on a backend that folds the normalisation into the convolution too.
        let used = burn::module::AutodiffModule::valid(&network).forward(input(shape, &device), &mut Mode::Infer);
        let differentiable = network.forward(input(shape, &device), &mut Mode::Infer);
        for task in 0..2 {
            assert_close(&format!("{name} used logits"), &floats(&used[task]), &expected.used_logits[task], 2e-5);
            assert_close(&format!("{name} used logits, autodiff"), &floats(&differentiable[task]), &expected.used_logits[task], 2e-5);
        }
    }
}

#[test]
fn flex_agrees_with_pytorch() {
    compare_with_torch::<Autodiff<Flex>>(5e-5);
}

#[test]
fn ndarray_agrees_with_pytorch() {
    // Plain sums over whole images in f32, rounded otherwise by each kind of CPU: one gradient was found 6e-5 off on one, 9e-5 on another.
    compare_with_torch::<Autodiff<NdArray>>(2e-3);
}

#[test]
fn parameter_counts_follow_the_formulas() {
    let block = |channels: usize, maps: usize, kernel: usize| maps * (channels * kernel * kernel + 1 + 2);
    let dense = |inputs: usize, outputs: usize| outputs * (inputs + 1);
    let head = |flat: usize| 2 + dense(flat, 15) + 2 * 15 + dense(15, 10) + dense(15, 3);
    let li = block(1, 64, 2) + block(64, 128, 2) + block(128, 256, 2) + block(256, 512, 2);
    let variant = MapAttentionConfig::ChannelSpatial { reduction: 8, kernel: 7 };
    let zhang = block(1, 128, 1) + block(128, 128, 1) + block(128, 256, 1);
    let choi = block(1, 32, 3) + block(32, 128, 3) + block(128, 128, 3) + block(128, 192, 3) + block(192, 256, 3);
    // Trained parameters, then running statistics: two a normalised channel.
    let expected = [
        (CnnConfig::li_2019(None), li + head(8192), 2 * (1 + 64 + 128 + 256 + 512 + 15)),
        (CnnConfig::li_2019(Some(MapAttentionConfig::FeatureMaps)), li + 16 + head(8208), 2 * (1 + 64 + 128 + 256 + 512 + 15)),
        (CnnConfig::li_2019(Some(variant)), li + dense(512, 64) + dense(64, 512) + 99 + head(8192), 2 * (1 + 64 + 128 + 256 + 512 + 15)),
        (CnnConfig::zhang_2016(), zhang + head(256 * 6 * 128), 2 * (1 + 128 + 128 + 256 + 15)),
        (CnnConfig::choi_2016(), choi + head(256), 2 * (1 + 32 + 128 + 128 + 192 + 256 + 15)),
    ];
    for (config, trained, running) in expected {
        let network = ModelConfig::Cnn(config.clone()).init::<Flex>(&signature([128, 128], &[10, 3]), 1, &Default::default());
        let is_running = |tensor: &&NamedTensor| tensor.name.ends_with(".mean") || tensor.name.ends_with(".variance");
        let statistics: usize = weights(&network).iter().filter(is_running).map(|tensor| tensor.values.len()).sum();
        assert_eq!((network.num_params() - statistics, statistics), (trained, running), "{config:?}");
    }
}

#[test]
fn weights_start_glorot_normal_and_everything_else_where_keras_starts_it() {
    let config = ModelConfig::Cnn(CnnConfig::li_2019(None));
    let network = config.init::<Flex>(&signature([128, 128], &[10, 3]), 4, &Default::default());
    for tensor in weights(&network) {
        let fans = match tensor.name.as_str() {
            "blocks.2.weights" => 4 * 128 + 4 * 256,
            "blocks.3.weights" => 4 * 256 + 4 * 512,
            "dense.weight" => 8192 + 15,
            name => {
                let constant = if name.ends_with("gamma") || name.ends_with("variance") { Some(1.0) } else { Some(0.0) };
                let constant = constant.filter(|_| !name.ends_with("weight") && !name.ends_with("weights"));
                assert!(constant.is_none_or(|constant| tensor.values.iter().all(|value| *value == constant)), "{name}");
                continue;
            }
        };
        let n = tensor.values.len() as f64;
        let deviation = (tensor.values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>() / n).sqrt();
        let expected = (2.0 / fans as f64).sqrt();
        assert!((deviation / expected - 1.0).abs() < 0.01, "{}: {deviation} against {expected}", tensor.name);
        let largest = tensor.values.iter().fold(0f32, |largest, value| largest.max(value.abs()));
        assert!(f64::from(largest) <= 2.0 * expected / 0.8796, "{} is cut off at two deviations", tensor.name);
    }
}

#[test]
fn a_network_survives_its_table_and_bad_knobs_are_named() {
    let config = ModelConfig::Cnn(CnnConfig::li_2019(Some(MapAttentionConfig::FeatureMaps)));
    let table = serde_json::to_value(&config).unwrap();
    let first = serde_json::json!({ "maps": 64, "kernel": [2, 2], "stride": [1, 1], "activation": "relu", "pool": { "max": [2, 2] } });
    assert_eq!(table["cnn"]["blocks"][0], first);
    assert_eq!(table["cnn"]["attention"], "feature-maps");
    assert_eq!(serde_json::from_value::<ModelConfig>(table).unwrap(), config);
    let block = ConvBlockConfig { maps: 4, kernel: [2, 0], stride: [1, 1], activation: ConvActivation::Elu, pool: Pooling::Max([2, 2]) };
    let wrong = |attention, block| {
        let config = CnnConfig { blocks: vec![block], attention, global_pool: None, dense: 15, dropout: 0.5 };
        ModelConfig::Cnn(config).check().unwrap_err().to_string()
    };
    assert!(wrong(None, block).contains("kernel is 0"));
    let block = ConvBlockConfig { kernel: [2, 2], ..block };
    assert!(wrong(Some(MapAttentionConfig::ChannelSpatial { reduction: 5, kernel: 3 }), block).contains("reduction is 5"));
}
