//! An LSTM layer.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, backend::Backend};

use crate::{Init, ops::Ops};

/// A long short-term memory layer without peepholes, gates in the order i, f, o, g.
#[derive(Module, Debug)]
pub struct Lstm<B: Backend> {
    /// [D, 4H]
    pub input_weights: Param<Tensor<B, 2>>,
    /// [H, 4H]
    pub hidden_weights: Param<Tensor<B, 2>>,
    /// `[4H]`
    pub bias: Param<Tensor<B, 1>>,
}

impl<B: Ops> Lstm<B> {
    /// All parameters from ±1/√hidden: 4 H (D + H + 1) of them.
    pub fn new(inputs: usize, hidden: usize, init: &mut Init<'_, B>) -> Self {
        let bound = (hidden as f32).sqrt().recip();
        Self {
            input_weights: init.uniform([inputs, 4 * hidden], bound),
            hidden_weights: init.uniform([hidden, 4 * hidden], bound),
            bias: init.uniform([4 * hidden], bound),
        }
    }

    /// # Shapes
    /// `x` [N, T, D] → [N, T, H], or [N, T + 1, H] with the last cell state at the end.
    pub fn forward(&self, x: Tensor<B, 3>, with_cell: bool) -> Tensor<B, 3> {
        B::lstm(x, self.input_weights.val(), self.hidden_weights.val(), self.bias.val(), with_cell)
    }
}
