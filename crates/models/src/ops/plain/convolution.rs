//! Convolution, batch normalisation and pooling in plain tensor arithmetic.

use burn::tensor::{Tensor, activation, backend::Backend, module, ops::ConvOptions};
use segno_kernels::{Activation, Padding, Pool, PoolKind, Span};

use crate::ops::{Affine, BatchNorm, Convolution, Normalised};

/// See [`crate::ops::Ops::conv`].
pub fn conv<B: Backend>(x: Tensor<B, 4>, convolution: Convolution<B>) -> Tensor<B, 4> {
    let Convolution { weights, bias, spec } = convolution;
    let [_, _, height, width] = weights.dims();
    let spans = spans(&x, spec.padding, [height, width], spec.stride);
    let x = padded(x, spans, 0.0);
    let y = module::conv2d(x, weights, Some(bias), ConvOptions::new(spec.stride, [0, 0], [1, 1], 1));
    match spec.activation {
        Activation::Linear => y,
        Activation::Relu => activation::relu(y),
        Activation::Elu => activation::elu(y, 1.0),
    }
}

/// See [`crate::ops::Ops::batch_norm_pool`].
pub fn batch_norm_pool<B: Backend>(x: Tensor<B, 4>, norm: BatchNorm<B>, pool: Pool) -> Normalised<B> {
    let (variance, mean) = x.clone().swap_dims(0, 1).flatten::<2>(1, 3).var_mean_bias(1);
    let (mean, variance) = (mean.flatten::<1>(0, 1), variance.flatten::<1>(0, 1));
    // Subtracting the mean first keeps the digits that a factor and a summand would lose.
    let centred = x - by_channel(mean.clone());
    let scale = norm.gamma / (variance.clone() + norm.epsilon).sqrt();
    let output = affine_pool(centred, Affine { scale, shift: norm.beta }, pool);
    Normalised { output, mean: mean.detach(), variance: variance.detach() }
}

/// A factor and a summand a channel, then pooling.
pub fn affine_pool<B: Backend>(x: Tensor<B, 4>, affine: Affine<B>, pool: Pool) -> Tensor<B, 4> {
    pooled(x * by_channel(affine.scale) + by_channel(affine.shift), pool)
}

fn by_channel<B: Backend>(values: Tensor<B, 1>) -> Tensor<B, 4> {
    let channels = values.dims()[0];
    values.reshape([1, channels, 1, 1])
}

fn pooled<B: Backend>(x: Tensor<B, 4>, Pool { kind, window, padding }: Pool) -> Tensor<B, 4> {
    if window == [1, 1] {
        return x; // the largest element and the mean of one are that one
    }
    let [_, _, height, width] = x.dims();
    let spans = spans(&x, padding, window, window);
    let largest = module::max_pool2d(padded(x.clone(), spans, f32::MIN), window, window, [0, 0], [1, 1], false);
    match kind {
        PoolKind::Max => largest,
        PoolKind::MaxAverageMean => {
            let average = |x| module::avg_pool2d(x, window, window, [0, 0], true, false);
            // The share of each window that lies inside the image.
            let inside = average(padded(Tensor::ones([1, 1, height, width], &x.device()), spans, 0.0));
            (largest + average(padded(x, spans, 0.0)) / inside) * 0.5
        }
    }
}

fn spans<B: Backend>(x: &Tensor<B, 4>, padding: Padding, window: [usize; 2], stride: [usize; 2]) -> [Span; 2] {
    let [_, _, height, width] = x.dims();
    let span = |size, axis: usize| {
        padding.span(size, window[axis], stride[axis]).unwrap_or_else(|| panic!("a {window:?} window does not fit into {height} × {width}"))
    };
    [span(height, 0), span(width, 1)]
}

fn padded<B: Backend>(x: Tensor<B, 4>, [rows, columns]: [Span; 2], value: f32) -> Tensor<B, 4> {
    let padding = (columns.before, columns.after, rows.before, rows.after);
    if padding == (0, 0, 0, 0) { x } else { x.pad(padding, value) }
}
