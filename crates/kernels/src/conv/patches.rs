//! Patches under a filter as the columns of a matrix, and back.

use std::ops::Range;

use crate::{
    ConvShape,
    conv::{plane::Plane, tiling::Tile},
};

/// The places along a row whose filter column `offset` meets the image, and the column that the first of them meets.
pub(super) fn meeting(places: usize, offset: usize, before: usize, stride: usize, size: usize) -> (Range<usize>, usize) {
    let first = before.saturating_sub(offset).div_ceil(stride);
    let end = if size + before > offset { (size + before - offset - 1) / stride + 1 } else { 0 };
    let end = end.min(places).max(first.min(places));
    (first.min(places)..end, (first * stride + offset).saturating_sub(before))
}

/// Calls `row` with the start in `columns` of each row of places, the places that meet the image, and where in `images`
/// the first of them reads; `None` where the whole row meets padding.
#[inline(always)]
fn walk(shape: &ConvShape, tile: &Tile, mut row: impl FnMut(usize, Range<usize>, Option<usize>)) {
    let [rows, columns] = shape.spans();
    let ([height, width], [_, stride]) = (shape.size, shape.spec.stride);
    let mut at = 0;
    for channel in 0..shape.channels {
        for ky in 0..shape.kernel[0] {
            for kx in 0..shape.kernel[1] {
                let (places, first) = meeting(columns.output, kx, columns.before, stride, width);
                for image in tile.first..tile.first + tile.images {
                    for y in tile.band.image.clone() {
                        let y = (y * shape.spec.stride[0] + ky).checked_sub(rows.before).filter(|&y| y < height);
                        let source =
                            y.filter(|_| !places.is_empty()).map(|y| ((image * shape.channels + channel) * height + y) * width + first);
                        row(at, places.clone(), source);
                        at += columns.output;
                    }
                }
            }
        }
    }
}

/// Gathers the patches of a tile.
///
/// # Shapes
/// `images` [n, C, H, W] of the tile's group, `columns` [C·KH·KW, places of the tile].
pub(crate) struct Gather<'a> {
    pub shape: &'a ConvShape,
    pub tile: Tile<'a>,
    pub images: &'a [f32],
    pub columns: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (width, stride) = (self.shape.output()[1], self.shape.spec.stride[1]);
        if Plane::exist(self.shape) {
            return Plane::all(self.shape, &self.tile, |plane| {
                let places = &mut self.columns[plane.at..][..self.tile.run];
                if plane.is_empty() {
                    return places.fill(0.0);
                }
                places[..plane.rows.start * width].fill(0.0);
                places[plane.rows.end * width..].fill(0.0);
                let run = &mut places[plane.run(width)];
                run.copy_from_slice(&self.images[plane.source..][..run.len()]);
                plane.blank(places, width);
            });
        }
        walk(self.shape, &self.tile, |at, places, source| {
            let row = &mut self.columns[at..at + width];
            let Some(source) = source else { return row.fill(0.0) };
            row[..places.start].fill(0.0);
            row[places.end..].fill(0.0);
            let row = &mut row[places];
            match stride {
                1 => row.copy_from_slice(&self.images[source..][..row.len()]),
                2 => strided::<2>(row, &self.images[source..]),
                stride => row.iter_mut().zip(self.images[source..].iter().step_by(stride)).for_each(|(to, from)| *to = *from),
            }
        });
    }
}

/// A stride known to the compiler becomes shuffles.
#[inline(always)]
fn strided<const STRIDE: usize>(row: &mut [f32], source: &[f32]) {
    let source = &source[..(row.len() - 1) * STRIDE + 1];
    for (at, to) in row.iter_mut().enumerate() {
        *to = source[at * STRIDE];
    }
}

/// The transpose of [`Gather`]: adds each patch to the places it came from.
pub(crate) struct Scatter<'a> {
    pub shape: &'a ConvShape,
    pub tile: Tile<'a>,
    /// Places that meet no image are set to zero.
    pub columns: &'a mut [f32],
    pub images: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Scatter<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (width, stride) = (self.shape.output()[1], self.shape.spec.stride[1]);
        if Plane::exist(self.shape) {
            return Plane::all(self.shape, &self.tile, |plane| {
                if plane.is_empty() {
                    return;
                }
                let places = &mut self.columns[plane.at..][..self.tile.run];
                plane.blank(places, width);
                let run = &places[plane.run(width)];
                self.images[plane.source..][..run.len()].iter_mut().zip(run).for_each(|(to, from)| *to += from);
            });
        }
        walk(self.shape, &self.tile, |at, places, source| {
            let Some(source) = source else { return };
            let row = &self.columns[at + places.start..at + places.end];
            if stride == 1 {
                self.images[source..][..row.len()].iter_mut().zip(row).for_each(|(to, from)| *to += from);
            } else {
                self.images[source..].iter_mut().step_by(stride).zip(row).for_each(|(to, from)| *to += from);
            }
        });
    }
}
