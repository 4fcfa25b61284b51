//! A block of a convolutional network.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, backend::Backend};

use super::BatchNorm;
use crate::ops::{self, ConvSpec, Convolution, Ops, Padding, Pool, PoolKind};
use crate::{ConvActivation, ConvBlockConfig, Init, Mode, Pooling};

/// Convolution, activation, batch normalisation, pooling; padding is Keras' `same` throughout.
///
/// # References
/// Li 2019, Figure 1.
#[derive(Module, Debug)]
pub struct ConvBlock<B: Backend> {
    /// [O, C, KH, KW]
    pub weights: Param<Tensor<B, 4>>,
    /// `[O]`
    pub bias: Param<Tensor<B, 1>>,
    /// Over O channels.
    pub norm: BatchNorm<B>,
    #[module(skip)]
    spec: ConvSpec,
    #[module(skip)]
    pool: Pool,
}

impl<B: Ops> ConvBlock<B> {
    /// O (C·KH·KW + 3) parameters, 2 O running statistics.
    pub fn new(channels: usize, config: &ConvBlockConfig, init: &mut Init<'_, B>) -> Self {
        let ConvBlockConfig { maps, kernel: [height, width], stride, activation, pool } = *config;
        let activation = match activation {
            ConvActivation::Relu => ops::Activation::Relu,
            ConvActivation::Elu => ops::Activation::Elu,
        };
        let (kind, window) = match pool {
            Pooling::Max(window) => (PoolKind::Max, window),
            Pooling::MaxAverageMean(window) => (PoolKind::MaxAverageMean, window),
        };
        Self {
            weights: init.glorot_normal([maps, channels, height, width], channels * height * width, maps * height * width),
            bias: init.constant(maps, 0.0),
            norm: BatchNorm::new(maps, init),
            spec: ConvSpec { stride, padding: Padding::Same, activation },
            pool: Pool { kind, window, padding: Padding::Same },
        }
    }

    /// Feature maps that come out.
    pub fn maps(&self) -> usize {
        self.bias.dims()[0]
    }

    /// [height, width] of what an image of this size becomes.
    pub fn output(&self, image: [usize; 2]) -> [usize; 2] {
        let convolved = self.convolved(image);
        [0, 1].map(|axis| convolved[axis].div_ceil(self.pool.window[axis]))
    }

    fn convolved(&self, image: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|axis| image[axis].div_ceil(self.spec.stride[axis]))
    }

    /// # Shapes
    /// `x` [N, C, H, W] → [N, O, H', W'], H' and W' by [`ConvBlock::output`].
    pub fn forward(&self, x: Tensor<B, 4>, mode: &Mode<'_>) -> Tensor<B, 4> {
        let [batch, _, height, width] = x.dims();
        let convolution = Convolution { weights: self.weights.val(), bias: self.bias.val(), spec: self.spec };
        match mode {
            Mode::Infer => B::conv_affine_pool(x, convolution, self.norm.fixed(), self.pool),
            Mode::Train(_) => {
                let [rows, columns] = self.convolved([height, width]);
                self.norm.absorb(B::conv_norm_pool(x, convolution, self.norm.tensors(), self.pool), batch * rows * columns)
            }
        }
    }
}
