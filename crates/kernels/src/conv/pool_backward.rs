//! The backward pass of batch normalisation and pooling: sums over a plane, and its gradient.

use crate::{
    Activation,
    conv::{activate::derivative, pool::PoolShape, tiling::Band},
};

/// A plane of an image before pooling, where its largest elements are, and the gradient of the pooled plane.
#[derive(Clone, Copy)]
pub(crate) struct PooledPlane<'a> {
    pub shape: &'a PoolShape,
    pub band: &'a Band,
    pub plane: &'a [f32],
    pub largest: &'a [u8],
    pub gradient: &'a [f32],
}

/// What lies behind a pooling: a batch's gradient, and where in its window each largest element is.
#[derive(Clone, Copy)]
pub(crate) struct Behind<'a> {
    pub shape: &'a PoolShape,
    /// [planes, H', W']; empty without pooling.
    pub largest: &'a [u8],
    /// [planes, H', W']
    pub gradient: &'a [f32],
}

impl<'a> Behind<'a> {
    /// A band of the batch's `index`th plane, of which `values` are the rows before pooling.
    pub fn plane(&self, index: usize, band: &'a Band, values: &'a [f32]) -> PooledPlane<'a> {
        let width = self.shape.output()[1];
        let places = index * self.shape.places() + band.pooled.start * width..index * self.shape.places() + band.pooled.end * width;
        let largest = if self.largest.is_empty() { &[] } else { &self.largest[places.clone()] };
        PooledPlane { shape: self.shape, band, plane: values, largest, gradient: &self.gradient[places] }
    }
}

const LANES: usize = 16;

/// Sums in lanes, so that the compiler may use vectors; the order is fixed.
#[derive(Clone, Copy)]
struct Lanes([f32; LANES]);

impl Lanes {
    #[inline(always)]
    fn total(self) -> f64 {
        self.0.iter().map(|&value| f64::from(value)).sum()
    }
}

/// Σ g and Σ g (pooled x - mean): what the gradients of β and γ are made of.
pub(crate) struct Products<'a> {
    pub pooled: PooledPlane<'a>,
    pub mean: f32,
}

impl pulp::NullaryFnOnce for Products<'_> {
    type Output = [f64; 2];

    #[inline(always)]
    fn call(self) -> [f64; 2] {
        let PooledPlane { shape, band, plane, largest, gradient } = self.pooled;
        let mean = self.mean;
        let width = shape.size[1];
        let [of_largest, of_mean] = shape.shares();
        let mut totals = [0.0f64; 2];
        // A row at a time: `value` gives the pooled element, centred.
        let mut row = |gradient: &[f32], value: &dyn Fn(usize) -> f32| {
            for (at, &gradient) in gradient.iter().enumerate() {
                totals[0] += f64::from(gradient);
                totals[1] += f64::from(gradient * value(at));
            }
        };
        if shape.identity() {
            let (mut sum, mut product) = (Lanes([0.0; LANES]), Lanes([0.0; LANES]));
            let (gradients, planes) = (gradient.chunks_exact(LANES), plane.chunks_exact(LANES));
            row(gradients.remainder(), &|at| planes.remainder()[at] - mean);
            for (gradient, plane) in gradients.zip(planes) {
                for lane in 0..LANES {
                    sum.0[lane] += gradient[lane];
                    product.0[lane] += gradient[lane] * (plane[lane] - mean);
                }
            }
            totals = [totals[0] + sum.total(), totals[1] + product.total()];
        } else if shape.quads() {
            let count = shape.spans[1].output;
            let (mut sum, mut product) = (Lanes([0.0; LANES]), Lanes([0.0; LANES]));
            for ((gradient, largest), rows) in
                gradient.chunks_exact(count).zip(largest.chunks_exact(count)).zip(plane.chunks_exact(2 * width))
            {
                let (top, bottom) = rows.split_at(width);
                let value = |top: &[f32], bottom: &[f32], at: usize, largest: u8| {
                    let [a, b, c, d] = [top[2 * at], top[2 * at + 1], bottom[2 * at], bottom[2 * at + 1]];
                    let above = if largest == 0 { a } else { b };
                    let below = if largest == 2 { c } else { d };
                    of_largest * if largest < 2 { above } else { below } + of_mean * 0.25 * ((a + b) + (c + d)) - mean
                };
                let whole = count / LANES * LANES;
                for first in (0..whole).step_by(LANES) {
                    let (top, bottom) = (&top[2 * first..][..2 * LANES], &bottom[2 * first..][..2 * LANES]);
                    let (gradient, largest) = (&gradient[first..][..LANES], &largest[first..][..LANES]);
                    for lane in 0..LANES {
                        sum.0[lane] += gradient[lane];
                        product.0[lane] += gradient[lane] * value(top, bottom, lane, largest[lane]);
                    }
                }
                row(&gradient[whole..], &|at| value(top, bottom, whole + at, largest[whole + at]));
            }
            totals = [totals[0] + sum.total(), totals[1] + product.total()];
        } else {
            shape.windows(band, |at, rows, columns| {
                let (wide, count) = (columns.len(), (rows.len() * columns.len()) as f32);
                let best = usize::from(largest[at]);
                let best = plane[(rows.start + best / wide) * width + columns.start + best % wide];
                let sum: f32 = rows.map(|row| plane[row * width..][columns.clone()].iter().sum::<f32>()).sum();
                row(&gradient[at..=at], &|_| of_largest * best + of_mean * sum / count - mean);
            });
        }
        totals
    }
}

