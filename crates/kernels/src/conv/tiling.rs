//! How a batch is cut into tiles that fit the cache.

use std::ops::Range;

use crate::{ConvShape, conv::pool::PoolShape};

/// Rows of an image, and the rows that pooling makes of them. Bands are cut where windows meet.
#[derive(Clone, Debug)]
pub(crate) struct Band {
    pub image: Range<usize>,
    pub pooled: Range<usize>,
}

/// The cut depends on sizes alone, never on the number of threads: sums over tiles come out the same everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Tiling {
    /// Small images share a tile, so that a product has columns enough.
    pub images: usize,
    /// Large images are cut into several tiles.
    pub bands: Vec<Band>,
    /// Columns of the largest tile: places of a filter.
    pub columns: usize,
    width: usize,
}

/// Floats of scratch a tile may take: three quarters of a second-level cache of 1 MiB.
const SCRATCH: usize = 192 * 1024;

impl Tiling {
    pub fn new(shape: &ConvShape, pool: &PoolShape) -> Self {
        let [height, width] = shape.output();
        let columns = (SCRATCH / (shape.patch() + 2 * shape.filters)).clamp(256, 2048);
        let bands = pool.bands(columns / width);
        let images = if bands.len() == 1 { (columns / (height * width)).max(1) } else { 1 };
        let rows = bands.iter().map(|band| band.image.len()).max().unwrap_or(0);
        Self { images, bands, columns: images * rows * width, width }
    }

    /// Calls `visit` with every tile of a group of images.
    pub fn tiles(&self, images: usize, mut visit: impl FnMut(Tile<'_>)) {
        for first in (0..images).step_by(self.images) {
            for band in &self.bands {
                let (images, run) = (self.images.min(images - first), band.image.len() * self.width);
                visit(Tile { first, images, band, run, width: self.width });
            }
        }
    }
}

/// Rows of some images in a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tile<'a> {
    /// The first image, counted within its group.
    pub first: usize,
    pub images: usize,
    pub band: &'a Band,
    /// Places in one image of the tile.
    pub run: usize,
    /// Places in one row.
    pub width: usize,
}

/// The places of one image under one filter within a tile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub filter: usize,
    /// The start in the tile, [O, places].
    pub at: usize,
    /// Counted over the images and filters of the group.
    pub plane: usize,
}

impl Tile<'_> {
    /// The places of the tile in a plane of a whole image.
    pub fn places(&self) -> Range<usize> {
        self.band.image.start * self.width..self.band.image.end * self.width
    }

    /// Places in the tile.
    pub fn columns(&self) -> usize {
        self.images * self.run
    }

    /// Calls `visit` with each filter's and each image's places.
    pub fn runs(&self, filters: usize, mut visit: impl FnMut(Run)) {
        for filter in 0..filters {
            for image in 0..self.images {
                let plane = (self.first + image) * filters + filter;
                visit(Run { filter, at: (filter * self.images + image) * self.run, plane });
            }
        }
    }
}
