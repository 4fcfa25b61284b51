//! What the convolutional operations of [`super::Ops`] take and give.

use burn::tensor::{Tensor, backend::Backend};
use segno_kernels::ConvSpec;

/// A convolution with its parameters.
#[derive(Clone, Debug)]
pub struct Convolution<B: Backend> {
    /// [O, C, KH, KW]
    pub weights: Tensor<B, 4>,
    /// `[O]`
    pub bias: Tensor<B, 1>,
    /// Stride, padding, activation.
    pub spec: ConvSpec,
}

/// A batch normalisation with its parameters: `γ (x - mean) / √(variance + ε) + β`, channel by channel.
#[derive(Clone, Debug)]
pub struct BatchNorm<B: Backend> {
    /// γ, `[C]`
    pub gamma: Tensor<B, 1>,
    /// β, `[C]`
    pub beta: Tensor<B, 1>,
    /// ε, added to the variance; Keras' default is 1e-3.
    pub epsilon: f64,
}

impl<B: Backend> BatchNorm<B> {
    /// The normalisation by fixed statistics, `[C]` each, as one factor and one summand a channel.
    pub fn fixed(self, mean: Tensor<B, 1>, variance: Tensor<B, 1>) -> Affine<B> {
        let scale = self.gamma / (variance + self.epsilon).sqrt();
        let shift = self.beta - mean * scale.clone();
        Affine { scale, shift }
    }
}

/// A factor and a summand a channel: a batch normalisation whose statistics are fixed.
#[derive(Clone, Debug)]
pub struct Affine<B: Backend> {
    /// `[C]`
    pub scale: Tensor<B, 1>,
    /// `[C]`
    pub shift: Tensor<B, 1>,
}

/// What batch normalisation gives in training.
#[derive(Clone, Debug)]
pub struct Normalised<B: Backend> {
    /// Normalised and pooled, [N, C, H', W'].
    pub output: Tensor<B, 4>,
    /// The batch's mean, `[C]`, for the running statistics: no gradient passes through it.
    pub mean: Tensor<B, 1>,
    /// The batch's variance, `[C]`, the sum of squares divided by N·H·W (biased); no gradient either.
    pub variance: Tensor<B, 1>,
}
