//! What a network looked at: attention weights by their formulas, and gradients by differences.

mod common;

use burn::backend::{Autodiff, Flex, NdArray};
use burn::tensor::{Tensor, TensorData, activation::softmax};
use common::values;
use segno_models::ops::{Ops, TrainBackend};
use segno_models::{
    Activation, Attended, Cell, CnnConfig, ConvActivation, ConvBlockConfig, InputGradient, MapAttentionConfig, MlpConfig, Mode,
    ModelConfig, Objective, Pooling, RecurrentConfig, Signature, TaskClasses,
};

const INPUT: [usize; 2] = [6, 8];

fn signature() -> Signature {
    let task =
        |name: &str, classes: &[&str]| TaskClasses { task: name.into(), classes: classes.iter().map(|&class| class.into()).collect() };
    Signature { input: INPUT, tasks: vec![task("genre", &["blues", "jazz", "rock"]), task("mood", &["calm", "tense"])] }
}

fn recurrent(attention: bool) -> ModelConfig {
    ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Lstm, layers: 2, hidden: 5, attention, dropout: 0.3 })
}

fn cnn(attention: Option<MapAttentionConfig>) -> ModelConfig {
    let block = |maps| ConvBlockConfig {
        maps,
        kernel: [2, 2],
        stride: [2, 2],
        activation: ConvActivation::Elu,
        // A largest element has a kink, across which differences say nothing.
        pool: Pooling::Max([1, 1]),
    };
    ModelConfig::Cnn(CnnConfig { blocks: vec![block(3), block(4)], attention, global_pool: None, dense: 6, dropout: 0.5 })
}

fn clips<B: Ops>(n: usize) -> Tensor<B, 3> {
    let [frames, bins] = INPUT;
    Tensor::from_data(TensorData::new(values(n * frames * bins, 3), [n, frames, bins]), &Default::default())
}

fn to_vec<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f32> {
    tensor.into_data().to_vec().unwrap()
}

#[test]
fn weights_of_frames_are_a_distribution_for_each_clip_and_hang_on_the_clip() {
    let network = recurrent(true).init::<Flex>(&signature(), 4, &Default::default());
    let Some(Attended::Frames(weights)) = network.attention(clips(3)) else { panic!("it attends to frames") };
    assert_eq!(weights.dims(), [3, INPUT[0]]);
    let weights = to_vec(weights);
    for clip in weights.chunks(INPUT[0]) {
        assert!((clip.iter().sum::<f32>() - 1.0).abs() < 1e-6 && clip.iter().all(|weight| *weight > 0.0), "{clip:?}");
    }
    assert_ne!(weights[..INPUT[0]], weights[INPUT[0]..2 * INPUT[0]]);
    for without in [recurrent(false), cnn(None), cnn(Some(MapAttentionConfig::ChannelSpatial { reduction: 2, kernel: 3 }))] {
        assert!(without.init::<Flex>(&signature(), 4, &Default::default()).attention(clips(1)).is_none(), "{without:?}");
    }
}

#[test]
fn weights_of_maps_are_a_distribution_and_give_the_map_that_is_appended() {
    let network = cnn(Some(MapAttentionConfig::FeatureMaps)).init::<Flex>(&signature(), 4, &Default::default());
    let Some(Attended::Maps { weights, sum }) = network.attention(clips(2)) else { panic!("it attends to maps") };
    // Eight bins by six frames, halved twice.
    assert_eq!((weights.dims(), sum.dims()), ([2, 4], [2, 2, 2]));
    for clip in to_vec(weights).chunks(4) {
        assert!((clip.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{clip:?}");
    }
    assert!(to_vec(sum).iter().all(|value| value.is_finite()));
}

/// The objective of the first of two clips, with one value of it moved.
fn moved(config: &ModelConfig, by: f32, place: usize, objective: Objective) -> f64 {
    let network = config.init::<NdArray>(&signature(), 9, &Default::default());
    let [frames, bins] = INPUT;
    let mut input = values(frames * bins, 3);
    input[place] += by;
    let x = Tensor::<NdArray, 3>::from_data(TensorData::new(input, [1, frames, bins]), &Default::default());
    let logits = network.forward(x, &mut Mode::Infer).swap_remove(0);
    let probability = softmax(logits, 1).into_data().to_vec::<f32>().unwrap()[2];
    f64::from(match objective {
        Objective::Probability => probability,
        Objective::LogProbability => probability.ln(),
    })
}

fn compare_with_differences<B: TrainBackend>(config: &ModelConfig, objective: Objective)
where
    B::InnerBackend: Ops,
{
    let network = config.init::<B>(&signature(), 9, &Default::default());
    let slope = InputGradient::new(network).of(clips::<B::InnerBackend>(2), 0, 2, objective);
    let n_values = INPUT.iter().product::<usize>();
    assert_eq!((slope.objectives.len(), slope.gradients.len()), (2, 2 * n_values));
    assert!((f64::from(slope.objectives[0]) - moved(config, 0.0, 0, objective)).abs() < 1e-5);
    let step = 0.005;
    for place in (0..n_values).step_by(5) {
        let difference = (moved(config, step, place, objective) - moved(config, -step, place, objective)) / f64::from(2.0 * step);
        let gradient = f64::from(slope.gradients[place]);
        assert!(
            (gradient - difference).abs() < 2e-3 * difference.abs() + 2e-4,
            "{config:?} at {place}: {gradient}, by differences {difference}"
        );
    }
}

#[test]
fn gradients_are_what_differences_say() {
    let mlp = ModelConfig::Mlp(MlpConfig { hidden: vec![7], activation: Activation::Sigmoid, dropout: 0.2 });
    for config in [recurrent(true), recurrent(false), mlp, cnn(Some(MapAttentionConfig::FeatureMaps))] {
        for objective in [Objective::Probability, Objective::LogProbability] {
            compare_with_differences::<Autodiff<Flex>>(&config, objective);
            compare_with_differences::<Autodiff<NdArray>>(&config, objective);
        }
    }
}
