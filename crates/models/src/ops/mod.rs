//! Operations that a backend may fuse.
//!
//! The default bodies of [`Ops`] are plain tensor operations: differentiable, right on any backend, and the
//! oracle of the fused versions. Flex, the CPU backend, runs them on `segno-kernels`.

mod flex;
mod plain;
#[cfg(test)]
mod tests;

use burn::backend::{Autodiff, NdArray, autodiff::checkpoint::strategy::CheckpointStrategy};
use burn::tensor::{
    Tensor,
    backend::{AutodiffBackend, Backend},
};

/// A backend with the operations that the networks ask for.
pub trait Ops: Backend {
    /// A whole LSTM layer from zero states, without peepholes; gates in the order i, f, o, g.
    ///
    /// # Shapes
    /// `x` [N, T, D], `input_weights` [D, 4H], `hidden_weights` [H, 4H], `bias` `[4H]` → hidden states [N, T, H]; with
    /// `with_cell` the cell state after the last step follows them: [N, T + 1, H].
    ///
    /// # References
    /// Irvin, Chartock, Hollander 2016, section 3.2.2.
    fn lstm(
        x: Tensor<Self, 3>,
        input_weights: Tensor<Self, 2>,
        hidden_weights: Tensor<Self, 2>,
        bias: Tensor<Self, 1>,
        with_cell: bool,
    ) -> Tensor<Self, 3> {
        plain::lstm(x, input_weights, hidden_weights, bias, with_cell)
    }
}

/// A backend to train on: differentiable itself, its inner backend for validation.
pub trait TrainBackend: AutodiffBackend<InnerBackend: Ops> + Ops {}
impl<B: AutodiffBackend<InnerBackend: Ops> + Ops> TrainBackend for B {}

impl Ops for NdArray {}
impl<C: CheckpointStrategy> Ops for Autodiff<NdArray, C> {}

#[cfg(feature = "cuda")]
impl Ops for burn::backend::Cuda {}
#[cfg(feature = "cuda")]
impl<C: CheckpointStrategy> Ops for Autodiff<burn::backend::Cuda, C> {}
