//! Convolution, batch normalisation and pooling by the textbook, in f64.

use proptest::prelude::*;
use segno_kernels::{
    Activation, ConvShape, Norm, Pool, PoolKind, block_backward, block_forward, block_infer, conv_backward, conv_forward,
    norm_pool_backward, norm_pool_forward,
};

pub fn values(count: usize, seed: u32) -> Vec<f32> {
    (0..count as u32)
        .map(|i| {
            let mixed = i.wrapping_add(seed.wrapping_mul(40_503)).wrapping_mul(2_654_435_761);
            let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519);
            f32::from((mixed >> 16) as u16) / 65_536.0 - 0.5
        })
        .collect()
}

pub const EPSILON: f32 = 1e-3;

/// Input, weights, bias, γ, β.
type Parameters = [Vec<f64>; 5];

/// A block's sizes, its given parameters, and the gradient behind it.
#[derive(Debug)]
pub struct Case {
    pub shape: ConvShape,
    pub pool: Pool,
    pub given: [Vec<f32>; 5],
    pub up: Vec<f32>,
}

impl Case {
    pub fn new(shape: ConvShape, pool: Pool, seed: u32) -> Self {
        let patch = shape.channels * shape.kernel[0] * shape.kernel[1];
        let counts = [
            shape.batch * shape.channels * shape.size[0] * shape.size[1],
            shape.filters * patch,
            shape.filters,
            shape.filters,
            shape.filters,
        ];
        let given = [0, 1, 2, 3, 4].map(|field| values(counts[field], seed + field as u32));
        let mut case = Self { shape, pool, given, up: vec![] };
        case.up = values(case.normed(&case.exact()).0.len(), seed + 9);
        case
    }

    fn exact(&self) -> Parameters {
        self.given.each_ref().map(|values| values.iter().map(|&value| f64::from(value)).collect())
    }

