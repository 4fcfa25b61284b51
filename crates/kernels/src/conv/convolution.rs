//! A convolution by itself, forward and backward.

use rayon::prelude::*;

use super::{
    activate::Masked,
    pool::PoolShape,
    product::{FilterGradients, Filters, Scratch},
    tiling::{Tile, Tiling},
};
use crate::{ConvShape, Pool};

/// The gradients of a convolution.
#[derive(Clone, Debug)]
pub struct ConvGradients {
    /// [N, C, H, W]; `None` unless it was asked for.
    pub input: Option<Vec<f32>>,
    /// [O, C, KH, KW]
    pub weights: Vec<f32>,
    /// `[O]`
    pub bias: Vec<f32>,
}

/// Tasks of a backward pass: each has gradients of the filters of its own, added up in their order at the end.
const TASKS: usize = 16;

/// A convolution and its activation.
///
/// # Shapes
/// `input` [N, C, H, W], `weights` [O, C, KH, KW], `bias` `[O]` → [N, O, H', W'].
///
/// # Panics
/// When a slice's length differs from its shape, or no filter fits into the image.
pub fn conv_forward(shape: ConvShape, input: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    shape.check(input, weights, Some(bias));
    let tiling = Tiling::new(&shape, &PoolShape::new(Pool::NONE, shape.output()));
    let filters = Filters { shape: &shape, weights, bias };
    let (places, size) = (shape.places(), shape.filters * shape.places());
    let mut output = vec![0.0; shape.batch * size];
    let groups = output.par_chunks_mut(tiling.images * size).zip(input.par_chunks(tiling.images * shape.image()));
    groups.for_each_init(
        || Scratch::forward(&shape, &tiling),
        |scratch, (output, input)| {
            tiling.tiles(output.len() / size, |tile| {
                let image = filters.tile(tile, input, scratch);
                tile.runs(shape.filters, |run| {
                    output[run.plane * places..][tile.places()].copy_from_slice(&image[run.at..][..tile.run]);
                });
            });
        },
    );
    output
}

/// Back-propagates through a convolution and its activation. The first layer of a network passes
/// `input_wanted = false` and saves a product.
///
/// # Shapes
/// As for [`conv_forward`]; `output`, its result, and `gradient` [N, O, H', W'].
///
/// # Panics
/// As [`conv_forward`].
pub fn conv_backward(
    shape: ConvShape,
    input: &[f32],
    weights: &[f32],
    output: &[f32],
    gradient: &[f32],
    input_wanted: bool,
) -> ConvGradients {
    let (places, size) = (shape.places(), shape.filters * shape.places());
    assert_eq!((output.len(), gradient.len()), (shape.batch * size, shape.batch * size), "result and gradient of {shape:?}");
    let tiling = Tiling::new(&shape, &PoolShape::new(Pool::NONE, shape.output()));
    back_propagate(&shape, &tiling, input, weights, None, input_wanted, |tile, first, arch, _, out| {
        tile.runs(shape.filters, |run| {
            let plane = first * size + run.plane * places;
            let (value, gradient) = (&output[plane..][tile.places()], &gradient[plane..][tile.places()]);
            arch.dispatch(Masked { activation: shape.spec.activation, value, gradient, out: &mut out[run.at..][..tile.run] });
        });
    })
}

/// Cuts a slice into chunks, or gives as many times nothing.
pub(super) fn split(slice: Option<&mut [f32]>, size: usize, count: usize) -> Vec<Option<&mut [f32]>> {
    match slice {
        Some(slice) => slice.chunks_mut(size).map(Some).collect(),
        None => (0..count).map(|_| None).collect(),
    }
}

/// The backward pass over all tiles. `fill` is given the tile, the first image of its group, and what
/// [`Filters::tile_back`] hands it; results are computed once more where a bias is given.
pub(super) fn back_propagate(
    shape: &ConvShape,
    tiling: &Tiling,
    input: &[f32],
    weights: &[f32],
    again: Option<&[f32]>,
    input_wanted: bool,
    fill: impl Fn(Tile<'_>, usize, pulp::Arch, &[f32], &mut [f32]) + Sync,
) -> ConvGradients {
    shape.check(input, weights, again);
    let filters = Filters { shape, weights, bias: again.unwrap_or(&[]) };
    let group = shape.batch.div_ceil(TASKS).next_multiple_of(tiling.images);
    let task = |(index, mut gradient): (usize, Option<&mut [f32]>)| {
        let (first, images) = (index * group, group.min(shape.batch - index * group));
        let input = &input[first * shape.image()..][..images * shape.image()];
        let (mut scratch, mut gradients) = (Scratch::backward(shape, tiling), FilterGradients::zeros(shape));
        tiling.tiles(images, |tile| {
            filters.tile_back(tile, input, again.is_some(), &mut scratch, &mut gradients, gradient.as_deref_mut(), |arch, image, out| {
                fill(tile, first, arch, image, out);
            });
        });
        gradients
    };
    let mut input_gradient = input_wanted.then(|| vec![0.0; input.len()]);
    let groups = split(input_gradient.as_deref_mut(), group * shape.image(), shape.batch.div_ceil(group));
    let parts: Vec<FilterGradients> = groups.into_par_iter().enumerate().map(task).collect();
    let mut sum = FilterGradients::zeros(shape);
    parts.iter().for_each(|part| sum.add(part));
    ConvGradients { input: input_gradient, weights: sum.weights, bias: sum.bias }
}