/// The numbers of one channel in the backward pass of batch normalisation:
/// `dx = factor · dy + constant + slope (x - mean)`, dy the gradient before pooling.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slopes {
    pub factor: f32,
    pub constant: f32,
    pub slope: f32,
    pub mean: f32,
}

/// The gradient before the activation, from that behind the pooling.
pub(crate) struct Unpool<'a> {
    pub pooled: PooledPlane<'a>,
    pub slopes: Slopes,
    pub activation: Activation,
    /// As the plane.
    pub out: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Unpool<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.activation {
            Activation::Linear => unpool(self.pooled, self.slopes, derivative::<0>, self.out),
            Activation::Relu => unpool(self.pooled, self.slopes, derivative::<1>, self.out),
            Activation::Elu => unpool(self.pooled, self.slopes, derivative::<2>, self.out),
        }
    }
}

#[inline(always)]
fn unpool(pooled: PooledPlane<'_>, slopes: Slopes, derivative: impl Fn(f32) -> f32 + Copy, out: &mut [f32]) {
    let PooledPlane { shape, band, plane, largest, gradient } = pooled;
    let width = shape.size[1];
    let [of_largest, of_mean] = shape.shares().map(|share| share * slopes.factor);
    let base = |x: f32| slopes.constant + slopes.slope * (x - slopes.mean);
    if shape.identity() {
        for ((out, &x), gradient) in out.iter_mut().zip(plane).zip(gradient) {
            *out = derivative(x) * (base(x) + slopes.factor * gradient);
        }
        return;
    }
    let count = shape.spans[1].output;
    if shape.quads() && shape.size == [2 * shape.spans[0].output, 2 * count] {
        let rows = out.chunks_exact_mut(2 * width).zip(plane.chunks_exact(2 * width));
        for ((gradient, largest), (out, plane)) in gradient.chunks_exact(count).zip(largest.chunks_exact(count)).zip(rows) {
            for (line, (out, plane)) in out.chunks_exact_mut(width).zip(plane.chunks_exact(width)).enumerate() {
                let left = 2 * line as u8;
                let (out, plane) = (&mut out[..2 * count], &plane[..2 * count]);
                for at in 0..count {
                    let (to_largest, to_all) = (of_largest * gradient[at], of_mean * 0.25 * gradient[at]);
                    for side in 0..2 {
                        let x = plane[2 * at + side];
                        let here = if largest[at] == left + side as u8 { to_largest } else { 0.0 };
                        out[2 * at + side] = derivative(x) * (base(x) + to_all + here);
                    }
                }
            }
        }
        return;
    }
    out.iter_mut().zip(plane).for_each(|(out, &x)| *out = base(x));
    shape.windows(band, |at, rows, columns| {
        let (wide, count) = (columns.len(), (rows.len() * columns.len()) as f32);
        let best = usize::from(largest[at]);
        out[(rows.start + best / wide) * width + columns.start + best % wide] += of_largest * gradient[at];
        if of_mean != 0.0 {
            for row in rows {
                out[row * width..][columns.clone()].iter_mut().for_each(|out| *out += of_mean * gradient[at] / count);
            }
        }
    });
    out.iter_mut().zip(plane).for_each(|(out, &x)| *out *= derivative(x));
}
