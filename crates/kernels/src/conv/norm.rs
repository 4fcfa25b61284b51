//! Batch normalisation and pooling over whole planes, forward and backward.

use pulp::Arch;
use rayon::prelude::*;

use super::{
    activate::Moments,
    pool::PoolShape,
    pool_backward::{Behind, PooledPlane, Products, Slopes, Unpool},
    pool_forward::PoolPlane,
};
use crate::{Activation, Pool};

/// The parameters of a batch normalisation.
#[derive(Clone, Copy, Debug)]
pub struct Norm<'a> {
    /// γ, `[C]`
    pub gamma: &'a [f32],
    /// β, `[C]`
    pub beta: &'a [f32],
    /// ε, added to the variance.
    pub epsilon: f32,
}

/// Mean and biased variance of each channel of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// `[C]`
    pub mean: Vec<f32>,
    /// `[C]`
    pub variance: Vec<f32>,
}

/// What batch normalisation and pooling give.
#[derive(Clone, Debug)]
pub struct NormPool {
    /// [N, C, H', W']
    pub output: Vec<f32>,
    /// Of the batch before normalisation.
    pub statistics: Statistics,
    /// Where in its window each largest element is, [N, C, H', W']; empty without pooling.
    pub largest: Vec<u8>,
}

/// The gradients of batch normalisation and pooling.
#[derive(Clone, Debug)]
pub struct NormPoolGradients {
    /// [N, C, H, W]
    pub input: Vec<f32>,
    /// `[C]`
    pub gamma: Vec<f32>,
    /// `[C]`
    pub beta: Vec<f32>,
}

impl Statistics {
    /// Adds up moments, [groups, C], in their order.
    pub(super) fn of(groups: &[Vec<Moments>]) -> Self {
        let mut groups = groups.iter();
        let mut all = groups.next().cloned().unwrap_or_default();
        groups.for_each(|group| all.iter_mut().zip(group).for_each(|(sum, part)| sum.merge(*part)));
        let (mean, variance) = all.iter().map(|channel| (channel.mean as f32, (channel.squares / channel.count) as f32)).unzip();
        Self { mean, variance }
    }

    /// 1 / √(variance + ε).
    fn inverse(&self, epsilon: f32, channel: usize) -> f32 {
        1.0 / (self.variance[channel] + epsilon).sqrt()
    }

    /// The normalisation as one factor and one summand a channel.
    pub(super) fn affine(&self, norm: &Norm<'_>) -> Vec<[f32; 2]> {
        let of = |channel| {
            let scale = norm.gamma[channel] * self.inverse(norm.epsilon, channel);
            [scale, norm.beta[channel] - self.mean[channel] * scale]
        };
        (0..self.mean.len()).map(of).collect()
    }

    /// The gradients of γ and β, and what the gradient of each element is made of; `products` [C], `count` elements a channel.
    pub(super) fn slopes(&self, gamma: &[f32], epsilon: f32, products: &[[f64; 2]], count: usize) -> (Vec<f32>, Vec<f32>, Vec<Slopes>) {
        let (mut gammas, mut betas, mut slopes) = (vec![], vec![], vec![]);
        for (channel, &[sum, product]) in products.iter().enumerate() {
            let inverse = f64::from(self.inverse(epsilon, channel));
            let factor = f64::from(gamma[channel]) * inverse;
            gammas.push((product * inverse) as f32);
            betas.push(sum as f32);
            slopes.push(Slopes {
                factor: factor as f32,
                constant: (-factor * sum / count as f64) as f32,
                slope: (-factor * inverse * inverse * product / count as f64) as f32,
                mean: self.mean[channel],
            });
        }
        (gammas, betas, slopes)
    }
}

/// Adds up what [`Products`] gives, [groups, C], in their order.
pub(super) fn added(groups: &[Vec<[f64; 2]>], channels: usize) -> Vec<[f64; 2]> {
    let mut all = vec![[0.0; 2]; channels];
    for group in groups {
        all.iter_mut().zip(group).for_each(|(sum, part)| *sum = [sum[0] + part[0], sum[1] + part[1]]);
    }
    all
}

/// Normalises each channel by the batch's own mean and variance, then pools.
///
/// # Shapes
/// `input` [N, C, H, W] of images of `size` [H, W] → [N, C, H', W'].
///
/// # Panics
/// When the lengths do not fit, when the pool's window does not fit into the image, or has more than 256 elements.
pub fn norm_pool_forward(input: &[f32], size: [usize; 2], norm: Norm<'_>, pool: Pool) -> NormPool {
    let (channels, plane) = (norm.gamma.len(), size[0] * size[1]);
    assert!(
        !input.is_empty() && input.len().is_multiple_of(channels * plane),
        "{} elements are no images of {channels} × {size:?}",
        input.len()
    );
    let arch = Arch::new();
    let groups = input.par_chunks(channels * plane).map(|image| arch.dispatch(ImageMoments { image, plane })).collect::<Vec<_>>();
    let statistics = Statistics::of(&groups);
    let affine = statistics.affine(&norm);
    let (output, largest) = pooled(input, &PoolShape::new(pool, size), &affine);
    NormPool { output, statistics, largest }
}

