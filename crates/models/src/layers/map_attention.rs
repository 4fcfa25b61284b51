//! Attention over feature maps: the paper's, and the module that its published code holds unconnected.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid, softmax},
    backend::Backend,
};

use crate::Init;
use crate::ops::{Activation, ConvSpec, Convolution, Ops, Padding};

/// Each map is a vector x of H·W values; `α = softmax over the maps of Wᵀx`, and `Σ α x` is appended as one map more.
///
/// # References
/// Li 2019, section 2.2 and Figure 1; that the sequence is the maps follows from the figure's shapes, (4, 4) for the
/// attention and (4, 4, 513) behind it.
#[derive(Module, Debug)]
pub struct MapAttention<B: Backend> {
    /// W, [H·W, 1]
    pub score: Param<Tensor<B, 2>>,
}

impl<B: Backend> MapAttention<B> {
    /// H·W parameters.
    pub fn new(places: usize, init: &mut Init<'_, B>) -> Self {
        Self { score: init.glorot_normal([places, 1], places, 1) }
    }

    /// The attention weights α.
    ///
    /// # Shapes
    /// `maps` [N, C, H·W] → [N, C], each row a distribution.
    pub fn weights(&self, maps: Tensor<B, 3>) -> Tensor<B, 2> {
        softmax(maps.matmul(self.score.val().unsqueeze_dim::<3>(0)).squeeze_dim::<2>(2), 1)
    }

    /// # Shapes
    /// `x` [N, C, H, W] → [N, C + 1, H, W].
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        let [batch, channels, height, width] = x.dims();
        let maps = x.clone().reshape([batch, channels, height * width]);
        let sum = self.weights(maps.clone()).unsqueeze_dim::<3>(1).matmul(maps);
        Tensor::cat(vec![x, sum.reshape([batch, 1, height, width])], 1)
    }
}

/// Weighs maps, then places: `x · σ(M(mean x) + M(max x))` with a network M of two dense layers over the maps, then
/// `x · σ(convolution of [mean, max] over the maps)`.
///
/// A variant: Li 2019's published code has such a module without connecting it. It stands behind the last block.
///
/// # References
/// Woo et al. 2018, section 3.
#[derive(Module, Debug)]
pub struct ChannelSpatial<B: Backend> {
    /// C → C / reduction
    pub narrow: Linear<B>,
    /// C / reduction → C
    pub widen: Linear<B>,
    /// [1, 2, K, K]: over mean and maximum
    pub spatial: Param<Tensor<B, 4>>,
    /// `[1]`
    pub spatial_bias: Param<Tensor<B, 1>>,
}

impl<B: Ops> ChannelSpatial<B> {
    /// With n = C / reduction: n (C + 1) + C (n + 1) + 2 K² + 1 parameters.
    pub fn new(channels: usize, reduction: usize, kernel: usize, init: &mut Init<'_, B>) -> Self {
        let narrowed = channels / reduction;
        Self {
            narrow: init.glorot_linear(channels, narrowed),
            widen: init.glorot_linear(narrowed, channels),
            spatial: init.glorot_normal([1, 2, kernel, kernel], 2 * kernel * kernel, kernel * kernel),
            spatial_bias: init.constant(1, 0.0),
        }
    }

    /// # Shapes
    /// `x` [N, C, H, W] → the same.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        let [batch, channels, height, width] = x.dims();
        let maps = x.clone().reshape([batch, channels, height * width]);
        let network = |summary: Tensor<B, 3>| self.widen.forward(relu(self.narrow.forward(summary.squeeze_dim::<2>(2))));
        let channel = sigmoid(network(maps.clone().mean_dim(2)) + network(maps.max_dim(2)));
        let x = x * channel.reshape([batch, channels, 1, 1]);
        let summaries = Tensor::cat(vec![x.clone().mean_dim(1), x.clone().max_dim(1)], 1);
        let spec = ConvSpec { stride: [1, 1], padding: Padding::Same, activation: Activation::Linear };
        let convolution = Convolution { weights: self.spatial.val(), bias: self.spatial_bias.val(), spec };
        x * sigmoid(B::conv(summaries, convolution))
    }
}
