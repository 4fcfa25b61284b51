//! Operations that a backend may fuse.
//!
//! The default bodies of [`Ops`] are plain tensor operations: differentiable, right on any backend, and the
//! oracle of the fused versions. Flex, the CPU backend, runs them on `segno-kernels`.

mod convolution;
mod flex;
mod plain;
#[cfg(test)]
mod tests;

use burn::backend::{Autodiff, NdArray, autodiff::checkpoint::strategy::CheckpointStrategy};
use burn::tensor::{
    Tensor,
    backend::{AutodiffBackend, Backend},
};

pub use convolution::{Affine, BatchNorm, Convolution, Normalised};
pub use segno_kernels::{Activation, ConvSpec, Padding, Pool, PoolKind, Span};

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

    /// A convolution (the filters are not turned round, as in all frameworks) and its activation.
    ///
    /// # Shapes
    /// `x` [N, C, H, W] → [N, O, H', W'], H' and W' by [`Padding::span`].
    ///
    /// # Panics
    /// When the channels differ, or with [`Padding::Valid`] the filter is larger than the image.
    fn conv(x: Tensor<Self, 4>, convolution: Convolution<Self>) -> Tensor<Self, 4> {
        plain::conv(x, convolution)
    }

    /// Batch normalisation by the statistics of this batch, then pooling: training mode.
    ///
    /// # Shapes
    /// `x` [N, C, H, W] → [N, C, H', W'], H' and W' by [`Padding::span`] of the pool's window; the same H and W with [`Pool::NONE`].
    ///
    /// # Panics
    /// As [`Ops::conv`].
    ///
    /// # References
    /// Ioffe, Szegedy 2015, algorithm 1.
    fn batch_norm_pool(x: Tensor<Self, 4>, norm: BatchNorm<Self>, pool: Pool) -> Normalised<Self> {
        plain::batch_norm_pool(x, norm, pool)
    }

    /// [`Ops::conv`], then [`Ops::batch_norm_pool`]: a block of a network in training. Fused, it keeps neither the
    /// normalised image nor the gradients between the two.
    fn conv_norm_pool(x: Tensor<Self, 4>, convolution: Convolution<Self>, norm: BatchNorm<Self>, pool: Pool) -> Normalised<Self> {
        Self::batch_norm_pool(Self::conv(x, convolution), norm, pool)
    }

    /// [`Ops::conv`], then a factor and a summand a channel ([`BatchNorm::fixed`]), then pooling: the same block in use.
    fn conv_affine_pool(x: Tensor<Self, 4>, convolution: Convolution<Self>, affine: Affine<Self>, pool: Pool) -> Tensor<Self, 4> {
        plain::affine_pool(Self::conv(x, convolution), affine, pool)
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

/// CUDA in mixed precision: tensors are single, products may be taken in half precision (CubeCL's `flex32`), which
/// tensor cores do.
#[cfg(feature = "cuda")]
pub type CudaMixed = burn::backend::Cuda<burn_std::flex32, i32>;
#[cfg(feature = "cuda")]
impl Ops for CudaMixed {}
#[cfg(feature = "cuda")]
impl<C: CheckpointStrategy> Ops for Autodiff<CudaMixed, C> {}
