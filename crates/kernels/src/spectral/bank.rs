//! Filters, transformed once, and what they find in an image.

use std::f64::consts::TAU;

use pulp::{Arch, Simd, WithSimd};

use super::{
    LANES,
    inverse::Inverse,
    vector::{Complex, zero},
};
use crate::{Mat, MatMut, Threads, matmul};

/// Rows of the image that are worked on together, so that a filter's spectrum is read once for all of them.
const ROWS: usize = 4;

/// Filters of `height` rows and `width` columns, whose largest correlation with each window of rows is asked for.
///
/// A direct product of an image of 96 columns with filters of 38 takes 59 × 38 multiplications a row of a filter; here rows are
/// transformed along the columns (to a length at which nothing wraps round into an answer), multiplied bin by bin, and the sum
/// of all rows of a filter is transformed back: some 7 times fewer operations. Results are f32 with the rounding of the transform,
/// the same on every machine.
///
/// # References
/// T. G. Stockham: High-speed convolution and correlation, 1966.
#[derive(Clone, Debug)]
pub struct SpectralBank {
    filters: usize,
    height: usize,
    columns: usize,
    /// Places of a filter along the columns.
    places: usize,
    inverse: Inverse,
    /// `[blocks of filters, bins, height, 2, LANES]`: conjugate spectra, over the length.
    spectra: Vec<f32>,
    /// `[columns, 2 · bins]`: the forward transform as a matrix, real and imaginary part of a bin side by side.
    forward: Vec<f32>,
}

impl SpectralBank {
    /// Transforms filters for images of so many columns.
    ///
    /// # Shapes
    /// `weights` [height, width, filters], as TensorFlow has them.
    ///
    /// # Panics
    /// When a filter is wider than the image, or a size is 0.
    pub fn new(weights: &[f32], [height, width, filters]: [usize; 3], columns: usize) -> Self {
        assert!(height > 0 && filters > 0 && (1..=columns).contains(&width), "filters of {height} × {width} on {columns} columns");
        assert_eq!(weights.len(), height * width * filters, "weights are height × width × filters");
        let length = (columns..).find(|length| Inverse::takes(*length)).expect("a power of two is near");
        let bins = length / 2 + 1;
        let turn = |bin: usize, column: usize| TAU * ((bin * column) % length) as f64 / length as f64;
        let forward = (0..columns)
            .flat_map(|column| (0..bins).flat_map(move |bin| [turn(bin, column).cos() as f32, -turn(bin, column).sin() as f32]))
            .collect();
        let table: Vec<[f64; 2]> = (0..length).map(|at| (TAU * at as f64 / length as f64).sin_cos()).map(|(sin, cos)| [cos, sin]).collect();
        let mut spectra = vec![0.0; filters.div_ceil(LANES) * bins * height * 2 * LANES];
        for filter in 0..filters {
            let (block, lane) = (filter / LANES, filter % LANES);
            for bin in 0..bins {
                for row in 0..height {
                    let mut sum = [0.0; 2];
                    for column in 0..width {
                        let weight = f64::from(weights[(row * width + column) * filters + filter]);
                        let [cos, sin] = table[(bin * column) % length];
                        sum = [sum[0] + weight * cos, sum[1] + weight * sin];
                    }
                    for (part, value) in sum.into_iter().enumerate() {
                        spectra[(((block * bins + bin) * height + row) * 2 + part) * LANES + lane] = (value / length as f64) as f32;
                    }
                }
            }
        }
        Self { filters, height, columns, places: columns - width + 1, inverse: Inverse::new(length), spectra, forward }
    }

    /// For each window of rows and each filter, the largest correlation over the filter's places along the columns.
    ///
    /// # Shapes
    /// `image` [rows, columns] → [rows - height + 1, filters]
    ///
    /// # Panics
    /// When the image is no whole number of rows, or has fewer than a filter.
    pub fn largest(&self, image: &[f32]) -> Vec<f32> {
        let rows = image.len() / self.columns;
        assert!(image.len() == rows * self.columns && rows >= self.height, "{} values for filters of {} rows", image.len(), self.height);
        let width = self.forward.len() / self.columns;
        let mut rows_spectra = vec![0.0; rows * width];
        let transform = Mat::rows(&self.forward, self.columns, width);
        matmul(MatMut::rows(&mut rows_spectra, rows, width), false, Mat::rows(image, rows, self.columns), transform, Threads::One);
        let mut out = vec![0.0; (rows - self.height + 1) * self.filters];
        Arch::new().dispatch(Search { bank: self, rows_spectra: &rows_spectra, out: &mut out });
        out
    }
}

/// The search as pulp takes it, for the registers found.
struct Search<'a> {
    bank: &'a SpectralBank,
    /// `[rows, bins, 2]`
    rows_spectra: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Search<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let SpectralBank { filters, height, places, inverse, .. } = self.bank;
        let width = self.bank.forward.len() / self.bank.columns;
        let bins = width / 2;
        let windows = self.out.len() / filters;
        let (spectra, _) = S::as_simd_f32s(&self.bank.spectra);
        let registers = LANES / S::F32_LANES;
        let mut products = vec![zero(simd); ROWS * bins];
        let mut room = vec![zero(simd); bins];
        for (block, spectra) in spectra.chunks_exact(bins * height * 2 * registers).enumerate() {
            for register in 0..registers {
                let first = block * LANES + register * S::F32_LANES;
                let in_register = S::F32_LANES.min(filters.saturating_sub(first));
                for start in (0..windows).step_by(ROWS) {
                    let together = ROWS.min(windows - start);
                    // Beyond the last window the last is worked on again.
                    let offsets: [usize; ROWS] = std::array::from_fn(|row| (start + row.min(together - 1)) * width);
                    for (bin, filter) in spectra.chunks_exact(height * 2 * registers).enumerate() {
                        let offsets = offsets.map(|offset| offset + 2 * bin);
                        let sums = product(simd, self.rows_spectra, offsets, width, &filter[register..], registers);
                        for row in 0..ROWS {
                            products[row * bins + bin] = sums[row];
                        }
                    }
                    for (row, products) in products.chunks_exact_mut(bins).take(together).enumerate() {
                        let largest = inverse.largest(simd, products, &mut room, *places);
                        let out = &mut self.out[(start + row) * filters..][..*filters];
                        out[first.min(*filters)..][..in_register].copy_from_slice(&pulp::bytemuck::cast_slice(&[largest])[..in_register]);
                    }
                }
            }
        }
    }
}

/// One bin of the answers of a few windows: the sum over a filter's rows, whose parts lie `registers` apart.
#[inline(always)]
fn product<S: Simd>(
    simd: S,
    rows_spectra: &[f32],
    offsets: [usize; ROWS],
    width: usize,
    filter: &[S::f32s],
    registers: usize,
) -> [Complex<S>; ROWS] {
    let mut sums = [zero(simd); ROWS];
    for (tap, parts) in filter.chunks(2 * registers).enumerate() {
        let (wr, wi) = (parts[0], parts[registers]);
        for row in 0..ROWS {
            let at = offsets[row] + tap * width;
            let (xr, xi) = (simd.splat_f32s(rows_spectra[at]), simd.splat_f32s(rows_spectra[at + 1]));
            let [real, imaginary] = sums[row];
            sums[row] = [
                simd.negate_mul_add_f32s(xi, wi, simd.mul_add_f32s(xr, wr, real)),
                simd.mul_add_f32s(xi, wr, simd.mul_add_f32s(xr, wi, imaginary)),
            ];
        }
    }
    sums
}
