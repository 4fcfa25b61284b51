//! Kernels of training rows, from one matrix product.

use rayon::prelude::*;
use segno_kernels::{Mat, MatMut, Threads, matmul};

use super::SvmKernel;

/// Inner products of rows.
///
/// # Shapes
/// `x` [n, inputs] → [n, n].
pub(super) fn gram(x: &[f32], inputs: usize) -> Vec<f32> {
    let n = x.len() / inputs;
    let rows = Mat::rows(x, n, inputs);
    let mut products = vec![0.0; n * n];
    matmul(MatMut::rows(&mut products, n, n), false, rows, rows.transposed(), Threads::Pool);
    products
}

/// Kernels of all pairs of rows, and those of each row with itself.
///
/// # Shapes
/// `x` [n, inputs] → [n, n], `[n]`.
pub(super) fn matrix(kernel: SvmKernel, gamma: f64, x: &[f32], inputs: usize) -> (Vec<f32>, Vec<f64>) {
    let squares: Vec<f64> = x.chunks_exact(inputs).map(|row| row.iter().map(|value| f64::from(*value).powi(2)).sum()).collect();
    let mut matrix = gram(x, inputs);
    matrix.par_chunks_exact_mut(squares.len()).zip(&squares).for_each(|(row, square)| {
        for (product, other) in row.iter_mut().zip(&squares) {
            let product_of_rows = f64::from(*product);
            *product = of(kernel, gamma, product_of_rows, square + other - 2.0 * product_of_rows) as f32;
        }
    });
    let diagonal = squares.iter().map(|square| of(kernel, gamma, *square, 0.0)).collect();
    (matrix, diagonal)
}

/// The kernel of two rows, given their inner product and the square of their distance.
fn of(kernel: SvmKernel, gamma: f64, product: f64, distance: f64) -> f64 {
    match kernel {
        SvmKernel::Linear { .. } => product,
        SvmKernel::Rbf { .. } => (-gamma * distance.max(0.0)).exp(),
        SvmKernel::Polynomial { degree, coef0, .. } => (gamma * product + coef0).powi(degree.into()),
        SvmKernel::Sigmoid { coef0, .. } => (gamma * product + coef0).tanh(),
    }
}
