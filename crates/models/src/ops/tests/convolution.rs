//! The fused convolution, normalisation and block against the plain ones.

use burn::tensor::{
    Tensor,
    backend::{AutodiffBackend, Backend},
};
use proptest::prelude::*;

use super::{B, agree, leaf};
use crate::ops::{Activation, Affine, BatchNorm, ConvSpec, Convolution, Normalised, Ops, Padding, Pool, PoolKind, plain};

type Inner = <B as AutodiffBackend>::InnerBackend;

fn of<T: Backend, const D: usize>(tensor: Tensor<T, D>) -> Vec<f32> {
    tensor.into_data().to_vec().expect("f32 tensors")
}

/// The leaves of a block: x, weights, bias, γ, β.
struct Leaves {
    x: Tensor<B, 4>,
    weights: Tensor<B, 4>,
    vectors: [Tensor<B, 1>; 3],
}

impl Leaves {
    fn new(x: [usize; 4], filters: usize, kernel: [usize; 2], seed: u32) -> Self {
        Self {
            x: leaf(x, seed),
            weights: leaf([filters, x[1], kernel[0], kernel[1]], seed + 1),
            vectors: [2, 3, 4].map(|salt| leaf([filters], seed + salt)),
        }
    }

    fn convolution(&self, spec: ConvSpec) -> Convolution<B> {
        Convolution { weights: self.weights.clone(), bias: self.vectors[0].clone(), spec }
    }

    fn norm(&self) -> BatchNorm<B> {
        BatchNorm { gamma: self.vectors[1].clone(), beta: self.vectors[2].clone(), epsilon: 1e-3 }
    }

    /// A result and the gradients of the leaves it depends on.
    fn with_gradients(&self, y: Tensor<B, 4>) -> Vec<Vec<f32>> {
        let gradients = (y.clone() * leaf(y.dims(), 99)).sum().backward();
        let mut all = vec![of(y)];
        all.extend(self.x.grad(&gradients).map(of));
        all.extend(self.weights.grad(&gradients).map(of));
        all.extend(self.vectors.iter().filter_map(|vector| vector.grad(&gradients)).map(of));
        all
    }

    fn with_statistics(&self, Normalised { output, mean, variance }: Normalised<B>) -> Vec<Vec<f32>> {
        let mut all = self.with_gradients(output);
        all.extend([of(mean), of(variance)]);
        all
    }
}

fn padding() -> impl Strategy<Value = Padding> {
    prop_oneof![Just(Padding::Same), Just(Padding::Valid)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn fused_blocks_agree_with_plain_ones(
        batch in 1usize..5, channels in 1usize..6, filters in 1usize..5, size in prop::array::uniform2(4usize..11),
        kernel in prop::array::uniform2(1usize..4), stride in prop::array::uniform2(1usize..4),
        activation in prop_oneof![Just(Activation::Linear), Just(Activation::Relu), Just(Activation::Elu)], spec_padding in padding(),
        pool_padding in padding(), window in prop::array::uniform2(1usize..4),
        kind in prop_oneof![Just(PoolKind::Max), Just(PoolKind::MaxAverageMean)], seed in 0u32..1000,
    ) {
        let spec = ConvSpec { stride, padding: spec_padding, activation };
        let span = |axis: usize| spec.padding.span(size[axis], kernel[axis], stride[axis]).expect("kernels are smaller than images");
        let fits = window[0] <= span(0).output && window[1] <= span(1).output;
        let pool = Pool { kind, window, padding: if fits { pool_padding } else { Padding::Same } };
        // Leaves of its own for every graph: a backward pass consumes what it went through.
        let leaves = || Leaves::new([batch, channels, size[0], size[1]], filters, kernel, seed);
        let images = || Leaves::new([batch, filters, size[0], size[1]], filters, kernel, seed + 50);

        let (fused, stock) = (leaves(), leaves());
        let of_fused = fused.with_gradients(B::conv(fused.x.clone(), fused.convolution(spec)));
        agree(&of_fused, &stock.with_gradients(plain::conv(stock.x.clone(), stock.convolution(spec))))?;

        let (fused, stock) = (images(), images());
        let of_fused = fused.with_statistics(B::batch_norm_pool(fused.x.clone(), fused.norm(), pool));
        agree(&of_fused, &stock.with_statistics(plain::batch_norm_pool(stock.x.clone(), stock.norm(), pool)))?;

        let (fused, stock) = (leaves(), leaves());
        let normed = B::conv_norm_pool(fused.x.clone(), fused.convolution(spec), fused.norm(), pool);
        let Affine { scale, shift } = fused.norm().fixed(normed.mean.clone(), normed.variance.clone());
        let (scale, shift) = (scale.inner(), shift.inner());
        let of_stock = plain::batch_norm_pool(plain::conv(stock.x.clone(), stock.convolution(spec)), stock.norm(), pool);
        agree(&fused.with_statistics(normed), &stock.with_statistics(of_stock))?;

        // In use: the same statistics, fixed.
        let inner = || Convolution::<Inner> { weights: fused.weights.clone().inner(), bias: fused.vectors[0].clone().inner(), spec };
        let affine = Affine { scale, shift };
        let of_fused = Inner::conv_affine_pool(fused.x.clone().inner(), inner(), affine.clone(), pool);
        let of_stock = plain::affine_pool(plain::conv(fused.x.clone().inner(), inner()), affine, pool);
        agree(&[of(of_fused)], &[of(of_stock)])?;
    }
}

#[test]
fn statistics_carry_no_gradient() {
    let spec = ConvSpec { stride: [1, 1], padding: Padding::Same, activation: Activation::Relu };
    for fused in [true, false] {
        let leaves = Leaves::new([2, 3, 6, 6], 4, [2, 2], 1);
        let normed = if fused {
            B::conv_norm_pool(leaves.x.clone(), leaves.convolution(spec), leaves.norm(), Pool::NONE)
        } else {
            plain::batch_norm_pool(plain::conv(leaves.x.clone(), leaves.convolution(spec)), leaves.norm(), Pool::NONE)
        };
        let gradients = (normed.mean + normed.variance).sum().backward();
        assert!(leaves.x.grad(&gradients).is_none());
    }
}
