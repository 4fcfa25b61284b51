//! Batch normalisation with running statistics.

use burn::module::{Module, Param, RunningState};
use burn::tensor::{Tensor, backend::Backend};

use crate::ops::{Affine, Normalised, Ops, Pool};
use crate::{Init, Mode, ops};

/// `γ (x - mean) / √(variance + ε) + β`, channel by channel: by the batch's statistics in training, which then enter
/// the running ones with a weight of 1 - [`MOMENTUM`](Self::MOMENTUM); by the running ones in use.
///
/// The batch is normalised by its biased variance, the sum of squares divided by n; what enters the running variance is
/// the unbiased one, divided by n - 1, as in Keras 2 and PyTorch. Running statistics are no parameters: they have no
/// gradient, so that no optimiser, clipping or penalty touches them; they lie in model files and checkpoints all the same.
///
/// # References
/// Ioffe, Szegedy 2015, algorithms 1 and 2; the defaults are those of Keras' `BatchNormalization`.
#[derive(Module, Debug)]
pub struct BatchNorm<B: Backend> {
    /// γ, `[C]`, 1 at first.
    pub gamma: Param<Tensor<B, 1>>,
    /// β, `[C]`, 0 at first.
    pub beta: Param<Tensor<B, 1>>,
    /// Running mean, `[C]`, 0 at first.
    pub mean: RunningState<Tensor<B, 1>>,
    /// Running variance, `[C]`, 1 at first.
    pub variance: RunningState<Tensor<B, 1>>,
}

impl<B: Ops> BatchNorm<B> {
    /// What a step leaves of the running statistics.
    pub const MOMENTUM: f64 = 0.99;
    /// Added to the variance.
    pub const EPSILON: f64 = 1e-3;

    /// 2 C parameters, 2 C running statistics.
    pub fn new(channels: usize, init: &mut Init<'_, B>) -> Self {
        Self {
            gamma: init.constant(channels, 1.0),
            beta: init.constant(channels, 0.0),
            mean: init.running(channels, 0.0),
            variance: init.running(channels, 1.0),
        }
    }

    /// # Shapes
    /// `x` [N, C, H, W] → the same.
    pub fn forward(&self, x: Tensor<B, 4>, mode: &Mode<'_>) -> Tensor<B, 4> {
        match mode {
            Mode::Infer => {
                let Affine { scale, shift } = self.fixed();
                let channels = scale.dims()[0];
                x * scale.reshape([1, channels, 1, 1]) + shift.reshape([1, channels, 1, 1])
            }
            Mode::Train(_) => {
                let [batch, _, height, width] = x.dims();
                self.absorb(B::batch_norm_pool(x, self.tensors(), Pool::NONE), batch * height * width)
            }
        }
    }

    /// # Shapes
    /// `x` [N, C] → the same.
    pub fn forward_flat(&self, x: Tensor<B, 2>, mode: &Mode<'_>) -> Tensor<B, 2> {
        let [batch, channels] = x.dims();
        self.forward(x.reshape([batch, channels, 1, 1]), mode).reshape([batch, channels])
    }

    /// The parameters as the fused operations take them.
    pub(super) fn tensors(&self) -> ops::BatchNorm<B> {
        ops::BatchNorm { gamma: self.gamma.val(), beta: self.beta.val(), epsilon: Self::EPSILON }
    }

    /// The normalisation by the running statistics.
    pub(super) fn fixed(&self) -> Affine<B> {
        self.tensors().fixed(self.mean.value(), self.variance.value())
    }

    /// Takes a batch's statistics, over `count` elements a channel, into the running ones; gives the output on.
    pub(super) fn absorb(&self, batch: Normalised<B>, count: usize) -> Tensor<B, 4> {
        let unbiased = batch.variance.mul_scalar(count as f64 / (count.max(2) - 1) as f64);
        for (running, new) in [(&self.mean, batch.mean), (&self.variance, unbiased)] {
            running.update(running.value().mul_scalar(Self::MOMENTUM) + new.mul_scalar(1.0 - Self::MOMENTUM));
            running.value_sync(); // an update waits until it is asked for
        }
        batch.output
    }
}
