//! Convolution blocks against the textbook formulas in f64: values, and gradients by central differences.

mod textbook;

use proptest::prelude::*;
use segno_kernels::{
    Activation, ConvShape, ConvSpec, Norm, Padding, Pool, PoolKind, block_backward, block_forward, conv_forward, norm_pool_forward,
};
use textbook::{Case, EPSILON};

fn padding() -> impl Strategy<Value = Padding> {
    prop_oneof![Just(Padding::Same), Just(Padding::Valid)]
}

prop_compose! {
    fn case()(
        batch in 1usize..4, channels in 1usize..6, filters in 1usize..4, size in prop::array::uniform2(4usize..11),
        kernel in prop::array::uniform2(1usize..4), stride in prop::array::uniform2(1usize..4),
        activation in prop_oneof![Just(Activation::Linear), Just(Activation::Relu), Just(Activation::Elu)],
        spec_padding in padding(), pool_padding in padding(), quads: bool, window in prop::array::uniform2(1usize..4),
        kind in prop_oneof![Just(PoolKind::Max), Just(PoolKind::MaxAverageMean)], seed in 0u32..100_000,
    ) -> Case {
        let spec = ConvSpec { stride, padding: spec_padding, activation };
        let shape = ConvShape { batch, channels, size, filters, kernel, spec };
        let window = if quads { [2, 2] } else { window };
        let output = shape.output();
        // A window that does not fit is refused by name elsewhere.
        let padding = if window[0] > output[0] || window[1] > output[1] { Padding::Same } else { pool_padding };
        Case::new(shape, Pool { kind, window, padding }, seed)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn blocks_agree_with_the_textbook(case in case()) {
        case.check()?;
    }
}

/// Li's block: 'same' 2 × 2 filters, ReLU, 2 × 2 pooling.
fn li(batch: usize, channels: usize, size: usize, filters: usize) -> (ConvShape, Pool) {
    let spec = ConvSpec { stride: [1, 1], padding: Padding::Same, activation: Activation::Relu };
    let shape = ConvShape { batch, channels, size: [size, size], filters, kernel: [2, 2], spec };
    (shape, Pool { kind: PoolKind::Max, window: [2, 2], padding: Padding::Valid })
}

#[test]
fn images_of_several_bands_agree_with_the_textbook() {
    let (shape, pool) = li(1, 1, 70, 3);
    Case::new(shape, pool, 5).check().unwrap();
}

#[test]
fn batches_of_several_tiles_agree_with_the_textbook() {
    let (shape, pool) = li(19, 5, 9, 2);
    Case::new(shape, Pool { kind: PoolKind::MaxAverageMean, ..pool }, 6).check().unwrap();
}

#[test]
fn long_filters_agree_with_the_textbook() {
    let spec = ConvSpec { stride: [1, 1], padding: Padding::Valid, activation: Activation::Relu };
    let shape = ConvShape { batch: 2, channels: 1, size: [9, 40], filters: 2, kernel: [7, 38], spec };
    Case::new(shape, Pool { kind: PoolKind::Max, window: [1, 3], padding: Padding::Valid }, 7).check().unwrap();
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    for (channels, size) in [(1, 66), (6, 9)] {
        let (shape, pool) = li(37, channels, size, 5);
        let case = Case::new(shape, pool, 8);
        let [input, weights, bias, ..] = &case.given;
        let run = |threads: usize| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
                let block = block_forward(shape, input, weights, bias, case.norm(), pool);
                let gradients = block_backward(shape, input, weights, bias, case.norm(), pool, &block.state, &case.up, true);
                let convolution = gradients.convolution;
                (block.output, block.statistics, convolution.input, convolution.weights, convolution.bias, gradients.gamma, gradients.beta)
            })
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(4));
    }
}

#[test]
fn an_unwanted_input_gradient_is_not_computed_and_changes_nothing_else() {
    let (shape, pool) = li(3, 5, 8, 4);
    let case = Case::new(shape, pool, 3);
    let [input, weights, bias, ..] = &case.given;
    let block = block_forward(shape, input, weights, bias, case.norm(), pool);
    let of = |wanted| block_backward(shape, input, weights, bias, case.norm(), pool, &block.state, &case.up, wanted).convolution;
    let (with, without) = (of(true), of(false));
    assert!(without.input.is_none() && with.input.is_some());
    assert_eq!((with.weights, with.bias), (without.weights, without.bias));
}

#[test]
fn equal_elements_give_the_gradient_to_the_first() {
    let pool = Pool { kind: PoolKind::Max, window: [2, 2], padding: Padding::Valid };
    for (size, window) in [([2, 4], [2, 2]), ([4, 2], [4, 2])] {
        let (input, pool) = (vec![1.0f32; 8], Pool { window, ..pool });
        let pooled = norm_pool_forward(&input, size, Norm { gamma: &[1.0], beta: &[0.0], epsilon: EPSILON }, pool);
        assert!(pooled.largest.iter().all(|&at| at == 0));
    }
}

#[test]
#[should_panic(expected = "no filter fits")]
fn a_filter_larger_than_the_image_is_refused() {
    let spec = ConvSpec { stride: [1, 1], padding: Padding::Valid, activation: Activation::Linear };
    let shape = ConvShape { batch: 1, channels: 1, size: [2, 2], filters: 1, kernel: [3, 3], spec };
    conv_forward(shape, &[0.0; 4], &[0.0; 9], &[0.0]);
}
