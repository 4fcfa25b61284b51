//! A bounds-checked face for the `gemm` crate: the one place of this crate with `unsafe`.

/// A read-only view of a matrix in a slice.
#[derive(Clone, Copy, Debug)]
pub struct Mat<'a> {
    data: &'a [f32],
    shape: [usize; 2],
    strides: [usize; 2],
}

/// A writable view of a matrix in a slice.
#[derive(Debug)]
pub struct MatMut<'a> {
    data: &'a mut [f32],
    shape: [usize; 2],
    strides: [usize; 2],
}

/// How many threads a product may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// The calling thread alone: for products inside a parallel loop.
    One,
    /// Every thread of the current rayon pool.
    Pool,
}

/// The index behind the last element that a view touches.
fn extent(shape: [usize; 2], strides: [usize; 2]) -> usize {
    if shape[0] == 0 || shape[1] == 0 { 0 } else { (shape[0] - 1) * strides[0] + (shape[1] - 1) * strides[1] + 1 }
}

impl<'a> Mat<'a> {
    /// A view with a stride a dimension.
    ///
    /// # Panics
    /// When the view reaches past the slice.
    pub fn new(data: &'a [f32], shape: [usize; 2], strides: [usize; 2]) -> Self {
        assert!(extent(shape, strides) <= data.len(), "a {shape:?} view with strides {strides:?} reaches past {} elements", data.len());
        Self { data, shape, strides }
    }

    /// A contiguous row-major matrix.
    ///
    /// # Panics
    /// When the slice is too short.
    pub fn rows(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::new(data, [rows, columns], [columns, 1])
    }

    /// The transposed view.
    pub fn transposed(self) -> Self {
        Self { data: self.data, shape: [self.shape[1], self.shape[0]], strides: [self.strides[1], self.strides[0]] }
    }
}

impl<'a> MatMut<'a> {
    /// A view with a stride a dimension.
    ///
    /// # Panics
    /// When the view reaches past the slice, or when two of its elements share a place.
    pub fn new(data: &'a mut [f32], shape: [usize; 2], strides: [usize; 2]) -> Self {
        assert!(extent(shape, strides) <= data.len(), "a {shape:?} view with strides {strides:?} reaches past {} elements", data.len());
        assert!(
            strides[1] == 1 && strides[0] >= shape[1],
            "rows of a written matrix must be contiguous and apart, found strides {strides:?} for {shape:?}"
        );
        Self { data, shape, strides }
    }

    /// A contiguous row-major matrix.
    ///
    /// # Panics
    /// When the slice is too short.
    pub fn rows(data: &'a mut [f32], rows: usize, columns: usize) -> Self {
        Self::new(data, [rows, columns], [columns, 1])
    }
}

/// `target = a · b`, or `target += a · b` with `accumulate`.
///
/// # Shapes
/// `a` [m, k], `b` [k, n], `target` [m, n].
///
/// # Panics
/// When the shapes do not fit.
pub fn matmul(target: MatMut<'_>, accumulate: bool, a: Mat<'_>, b: Mat<'_>, threads: Threads) {
    let [m, k] = a.shape;
    let n = b.shape[1];
    assert!(b.shape[0] == k && target.shape == [m, n], "cannot multiply {:?} by {:?} into {:?}", a.shape, b.shape, target.shape);
    let parallelism = match threads {
        Threads::One => gemm::Parallelism::None,
        Threads::Pool => gemm::Parallelism::Rayon(0),
    };
    let stride = |stride: usize| isize::try_from(stride).expect("a stride within a slice fits isize");
    // SAFETY: `Mat` and `MatMut` checked at construction that every element of the views lies inside its
    // slice; `target` is borrowed mutably, so it overlaps neither `a` nor `b`, and its rows do not overlap.
    #[allow(unsafe_code)]
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            target.data.as_mut_ptr(),
            stride(target.strides[1]),
            stride(target.strides[0]),
            accumulate,
            a.data.as_ptr(),
            stride(a.strides[1]),
            stride(a.strides[0]),
            b.data.as_ptr(),
            stride(b.strides[1]),
            stride(b.strides[0]),
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_sum_in_f64(m in 1usize..20, k in 1usize..40, n in 1usize..20, accumulate: bool, seed in 0u32..1000) {
            let value = |i: usize| ((i as u32).wrapping_mul(2_654_435_761).wrapping_add(seed) % 2001) as f32 / 1000.0 - 1.0;
            let a: Vec<f32> = (0..m * k).map(value).collect();
            let b: Vec<f32> = (0..n * k).map(|i| value(i + 7)).collect(); // read transposed
            let mut got = vec![0.5; m * n];
            matmul(MatMut::rows(&mut got, m, n), accumulate, Mat::rows(&a, m, k), Mat::rows(&b, n, k).transposed(), Threads::Pool);
            for row in 0..m {
                for column in 0..n {
                    let sum: f64 = (0..k).map(|i| f64::from(a[row * k + i]) * f64::from(b[column * k + i])).sum();
                    let expected = if accumulate { 0.5 + sum } else { sum };
                    prop_assert!((f64::from(got[row * n + column]) - expected).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "reaches past")]
    fn a_view_past_the_slice_is_refused() {
        Mat::new(&[0.0; 5], [2, 3], [3, 1]);
    }

    #[test]
    #[should_panic(expected = "cannot multiply")]
    fn shapes_that_do_not_fit_are_refused() {
        matmul(MatMut::rows(&mut [0.0; 4], 2, 2), false, Mat::rows(&[0.0; 6], 2, 3), Mat::rows(&[0.0; 4], 2, 2), Threads::One);
    }
    /// What the `unsafe` block hands over is what the views are: each of them ends where its slice does, and between the
    /// target's rows lies what must stay. Miri sees what a plain run forgives, a read beyond the end above all:
    /// `cargo +nightly miri test -p segno-kernels --lib matmul::tests::nothing_beyond`.
    #[test]
    fn nothing_beyond_the_views_is_read_or_written() {
        const UNTOUCHED: f32 = 9.0;
        let value = |i: usize| (i * 37 % 101) as f32 / 101.0 - 0.5;
        // Around the widths of registers, and products of nothing.
        for (m, k, n) in [(1, 1, 1), (3, 2, 5), (8, 8, 8), (9, 17, 7), (17, 3, 16), (2, 0, 3), (0, 4, 3), (3, 4, 0)] {
            for gap in [0, 3] {
                let [of_a, of_b, of_target] = [[k + gap, 1], [1, k + gap], [n + gap, 1]];
                let a: Vec<f32> = (0..extent([m, k], of_a)).map(value).collect();
                let b: Vec<f32> = (0..extent([k, n], of_b)).map(|i| value(i + 5)).collect();
                let mut target = vec![UNTOUCHED; extent([m, n], of_target)];
                let view = MatMut::new(&mut target, [m, n], of_target);
                matmul(view, false, Mat::new(&a, [m, k], of_a), Mat::new(&b, [k, n], of_b), Threads::One);
                for (at, found) in target.iter().enumerate() {
                    let (row, column) = (at / of_target[0], at % of_target[0]);
                    let sum = || (0..k).map(|i| f64::from(a[row * of_a[0] + i]) * f64::from(b[column * of_b[1] + i])).sum::<f64>();
                    let expected = if column < n { sum() } else { f64::from(UNTOUCHED) };
                    assert!((f64::from(*found) - expected).abs() < 1e-5, "{m} {k} {n}, gap {gap}, {row} {column}: {found}, {expected}");
                }
            }
        }
    }
}
