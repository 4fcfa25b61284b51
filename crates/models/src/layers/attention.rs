//! Soft attention over the states of a recurrent network.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Tensor, activation::softmax, backend::Backend};

use crate::Init;

/// Attends to the hidden states with the last cell state as the query:
/// `α_t = softmax_t(c_T · h_t)`, `c = Σ α_t h_t`, `h~ = tanh(W_c [c; c_T] + b)`.
///
/// # References
/// Irvin, Chartock, Hollander 2016, section 3.2.3.
#[derive(Module, Debug)]
pub struct Attention<B: Backend> {
    /// W_c, [2H, H], and its bias.
    pub combine: Linear<B>,
}

impl<B: Backend> Attention<B> {
    /// H (2H + 1) parameters.
    pub fn new(hidden: usize, init: &mut Init<'_, B>) -> Self {
        Self { combine: init.linear(2 * hidden, hidden) }
    }

    /// The attention weights α.
    ///
    /// # Shapes
    /// `hidden` [N, T, H], `last_cell` [N, H] → [N, T], each row a distribution.
    pub fn weights(hidden: Tensor<B, 3>, last_cell: Tensor<B, 2>) -> Tensor<B, 2> {
        let scores = hidden.matmul(last_cell.unsqueeze_dim::<3>(2)).squeeze_dim::<2>(2);
        softmax(scores, 1)
    }

    /// # Shapes
    /// `hidden` [N, T, H], `last_cell` [N, H] → [N, H].
    pub fn forward(&self, hidden: Tensor<B, 3>, last_cell: Tensor<B, 2>) -> Tensor<B, 2> {
        let weights = Self::weights(hidden.clone(), last_cell.clone());
        let context = weights.unsqueeze_dim::<3>(1).matmul(hidden).squeeze_dim::<2>(1);
        self.combine.forward(Tensor::cat(vec![context, last_cell], 1)).tanh()
    }
}
