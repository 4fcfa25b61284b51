//! The fused operations against the plain ones: values and gradients, over shapes.

use burn::backend::{Autodiff, Flex};
use burn::tensor::{Tensor, TensorData};
use proptest::prelude::*;

use super::{Ops, plain};

type B = Autodiff<Flex>;

fn leaf<const D: usize>(shape: [usize; D], seed: u32) -> Tensor<B, D> {
    let count = shape.iter().product::<usize>() as u32;
    let values: Vec<f32> = (0..count)
        .map(|i| f32::from((i.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(97_531)) >> 16) as u16) / 65_536.0 - 0.5)
        .collect();
    Tensor::from_data(TensorData::new(values, shape), &Default::default()).require_grad()
}

fn run(fused: bool, [batch, steps, inputs, size]: [usize; 4], with_cell: bool, seed: u32) -> Vec<Vec<f32>> {
    let x = leaf([batch, steps, inputs], seed);
    let (input_weights, hidden_weights, bias) =
        (leaf([inputs, 4 * size], seed + 1), leaf([size, 4 * size], seed + 2), leaf([4 * size], seed + 3));
    let lstm = if fused { B::lstm } else { plain::lstm };
    let y = lstm(x.clone(), input_weights.clone(), hidden_weights.clone(), bias.clone(), with_cell);
    assert_eq!(y.dims(), [batch, steps + usize::from(with_cell), size]);
    let gradients = (y.clone() * leaf(y.dims(), seed + 4)).sum().backward();
    let values = |data: TensorData| data.to_vec::<f32>().expect("f32 tensors");
    vec![
        values(y.into_data()),
        values(x.grad(&gradients).expect("x is a leaf").into_data()),
        values(input_weights.grad(&gradients).expect("a leaf").into_data()),
        // A single step never meets the hidden weights: the plain graph has no gradient there, the fused one zeros.
        hidden_weights.grad(&gradients).map_or_else(|| vec![0.0; 4 * size * size], |gradient| values(gradient.into_data())),
        values(bias.grad(&gradients).expect("a leaf").into_data()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_fused_lstm_agrees_with_the_plain_one(batch in 1usize..80, steps in 1usize..5, inputs in 1usize..9, size in 1usize..9, with_cell: bool, seed in 0u32..1000) {
        let shape = [batch, steps, inputs, size];
        for (field, (fused, plain)) in run(true, shape, with_cell, seed).into_iter().zip(run(false, shape, with_cell, seed)).enumerate() {
            let largest = plain.iter().fold(1e-3f32, |largest, value| largest.max(value.abs()));
            for (fused, plain) in fused.iter().zip(&plain) {
                prop_assert!((fused - plain).abs() <= 1e-5 * largest, "field {field}: {fused} against {plain}");
            }
        }
    }
}
