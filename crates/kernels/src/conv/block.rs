//! A whole block in training: convolution, activation, batch normalisation, pooling, tile by tile.

use pulp::Arch;
use rayon::prelude::*;

use super::{
    activate::{Gauge, Moments},
    convolution::{ConvGradients, back_propagate, split},
    norm::{Norm, Statistics, added, image_products, pool_groups, pooled},
    pool::PoolShape,
    pool_backward::{Behind, Products, Unpool},
    pool_forward::PoolPlane,
    product::{Filters, SMALL_PATCH, Scratch},
    tiling::Tiling,
};
use crate::{ConvShape, Pool};

/// What the backward pass of a block needs beside its input and parameters.
#[derive(Clone, Debug)]
pub struct BlockState {
    /// The activated convolution, [N, O, H, W]; `None` where it is cheaper to compute it again.
    image: Option<Vec<f32>>,
    /// Where in its window each largest element is.
    largest: Vec<u8>,
    statistics: Statistics,
}

/// What a block in training gives.
#[derive(Clone, Debug)]
pub struct Block {
    /// [N, O, H', W']
    pub output: Vec<f32>,
    /// Of the activated convolution over the batch.
    pub statistics: Statistics,
    /// For [`block_backward`].
    pub state: BlockState,
}

/// The gradients of a block.
#[derive(Clone, Debug)]
pub struct BlockGradients {
    /// Of the input, the weights and the bias.
    pub convolution: ConvGradients,
    /// Of γ, `[O]`.
    pub gamma: Vec<f32>,
    /// Of β, `[O]`.
    pub beta: Vec<f32>,
}

/// Convolution, activation, batch normalisation by the batch's own statistics, and pooling.
///
/// # Shapes
/// `input` [N, C, H, W], `weights` [O, C, KH, KW], `bias` `[O]` → [N, O, H', W'].
///
/// # Panics
/// When a slice's length differs from its shape; when a filter or the pool's window does not fit; when the window has
/// more than 256 elements.
pub fn block_forward(shape: ConvShape, input: &[f32], weights: &[f32], bias: &[f32], norm: Norm<'_>, pool: Pool) -> Block {
    shape.check(input, weights, Some(bias));
    let pooling = PoolShape::new(pool, shape.output());
    let (tiling, filters) = (Tiling::new(&shape, &pooling), Filters { shape: &shape, weights, bias });
    let (size, places) = (shape.filters * shape.places(), shape.places());
    let mut image = (shape.patch() > SMALL_PATCH).then(|| vec![0.0; shape.batch * size]);
    let groups = split(image.as_deref_mut(), tiling.images * size, shape.batch.div_ceil(tiling.images));
    let moments: Vec<_> = groups
        .into_par_iter()
        .zip(input.par_chunks(tiling.images * shape.image()))
        .map_init(
            || Scratch::forward(&shape, &tiling),
            |scratch, (mut kept, input)| {
                let mut moments = vec![Moments::default(); shape.filters];
                tiling.tiles(input.len() / shape.image(), |tile| {
                    let image = filters.tile(tile, input, scratch);
                    Arch::new().dispatch(Gauge { tile, image, moments: &mut moments });
                    if let Some(kept) = kept.as_deref_mut() {
                        tile.runs(shape.filters, |run| {
                            kept[run.plane * places..][tile.places()].copy_from_slice(&image[run.at..][..tile.run]);
                        });
                    }
                });
                moments
            },
        )
        .collect();
    let statistics = Statistics::of(&moments);
    let affine = statistics.affine(&norm);
    let (output, largest) = match &image {
        Some(image) => pooled(image, &pooling, &affine),
        None => convolved_and_pooled(&filters, &tiling, &pooling, &affine, input),
    };
    Block { output, statistics: statistics.clone(), state: BlockState { image, largest, statistics } }
}

