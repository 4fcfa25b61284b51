//! The operations on Flex, the CPU backend: kernels of `segno-kernels`, and their places in the autodiff graph.

mod block;
mod conv;
mod lstm;
mod norm_pool;

use burn::backend::{Autodiff, Flex, autodiff::checkpoint::strategy::CheckpointStrategy};
use burn::tensor::{Tensor, TensorData, TensorPrimitive::Float, backend::Backend, ops::FloatTensor};
use burn_flex::FlexTensor;
use segno_kernels::{Pool, Statistics};

use super::{Affine, BatchNorm, Convolution, Normalised, Ops};

impl Ops for Flex {
    fn lstm(
        x: Tensor<Self, 3>,
        input_weights: Tensor<Self, 2>,
        hidden_weights: Tensor<Self, 2>,
        bias: Tensor<Self, 1>,
        with_cell: bool,
    ) -> Tensor<Self, 3> {
        typed(lstm::run([primitive(x), primitive(input_weights), primitive(hidden_weights), primitive(bias)], with_cell))
    }

    fn conv(x: Tensor<Self, 4>, Convolution { weights, bias, spec }: Convolution<Self>) -> Tensor<Self, 4> {
        typed(conv::run([primitive(x), primitive(weights), primitive(bias)], spec))
    }

    fn batch_norm_pool(x: Tensor<Self, 4>, BatchNorm { gamma, beta, epsilon }: BatchNorm<Self>, pool: Pool) -> Normalised<Self> {
        let (output, statistics) = norm_pool::run([primitive(x), primitive(gamma), primitive(beta)], epsilon, pool);
        normalised(output, statistics)
    }

    fn conv_norm_pool(
        x: Tensor<Self, 4>,
        Convolution { weights, bias, spec }: Convolution<Self>,
        BatchNorm { gamma, beta, epsilon }: BatchNorm<Self>,
        pool: Pool,
    ) -> Normalised<Self> {
        let inputs = [primitive(x), primitive(weights), primitive(bias), primitive(gamma), primitive(beta)];
        let (output, statistics) = block::run(inputs, spec, epsilon, pool);
        normalised(output, statistics)
    }

    fn conv_affine_pool(
        x: Tensor<Self, 4>,
        Convolution { weights, bias, spec }: Convolution<Self>,
        Affine { scale, shift }: Affine<Self>,
        pool: Pool,
    ) -> Tensor<Self, 4> {
        typed(block::infer([primitive(x), primitive(weights), primitive(bias), primitive(scale), primitive(shift)], spec, pool))
    }
}

impl<C: CheckpointStrategy> Ops for Autodiff<Flex, C> {
    fn lstm(
        x: Tensor<Self, 3>,
        input_weights: Tensor<Self, 2>,
        hidden_weights: Tensor<Self, 2>,
        bias: Tensor<Self, 1>,
        with_cell: bool,
    ) -> Tensor<Self, 3> {
        typed(lstm::track::<C>([primitive(x), primitive(input_weights), primitive(hidden_weights), primitive(bias)], with_cell))
    }

    fn conv(x: Tensor<Self, 4>, Convolution { weights, bias, spec }: Convolution<Self>) -> Tensor<Self, 4> {
        typed(conv::track::<C>([primitive(x), primitive(weights), primitive(bias)], spec))
    }

    fn batch_norm_pool(x: Tensor<Self, 4>, BatchNorm { gamma, beta, epsilon }: BatchNorm<Self>, pool: Pool) -> Normalised<Self> {
        let (output, statistics) = norm_pool::track::<C>([primitive(x), primitive(gamma), primitive(beta)], epsilon, pool);
        tracked(output, statistics)
    }

    fn conv_norm_pool(
        x: Tensor<Self, 4>,
        Convolution { weights, bias, spec }: Convolution<Self>,
        BatchNorm { gamma, beta, epsilon }: BatchNorm<Self>,
        pool: Pool,
    ) -> Normalised<Self> {
        let inputs = [primitive(x), primitive(weights), primitive(bias), primitive(gamma), primitive(beta)];
        let (output, statistics) = block::track::<C>(inputs, spec, epsilon, pool);
        tracked(output, statistics)
    }
}

/// A tensor below Burn's typed shell.
fn primitive<B: Backend, const D: usize>(tensor: Tensor<B, D>) -> FloatTensor<B> {
    tensor.into_primitive().tensor()
}

/// A tensor back in Burn's typed shell.
fn typed<B: Backend, const D: usize>(tensor: FloatTensor<B>) -> Tensor<B, D> {
    Tensor::from_primitive(Float(tensor))
}

fn from_values<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn normalised(output: FlexTensor, Statistics { mean, variance }: Statistics) -> Normalised<Flex> {
    let channels = mean.len();
    let of = |values| typed(from_values(values, [channels]));
    Normalised { output: typed(output), mean: of(mean), variance: of(variance) }
}

/// Statistics enter the graph as constants.
fn tracked<C: CheckpointStrategy>(
    output: FloatTensor<Autodiff<Flex, C>>,
    Statistics { mean, variance }: Statistics,
) -> Normalised<Autodiff<Flex, C>> {
    let channels = mean.len();
    let of = |values| Tensor::from_inner(typed(from_values(values, [channels])));
    Normalised { output: typed(output), mean: of(mean), variance: of(variance) }
}

/// The sizes of an image tensor, [N, C, H, W].
fn sizes(tensor: &FlexTensor) -> [usize; 4] {
    let shape = tensor.layout().shape();
    [shape[0], shape[1], shape[2], shape[3]]
}
