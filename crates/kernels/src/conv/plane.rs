//! Patches whose places lie as the pixels do: whole runs are copied, where rows are too short to be worth a call each.

use std::ops::Range;

use crate::{
    ConvShape,
    conv::{patches::meeting, tiling::Tile},
};

/// The places of one image that a filter's column sees, where places lie as pixels do: rows as long as the image's, stride 1.
/// What they read is one run of the image then, shifted; places beyond an edge read what lies across it, and are blanked.
pub(super) struct Plane {
    /// The start in `columns`.
    pub at: usize,
    /// Of the tile's rows those that meet the image.
    pub rows: Range<usize>,
    /// Of a row's places those that meet the image.
    pub places: Range<usize>,
    /// What the first of them reads in `images`.
    pub source: usize,
}

impl Plane {
    pub fn exist(shape: &ConvShape) -> bool {
        shape.spec.stride == [1, 1] && shape.output()[1] == shape.size[1]
    }

    /// Calls `visit` with every plane of a tile.
    #[inline(always)]
    pub fn all(shape: &ConvShape, tile: &Tile, mut visit: impl FnMut(Self)) {
        let [rows, columns] = shape.spans();
        let ([height, width], band) = (shape.size, &tile.band.image);
        let mut at = 0;
        for channel in 0..shape.channels {
            for ky in 0..shape.kernel[0] {
                let start = rows.before.saturating_sub(ky).clamp(band.start, band.end);
                let end = (height + rows.before).saturating_sub(ky).clamp(start, band.end);
                let y = (start + ky).saturating_sub(rows.before);
                for kx in 0..shape.kernel[1] {
                    let (places, first) = meeting(columns.output, kx, columns.before, 1, width);
                    for image in tile.first..tile.first + tile.images {
                        let source = ((image * shape.channels + channel) * height + y) * width + first;
                        visit(Self { at, rows: start - band.start..end - band.start, places: places.clone(), source });
                        at += tile.run;
                    }
                }
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.places.is_empty()
    }

    /// From the first to the last place that meets the image, within the rows that do.
    pub fn run(&self, width: usize) -> Range<usize> {
        self.rows.start * width + self.places.start..(self.rows.end - 1) * width + self.places.end
    }

    /// Sets those of the plane's places to zero that lie beyond the left and the right edge, in the rows that meet the image.
    #[inline(always)]
    pub fn blank(&self, places: &mut [f32], width: usize) {
        if self.places.len() < width {
            places[self.rows.start * width..self.rows.end * width].chunks_exact_mut(width).for_each(|row| {
                zero(&mut row[..self.places.start]);
                zero(&mut row[self.places.end..]);
            });
        }
    }
}

/// One place in most filters: too short for a call.
#[inline(always)]
fn zero(places: &mut [f32]) {
    match places {
        [] => {}
        [place] => *place = 0.0,
        places => places.fill(0.0),
    }
}
