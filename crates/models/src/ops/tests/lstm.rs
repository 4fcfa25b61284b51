//! The fused LSTM against the plain one.

use burn::tensor::TensorData;
use proptest::prelude::*;

use super::{B, agree, leaf};
use crate::ops::{Ops, plain};

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
        agree(&run(true, shape, with_cell, seed), &run(false, shape, with_cell, seed))?;
    }
}
