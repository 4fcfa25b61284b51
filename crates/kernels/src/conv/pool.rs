//! Where the windows of a pooling lie.

use std::ops::Range;

use crate::{Padding, Pool, PoolKind, Span, conv::tiling::Band};

/// A pooling over images of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PoolShape {
    pub pool: Pool,
    pub size: [usize; 2],
    pub spans: [Span; 2],
}

impl PoolShape {
    pub fn new(pool: Pool, size: [usize; 2]) -> Self {
        assert!(pool.window[0] * pool.window[1] <= 256, "a window of {:?} is larger than 256 elements", pool.window);
        Self { pool, size, spans: pool.spans(size) }
    }

    pub fn output(&self) -> [usize; 2] {
        self.spans.map(|span| span.output)
    }

    /// Places of largest elements that are kept of one plane: none without pooling.
    pub fn kept(&self) -> usize {
        if self.identity() { 0 } else { self.places() }
    }

    /// Elements of one pooled plane.
    pub fn places(&self) -> usize {
        self.spans[0].output * self.spans[1].output
    }

    /// Cuts the rows into bands of at most `rows`, or of one window's if that is more.
    pub fn bands(&self, rows: usize) -> Vec<Band> {
        let (window, Span { output, before, .. }) = (self.pool.window[0], self.spans[0]);
        let edge = |place: usize| match place {
            0 => 0,
            place if place == output => self.size[0], // rows left over belong to the last band
            place => place * window - before,
        };
        let step = (rows / window).max(1);
        (0..output)
            .step_by(step)
            .map(|first| (first, (first + step).min(output)))
            .map(|(first, end)| Band { image: edge(first)..edge(end), pooled: first..end })
            .collect()
    }

    /// All rows in one band.
    pub fn whole(&self) -> Band {
        Band { image: 0..self.size[0], pooled: 0..self.spans[0].output }
    }

    pub fn identity(&self) -> bool {
        self.pool.window == [1, 1]
    }

    /// Whether windows are the usual two by two, all inside the image.
    pub fn quads(&self) -> bool {
        self.pool.window == [2, 2] && (self.pool.padding == Padding::Valid || self.size.iter().all(|size| size % 2 == 0))
    }

    /// The elements of a window along an axis that lie inside the image.
    #[inline(always)]
    fn inside(&self, axis: usize, place: usize) -> Range<usize> {
        let (window, before) = (self.pool.window[axis], self.spans[axis].before);
        (place * window).saturating_sub(before)..((place + 1) * window - before).min(self.size[axis])
    }

    /// Calls `visit` with each window's place in the pooled band, and its rows (counted within the band) and columns.
    #[inline(always)]
    pub fn windows(&self, band: &Band, mut visit: impl FnMut(usize, Range<usize>, Range<usize>)) {
        for (row, place) in band.pooled.clone().enumerate() {
            let rows = self.inside(0, place);
            for column in 0..self.spans[1].output {
                visit(
                    row * self.spans[1].output + column,
                    rows.start - band.image.start..rows.end - band.image.start,
                    self.inside(1, column),
                );
            }
        }
    }

    /// The shares of the largest element and of the mean in what becomes of a window.
    pub fn shares(&self) -> [f32; 2] {
        match self.pool.kind {
            PoolKind::Max => [1.0, 0.0],
            PoolKind::MaxAverageMean => [0.5, 0.5],
        }
    }
}
