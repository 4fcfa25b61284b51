//! One factor and one summand a channel, then pooling.

use crate::conv::{pool::PoolShape, tiling::Band};

/// Scales, shifts and pools a band of one plane, and notes where in its window each largest element is.
///
/// # Shapes
/// `plane` [rows of the band, W]; `out` and `largest` [pooled rows of the band, W']; without pooling `largest` is empty.
pub(crate) struct PoolPlane<'a> {
    pub shape: &'a PoolShape,
    pub band: &'a Band,
    pub plane: &'a [f32],
    /// Factor and summand.
    pub affine: [f32; 2],
    pub out: &'a mut [f32],
    pub largest: &'a mut [u8],
}

impl pulp::NullaryFnOnce for PoolPlane<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { shape, band, plane, affine: [scale, shift], out, largest } = self;
        let width = shape.size[1];
        let [of_largest, of_mean] = shape.shares();
        if shape.identity() {
            out.iter_mut().zip(plane).for_each(|(y, x)| *y = scale * x + shift);
        } else if shape.quads() {
            let count = shape.spans[1].output;
            for ((out, largest), rows) in
                out.chunks_exact_mut(count).zip(largest.chunks_exact_mut(count)).zip(plane.chunks_exact(2 * width))
            {
                let (top, bottom) = rows.split_at(width);
                let (top, bottom) = (&top[..2 * count], &bottom[..2 * count]);
                for at in 0..count {
                    let [a, b, c, d] = [top[2 * at], top[2 * at + 1], bottom[2 * at], bottom[2 * at + 1]].map(|x| scale * x);
                    let (above, above_at) = if b > a { (b, 1) } else { (a, 0) };
                    let (below, below_at) = if d > c { (d, 3) } else { (c, 2) };
                    let (best, best_at) = if below > above { (below, below_at) } else { (above, above_at) };
                    out[at] = of_largest * best + of_mean * 0.25 * ((a + b) + (c + d)) + shift;
                    largest[at] = best_at;
                }
            }
        } else {
            shape.windows(band, |at, rows, columns| {
                let (mut best, mut best_at, mut sum, mut index) = (f32::NEG_INFINITY, 0, 0.0, 0usize);
                let count = (rows.len() * columns.len()) as f32;
                for row in rows {
                    for x in &plane[row * width..][columns.clone()] {
                        let value = scale * x;
                        if value > best {
                            (best, best_at) = (value, index);
                        }
                        sum += value;
                        index += 1;
                    }
                }
                out[at] = of_largest * best + of_mean * sum / count + shift;
                largest[at] = best_at as u8;
            });
        }
    }
}
