//! The products of a tile: filters by patches, and the two products of the backward pass.

use pulp::Arch;

use crate::{
    ConvShape, Mat, MatMut, Threads,
    conv::{
        activate::{Activate, sum},
        patches::{Gather, Scatter},
        tiling::{Tile, Tiling},
    },
    matmul,
};

/// Patches as small as this are multiplied without the packing of a matrix product, and cost less to compute again
/// than to keep.
pub(crate) const SMALL_PATCH: usize = 16;

/// What one thread needs beside its inputs and outputs; made once and used for all its tiles.
pub(crate) struct Scratch {
    arch: Arch,
    /// [C·KH·KW, places]
    columns: Vec<f32>,
    /// [O, places]
    image: Vec<f32>,
    /// [O, places]
    gradient: Vec<f32>,
}

impl Scratch {
    pub fn forward(shape: &ConvShape, tiling: &Tiling) -> Self {
        let of = |rows: usize| vec![0.0; rows * tiling.columns];
        Self { arch: Arch::new(), columns: of(shape.patch()), image: of(shape.filters), gradient: vec![] }
    }

    pub fn backward(shape: &ConvShape, tiling: &Tiling) -> Self {
        Self { gradient: vec![0.0; shape.filters * tiling.columns], ..Self::forward(shape, tiling) }
    }
}

/// The filters of a convolution.
#[derive(Clone, Copy)]
pub(crate) struct Filters<'a> {
    pub shape: &'a ConvShape,
    /// [O, C, KH, KW]
    pub weights: &'a [f32],
    /// `[O]`
    pub bias: &'a [f32],
}

/// The gradients of a convolution's parameters.
#[derive(Clone)]
pub(crate) struct FilterGradients {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

impl FilterGradients {
    pub fn zeros(shape: &ConvShape) -> Self {
        Self { weights: vec![0.0; shape.filters * shape.patch()], bias: vec![0.0; shape.filters] }
    }

    pub fn add(&mut self, other: &Self) {
        self.weights.iter_mut().zip(&other.weights).for_each(|(sum, other)| *sum += other);
        self.bias.iter_mut().zip(&other.bias).for_each(|(sum, other)| *sum += other);
    }
}

impl Filters<'_> {
    /// One tile of the convolution with bias and activation, [O, places].
    ///
    /// # Shapes
    /// `images` [n, C, H, W]: the group the tile is of.
    pub fn tile<'s>(&self, tile: Tile<'_>, images: &[f32], scratch: &'s mut Scratch) -> &'s [f32] {
        self.gather(tile, images, scratch);
        self.activated(tile, scratch);
        &scratch.image[..self.shape.filters * tile.columns()]
    }

    fn gather(&self, tile: Tile<'_>, images: &[f32], scratch: &mut Scratch) {
        let columns = &mut scratch.columns[..self.shape.patch() * tile.columns()];
        scratch.arch.dispatch(Gather { shape: self.shape, tile, images, columns });
    }

    fn activated(&self, tile: Tile<'_>, scratch: &mut Scratch) {
        let (patch, filters, places) = (self.shape.patch(), self.shape.filters, tile.columns());
        let image = &mut scratch.image[..filters * places];
        let columns = &scratch.columns[..patch * places];
        if patch <= SMALL_PATCH {
            scratch.arch.dispatch(Direct { weights: self.weights, columns, places, image });
        } else {
            let (weights, columns) = (Mat::rows(self.weights, filters, patch), Mat::rows(columns, patch, places));
            matmul(MatMut::rows(image, filters, places), false, weights, columns, Threads::One);
        }
        scratch.arch.dispatch(Activate { activation: self.shape.spec.activation, bias: self.bias, image });
    }

    /// The backward pass of one tile: adds to the gradients of the filters, and of the group's images where wanted.
    ///
    /// `fill` writes the gradient of the tile, before the activation, [O, places]; it is given the tile's activated
    /// results where `again` asks that they be computed once more, else nothing.
    #[allow(clippy::too_many_arguments)] // what a backward pass depends on
    pub fn tile_back(
        &self,
        tile: Tile<'_>,
        images: &[f32],
        again: bool,
        scratch: &mut Scratch,
        gradients: &mut FilterGradients,
        image_gradient: Option<&mut [f32]>,
        fill: impl FnOnce(Arch, &[f32], &mut [f32]),
    ) {
        let (patch, filters, places) = (self.shape.patch(), self.shape.filters, tile.columns());
        self.gather(tile, images, scratch);
        if again {
            self.activated(tile, scratch);
        }
        let gradient = &mut scratch.gradient[..filters * places];
        fill(scratch.arch, if again { &scratch.image[..filters * places] } else { &[] }, gradient);
        scratch.arch.dispatch(RowSums { rows: gradient, sums: &mut gradients.bias });
        let columns = &mut scratch.columns[..patch * places];
        let gradient = Mat::rows(gradient, filters, places);
        let patches = Mat::rows(columns, patch, places).transposed();
        matmul(MatMut::rows(&mut gradients.weights, filters, patch), true, gradient, patches, Threads::One);
        if let Some(images) = image_gradient {
            let weights = Mat::rows(self.weights, filters, patch).transposed();
            matmul(MatMut::rows(columns, patch, places), false, weights, gradient, Threads::One);
            scratch.arch.dispatch(Scatter { shape: self.shape, tile, columns, images });
        }
    }
}

/// The product of filters and small patches.
struct Direct<'a> {
    weights: &'a [f32],
    columns: &'a [f32],
    places: usize,
    image: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Direct<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        const BLOCK: usize = 32;
        let patch = self.columns.len() / self.places;
        let whole = self.places / BLOCK * BLOCK;
        for (row, weights) in self.image.chunks_exact_mut(self.places).zip(self.weights.chunks_exact(patch)) {
            for (block, out) in row[..whole].chunks_exact_mut(BLOCK).enumerate() {
                let mut sums = [0.0f32; BLOCK];
                for (weight, column) in weights.iter().zip(self.columns.chunks_exact(self.places)) {
                    let column = &column[block * BLOCK..][..BLOCK];
                    for at in 0..BLOCK {
                        sums[at] += weight * column[at];
                    }
                }
                out.copy_from_slice(&sums);
            }
            for (at, out) in row.iter_mut().enumerate().skip(whole) {
                *out = weights.iter().zip(self.columns.chunks_exact(self.places)).map(|(weight, column)| weight * column[at]).sum();
            }
        }
    }
}

/// Adds the sum of each row.
struct RowSums<'a> {
    rows: &'a [f32],
    sums: &'a mut [f32],
}

impl pulp::NullaryFnOnce for RowSums<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let columns = self.rows.len() / self.sums.len();
        for (row, total) in self.rows.chunks_exact(columns).zip(self.sums) {
            *total += sum(row, |x| x) as f32;
        }
    }
}