/// Scales, shifts and pools a batch; also gives where in its window each largest element is.
///
/// # Shapes
/// `input` [N, C, H, W], `affine` `[C]`.
pub(super) fn pooled(input: &[f32], shape: &PoolShape, affine: &[[f32; 2]]) -> (Vec<f32>, Vec<u8>) {
    let (channels, plane) = (affine.len(), shape.size[0] * shape.size[1]);
    let (arch, band, places, kept) = (Arch::new(), shape.whole(), shape.places(), shape.kept());
    let planes = input.len() / plane;
    let (mut output, mut largest) = (vec![0.0; planes * places], vec![0; planes * kept]);
    pool_groups(&mut output, channels * places, &mut largest, channels * kept, |index, out, largest| {
        let planes = input[index * channels * plane..].chunks_exact(plane).zip(out.chunks_exact_mut(places)).zip(affine);
        for (channel, ((plane, out), &affine)) in planes.enumerate() {
            arch.dispatch(PoolPlane { shape, band: &band, plane, affine, out, largest: &mut largest[channel * kept..][..kept] });
        }
    });
    (output, largest)
}

/// Back-propagates through [`norm_pool_forward`].
///
/// # Shapes
/// `input` and `size` as there; `gradient` [N, C, H', W']; `largest` and `statistics` from its result.
///
/// # Panics
/// When the lengths do not fit.
#[allow(clippy::too_many_arguments)] // what a backward pass depends on; a struct would only rename it
pub fn norm_pool_backward(
    input: &[f32],
    size: [usize; 2],
    gamma: &[f32],
    epsilon: f32,
    pool: Pool,
    statistics: &Statistics,
    largest: &[u8],
    gradient: &[f32],
) -> NormPoolGradients {
    let (channels, plane) = (gamma.len(), size[0] * size[1]);
    let shape = PoolShape::new(pool, size);
    assert_eq!(gradient.len() * plane, input.len() * shape.places(), "gradient behind {pool:?} of images of {size:?}");
    let (behind, band, arch) = (Behind { shape: &shape, largest, gradient }, shape.whole(), Arch::new());
    let pooled = |index: usize| behind.plane(index, &band, &input[index * plane..][..plane]);
    let images = input.len() / (channels * plane);
    let groups: Vec<_> = (0..images).into_par_iter().map(|image| image_products(image, &statistics.mean, pooled)).collect();
    let (gamma, beta, slopes) = statistics.slopes(gamma, epsilon, &added(&groups, channels), images * plane);
    let mut result = vec![0.0; input.len()];
    result.par_chunks_mut(plane).enumerate().for_each(|(index, out)| {
        arch.dispatch(Unpool { pooled: pooled(index), slopes: slopes[index % channels], activation: Activation::Linear, out });
    });
    NormPoolGradients { input: result, gamma, beta }
}

/// The sums of one image's channels.
pub(super) fn image_products<'a>(image: usize, means: &[f32], plane: impl Fn(usize) -> PooledPlane<'a>) -> Vec<[f64; 2]> {
    let of = |(channel, &mean)| Arch::new().dispatch(Products { pooled: plane(image * means.len() + channel), mean });
    means.iter().enumerate().map(of).collect()
}

/// Runs over groups of images in parallel with the places of their largest elements, which may be no places at all.
pub(super) fn pool_groups(
    output: &mut [f32],
    size: usize,
    largest: &mut [u8],
    kept: usize,
    visit: impl Fn(usize, &mut [f32], &mut [u8]) + Sync,
) {
    if kept == 0 {
        output.par_chunks_mut(size).enumerate().for_each(|(index, out)| visit(index, out, &mut []));
    } else {
        output
            .par_chunks_mut(size)
            .zip(largest.par_chunks_mut(kept))
            .enumerate()
            .for_each(|(index, (out, largest))| visit(index, out, largest));
    }
}

struct ImageMoments<'a> {
    image: &'a [f32],
    plane: usize,
}

impl pulp::NullaryFnOnce for ImageMoments<'_> {
    type Output = Vec<Moments>;

    #[inline(always)]
    fn call(self) -> Vec<Moments> {
        let of = |plane: &[f32]| {
            let mut moments = Moments::default();
            plane.chunks(1024).for_each(|run| moments.merge(Moments::of(run)));
            moments
        };
        self.image.chunks_exact(self.plane).map(of).collect()
    }
}
