//! The LSTM in plain tensor arithmetic.

use burn::tensor::{Tensor, activation::sigmoid, backend::Backend, s};

/// See [`crate::ops::Ops::lstm`].
pub fn lstm<B: Backend>(
    x: Tensor<B, 3>,
    input_weights: Tensor<B, 2>,
    hidden_weights: Tensor<B, 2>,
    bias: Tensor<B, 1>,
    with_cell: bool,
) -> Tensor<B, 3> {
    let [batch, steps, inputs] = x.dims();
    let size = hidden_weights.dims()[0];
    // Time first, so that the gates of one step are one block.
    let by_time = x.swap_dims(0, 1).reshape([steps * batch, inputs]);
    let from_input = (by_time.matmul(input_weights) + bias.unsqueeze_dim::<2>(0)).reshape([steps, batch, 4 * size]);
    let mut cell: Option<Tensor<B, 2>> = None;
    let mut hidden: Vec<Tensor<B, 2>> = Vec::with_capacity(steps + 1);
    for step in from_input.split(1, 0) {
        let mut gates = step.reshape([batch, 4 * size]);
        if let Some(previous) = hidden.last() {
            gates = gates + previous.clone().matmul(hidden_weights.clone());
        }
        let gate = |index: usize| gates.clone().slice(s![.., index * size..(index + 1) * size]);
        let entering = sigmoid(gate(0)) * gate(3).tanh();
        let now = match cell {
            Some(previous) => sigmoid(gate(1)) * previous + entering,
            None => entering,
        };
        hidden.push(sigmoid(gate(2)) * now.clone().tanh());
        cell = Some(now);
    }
    if with_cell {
        hidden.extend(cell);
    }
    Tensor::stack(hidden, 1)
}