/// Back-propagates through [`block_forward`]. The gradient between convolution and normalisation exists a tile at a time.
/// The first layer of a network passes `input_wanted = false` and saves a product.
///
/// # Shapes
/// As [`block_forward`]; `gradient` [N, O, H', W'].
///
/// # Panics
/// As [`block_forward`].
#[allow(clippy::too_many_arguments)] // what a backward pass depends on; a struct would only rename it
pub fn block_backward(
    shape: ConvShape,
    input: &[f32],
    weights: &[f32],
    bias: &[f32],
    norm: Norm<'_>,
    pool: Pool,
    state: &BlockState,
    gradient: &[f32],
    input_wanted: bool,
) -> BlockGradients {
    shape.check(input, weights, Some(bias));
    let BlockState { image, largest, statistics } = state;
    let pooling = PoolShape::new(pool, shape.output());
    let (places, size) = (shape.places(), shape.filters * shape.places());
    assert_eq!(gradient.len(), shape.batch * shape.filters * pooling.places(), "gradient behind {pool:?} of {shape:?}");
    let (tiling, filters, arch) = (Tiling::new(&shape, &pooling), Filters { shape: &shape, weights, bias }, Arch::new());
    let behind = Behind { shape: &pooling, largest, gradient };
    let products: Vec<Vec<[f64; 2]>> = match image {
        Some(image) => {
            let (band, plane) = (pooling.whole(), |plane: usize| &image[plane * places..][..places]);
            let of = |image| image_products(image, &statistics.mean, |index| behind.plane(index, &band, plane(index)));
            (0..shape.batch).into_par_iter().map(of).collect()
        }
        None => input
            .par_chunks(tiling.images * shape.image())
            .enumerate()
            .map_init(
                || Scratch::forward(&shape, &tiling),
                |scratch, (group, input)| {
                    let mut sums = vec![[0.0; 2]; shape.filters];
                    tiling.tiles(input.len() / shape.image(), |tile| {
                        let image = filters.tile(tile, input, scratch);
                        tile.runs(shape.filters, |run| {
                            let plane = group * tiling.images * shape.filters + run.plane;
                            let pooled = behind.plane(plane, tile.band, &image[run.at..][..tile.run]);
                            let [sum, product] = arch.dispatch(Products { pooled, mean: statistics.mean[run.filter] });
                            sums[run.filter] = [sums[run.filter][0] + sum, sums[run.filter][1] + product];
                        });
                    });
                    sums
                },
            )
            .collect(),
    };
    let count = shape.batch * places;
    let (gamma, beta, slopes) = statistics.slopes(norm.gamma, norm.epsilon, &added(&products, shape.filters), count);
    let again = image.is_none().then_some(bias);
    let convolution = back_propagate(&shape, &tiling, input, weights, again, input_wanted, |tile, first, arch, again, out| {
        tile.runs(shape.filters, |run| {
            let values = match image {
                Some(image) => &image[first * size + run.plane * places..][tile.places()],
                None => &again[run.at..][..tile.run],
            };
            let pooled = behind.plane(first * shape.filters + run.plane, tile.band, values);
            let (slopes, out) = (slopes[run.filter], &mut out[run.at..][..tile.run]);
            arch.dispatch(Unpool { pooled, slopes, activation: shape.spec.activation, out });
        });
    });
    BlockGradients { convolution, gamma, beta }
}

/// Convolution, activation, one factor and one summand a channel, and pooling: a block in use.
///
/// # Shapes
/// As [`block_forward`]; `affine` `[O]`: factor and summand.
///
/// # Panics
/// As [`block_forward`].
pub fn block_infer(shape: ConvShape, input: &[f32], weights: &[f32], bias: &[f32], affine: &[[f32; 2]], pool: Pool) -> Vec<f32> {
    shape.check(input, weights, Some(bias));
    assert_eq!(affine.len(), shape.filters, "factors and summands of {shape:?}");
    let pooling = PoolShape::new(pool, shape.output());
    convolved_and_pooled(&Filters { shape: &shape, weights, bias }, &Tiling::new(&shape, &pooling), &pooling, affine, input).0
}

/// The result, and where in its window each largest element is. No more than a tile of the convolution is ever held.
fn convolved_and_pooled(
    filters: &Filters<'_>,
    tiling: &Tiling,
    pooling: &PoolShape,
    affine: &[[f32; 2]],
    input: &[f32],
) -> (Vec<f32>, Vec<u8>) {
    let shape = filters.shape;
    let (places, kept, width) = (pooling.places(), pooling.kept(), pooling.output()[1]);
    let (size, planes) = (shape.filters * places, shape.batch * shape.filters);
    let (mut output, mut largest) = (vec![0.0; planes * places], vec![0; planes * kept]);
    pool_groups(&mut output, tiling.images * size, &mut largest, tiling.images * shape.filters * kept, |group, out, largest| {
        let (images, first) = (out.len() / size, group * tiling.images);
        let input = &input[first * shape.image()..][..images * shape.image()];
        let mut scratch = Scratch::forward(shape, tiling);
        tiling.tiles(images, |tile| {
            let image = filters.tile(tile, input, &mut scratch);
            tile.runs(shape.filters, |run| {
                let pooled = run.plane * places + tile.band.pooled.start * width..run.plane * places + tile.band.pooled.end * width;
                Arch::new().dispatch(PoolPlane {
                    shape: pooling,
                    band: tile.band,
                    plane: &image[run.at..][..tile.run],
                    affine: affine[run.filter],
                    largest: if kept == 0 { &mut [] } else { &mut largest[pooled.clone()] },
                    out: &mut out[pooled],
                });
            });
        });
    });
    (output, largest)
}