    pub fn norm(&self) -> Norm<'_> {
        Norm { gamma: &self.given[3], beta: &self.given[4], epsilon: EPSILON }
    }

    /// Convolution and activation, [N, O, H', W'].
    fn convolved(&self, [input, weights, bias, ..]: &Parameters) -> Vec<f64> {
        let ConvShape { batch, channels, size: [height, width], filters, kernel: [tall, wide], spec } = self.shape;
        let span = |size, axis: usize| spec.padding.span(size, self.shape.kernel[axis], spec.stride[axis]).unwrap();
        let (rows, columns) = (span(height, 0), span(width, 1));
        let mut out = vec![];
        for n in 0..batch {
            for o in 0..filters {
                for y in 0..rows.output {
                    for x in 0..columns.output {
                        let mut sum = bias[o];
                        for c in 0..channels {
                            for ky in 0..tall {
                                for kx in 0..wide {
                                    let (row, column) = (y * spec.stride[0] + ky, x * spec.stride[1] + kx);
                                    if (rows.before..rows.before + height).contains(&row)
                                        && (columns.before..columns.before + width).contains(&column)
                                    {
                                        let at = ((n * channels + c) * height + row - rows.before) * width + column - columns.before;
                                        sum += input[at] * weights[((o * channels + c) * tall + ky) * wide + kx];
                                    }
                                }
                            }
                        }
                        out.push(match spec.activation {
                            Activation::Linear => sum,
                            Activation::Relu => sum.max(0.0),
                            Activation::Elu => {
                                if sum > 0.0 {
                                    sum
                                } else {
                                    sum.exp() - 1.0
                                }
                            }
                        });
                    }
                }
            }
        }
        out
    }

    /// Normalised and pooled, with means and variances.
    fn normed_image(&self, image: &[f64], size: [usize; 2], [.., gamma, beta]: &Parameters) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let (channels, plane) = (gamma.len(), size[0] * size[1]);
        let batch = image.len() / (channels * plane);
        let of = |n: usize, c: usize| &image[(n * channels + c) * plane..][..plane];
        let count = (batch * plane) as f64;
        let mean: Vec<f64> = (0..channels).map(|c| (0..batch).flat_map(|n| of(n, c)).sum::<f64>() / count).collect();
        let variance: Vec<f64> =
            (0..channels).map(|c| (0..batch).flat_map(|n| of(n, c)).map(|x| (x - mean[c]).powi(2)).sum::<f64>() / count).collect();
        let window = self.pool.window;
        let spans = [0, 1].map(|axis| self.pool.padding.span(size[axis], window[axis], window[axis]).unwrap());
        let inside = |axis: usize, place: usize| {
            (place * window[axis]).saturating_sub(spans[axis].before)..((place + 1) * window[axis] - spans[axis].before).min(size[axis])
        };
        let mut out = vec![];
        for n in 0..batch {
            for c in 0..channels {
                for y in 0..spans[0].output {
                    for x in 0..spans[1].output {
                        let window: Vec<f64> = inside(0, y)
                            .flat_map(|row| inside(1, x).map(move |column| row * size[1] + column))
                            .map(|at| gamma[c] * (of(n, c)[at] - mean[c]) / (variance[c] + f64::from(EPSILON)).sqrt() + beta[c])
                            .collect();
                        let largest = window.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                        let average = window.iter().sum::<f64>() / window.len() as f64;
                        out.push(if self.pool.kind == PoolKind::Max { largest } else { 0.5 * (largest + average) });
                    }
                }
            }
        }
        (out, mean, variance)
    }

    fn normed(&self, parameters: &Parameters) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        self.normed_image(&self.convolved(parameters), self.shape.output(), parameters)
    }

    /// The derivative of Σ result · up by one element of one field; none beside a kink, where two values of a window are so
    /// near that rounding to f32 decides which is the largest. `scale` is that of the field's derivatives.
    fn difference(&self, result: impl Fn(&Parameters) -> Vec<f64>, up: &[f32], field: usize, at: usize, scale: f64) -> Option<f64> {
        let (near, step) = (1e-5, 1e-6);
        let loss = |by: f64| {
            let mut parameters = self.exact();
            parameters[field][at] += by;
            result(&parameters).iter().zip(up).map(|(y, up)| y * f64::from(*up)).sum::<f64>()
        };
        let here = loss(0.0);
        let (left, right) = ((here - loss(-near)) / near, (loss(near) - here) / near);
        ((left - right).abs() <= 1e-3 * scale).then(|| (loss(step) - loss(-step)) / (2.0 * step))
    }

    /// Everything the crate computes of a block against the textbook.
    pub fn check(&self) -> Result<(), TestCaseError> {
        let Self { shape, pool, given: [input, weights, bias, gamma, _], up } = self;
        let exact = self.exact();
        // The convolution by itself.
        let image = conv_forward(*shape, input, weights, bias);
        close("convolution", &image, &self.convolved(&exact), 1e-5)?;
        let up_image = values(image.len(), 77);
        let gradients = conv_backward(*shape, input, weights, &image, &up_image, true);
        let fields = [gradients.input.as_ref().unwrap(), &gradients.weights, &gradients.bias];
        for (field, got) in fields.into_iter().enumerate() {
            for at in spread(got.len()) {
                if let Some(expected) = self.difference(|parameters| self.convolved(parameters), &up_image, field, at, largest(got)) {
                    near("convolution's gradient", field, at, got[at], expected, largest(got))?;
                }
            }
        }
        // Normalisation and pooling by themselves.
        let (normed, mean, variance) = self.normed(&exact);
        let half = norm_pool_forward(&image, shape.output(), self.norm(), *pool);
        close("normalised", &half.output, &normed, 1e-4)?;
        close("mean", &half.statistics.mean, &mean, 1e-5)?;
        close("variance", &half.statistics.variance, &variance, 1e-5)?;
        let back = norm_pool_backward(&image, shape.output(), gamma, EPSILON, *pool, &half.statistics, &half.largest, up);
        // The block.
        let block = block_forward(*shape, input, weights, bias, self.norm(), *pool);
        close("block", &block.output, &normed, 1e-4)?;
        close("block's variance", &block.statistics.variance, &variance, 1e-5)?;
        let gradients = block_backward(*shape, input, weights, bias, self.norm(), *pool, &block.state, up, true);
        let fields = [
            gradients.convolution.input.as_ref().unwrap(),
            &gradients.convolution.weights,
            &gradients.convolution.bias,
            &gradients.gamma,
            &gradients.beta,
        ];
        for (field, got) in fields.into_iter().enumerate() {
            for at in spread(got.len()) {
                if let Some(expected) = self.difference(|parameters| self.normed(parameters).0, up, field, at, largest(got)) {
                    near("block's gradient", field, at, got[at], expected, largest(got))?;
                }
            }
        }
        // The two halves one after the other are the block.
        let halves = conv_backward(*shape, input, weights, &image, &back.input, true);
        let exact_of = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<_>>();
        close("γ of the half", &back.gamma, &exact_of(&gradients.gamma), 1e-4)?;
        close("β of the half", &back.beta, &exact_of(&gradients.beta), 1e-4)?;
        close("input of the halves", &halves.input.unwrap(), &exact_of(gradients.convolution.input.as_ref().unwrap()), 1e-4)?;
        // The block in use, with the batch's statistics fixed.
        let affine: Vec<[f32; 2]> = (0..shape.filters)
            .map(|c| {
                let scale = gamma[c] / (block.statistics.variance[c] + EPSILON).sqrt();
                [scale, self.given[4][c] - block.statistics.mean[c] * scale]
            })
            .collect();
        close("block in use", &block_infer(*shape, input, weights, bias, &affine, *pool), &normed, 1e-4)
    }
}

/// The scale of a field: of one whose values cancel to nothing, as a bias before a normalisation, what they are sums of.
fn largest(values: &[f32]) -> f64 {
    values.iter().fold(1e-1, |largest, &value| f64::from(value.abs()).max(largest))
}

/// Some elements of a field.
fn spread(count: usize) -> [usize; 4] {
    [0, count / 3, count / 2, count - 1]
}

fn near(name: &str, field: usize, at: usize, got: f32, expected: f64, largest: f64) -> Result<(), TestCaseError> {
    prop_assert!(
        (f64::from(got) - expected).abs() <= 2e-4 * largest,
        "{name}, field {field} at {at}: {got} against {expected} of {largest}"
    );
    Ok(())
}

fn close(name: &str, got: &[f32], expected: &[f64], tolerance: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.len(), expected.len(), "{}", name);
    let largest = expected.iter().fold(1e-2f64, |largest, value| largest.max(value.abs()));
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        prop_assert!((f64::from(*got) - expected).abs() <= tolerance * largest, "{name} at {at}: {got} against {expected} of {largest}");
    }
    Ok(())
}
