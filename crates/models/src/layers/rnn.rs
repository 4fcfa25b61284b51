//! An Elman layer.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, backend::Backend};

use crate::Init;

/// `h_t = tanh(x_t · W_x + h_{t-1} · W_h + b)`, from a zero state.
///
/// # References
/// Irvin, Chartock, Hollander 2016, section 3.2.1; layer 1 as printed there drops the recurrence, which we take for a slip.
#[derive(Module, Debug)]
pub struct Rnn<B: Backend> {
    /// [D, H]
    pub input_weights: Param<Tensor<B, 2>>,
    /// [H, H]
    pub hidden_weights: Param<Tensor<B, 2>>,
    /// `[H]`
    pub bias: Param<Tensor<B, 1>>,
}

impl<B: Backend> Rnn<B> {
    /// All parameters from ±1/√hidden: H (D + H + 1) of them.
    pub fn new(inputs: usize, hidden: usize, init: &mut Init<'_, B>) -> Self {
        let bound = (hidden as f32).sqrt().recip();
        Self {
            input_weights: init.uniform([inputs, hidden], bound),
            hidden_weights: init.uniform([hidden, hidden], bound),
            bias: init.uniform([hidden], bound),
        }
    }

    /// # Shapes
    /// `x` [N, T, D] → [N, T, H].
    pub fn forward(&self, x: Tensor<B, 3>) -> Tensor<B, 3> {
        let [batch, steps, inputs] = x.dims();
        let size = self.hidden_weights.dims()[0];
        let by_time = x.swap_dims(0, 1).reshape([steps * batch, inputs]);
        let from_input = (by_time.matmul(self.input_weights.val()) + self.bias.val().unsqueeze_dim::<2>(0)).reshape([steps, batch, size]);
        let hidden_weights = self.hidden_weights.val();
        let mut hidden: Vec<Tensor<B, 2>> = Vec::with_capacity(steps);
        for step in from_input.split(1, 0) {
            let step = step.reshape([batch, size]);
            let sum = match hidden.last() {
                Some(previous) => step + previous.clone().matmul(hidden_weights.clone()),
                None => step,
            };
            hidden.push(sum.tanh());
        }
        Tensor::stack(hidden, 1)
    }
}
