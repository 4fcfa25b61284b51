//! How fast the machine multiplies matrices and moves memory: the roof over everything else.
//!
//! `cargo run --release -p segno-kernels --example roof -- matrix M K N` multiplies [M, K] by [K, N], f32;
//! `… -- triad MIB` computes a = b + s·c over three arrays of that size. Both on all threads of the pool.

use std::error::Error;

use rayon::prelude::*;
use segno_bench::{Line, rate};
use segno_kernels::{Mat, MatMut, Threads, matmul};

/// Work of one pass, so that the clock's own cost is nothing beside it.
const OPERATIONS: usize = 20_000_000_000;
const PASSES: usize = 5;

fn noise(length: usize) -> Vec<f32> {
    (0..length).map(|i| f32::from(((i as u32).wrapping_mul(2_654_435_761) >> 16) as u16) / 32_768.0 - 1.0).collect()
}

fn matrix(m: usize, k: usize, n: usize) -> Line {
    let (a, b, mut product) = (noise(m * k), noise(k * n), vec![0.0; m * n]);
    let operations = 2 * m * k * n;
    let products = OPERATIONS.div_ceil(operations);
    let gigaflops = rate(products * operations, PASSES, || {
        for _ in 0..products {
            matmul(MatMut::rows(&mut product, m, n), false, Mat::rows(&a, m, k), Mat::rows(&b, k, n), Threads::Pool);
        }
    }) / 1e9;
    Line::new("matrix product", gigaflops, "GFLOP/s").work(format!("{m} × {k} × {n}"))
}

fn triad(mib: usize) -> Line {
    let length = mib << 18;
    let (mut a, b, c) = (vec![0.0; length], noise(length), noise(length));
    let part = length.div_ceil(rayon::current_num_threads());
    let gigabytes = rate(3 * 4 * length, PASSES, || {
        a.par_chunks_mut(part).zip(b.par_chunks(part)).zip(c.par_chunks(part)).for_each(|((a, b), c)| {
            a.iter_mut().zip(b).zip(c).for_each(|((a, b), c)| *a = *b + 0.5 * *c);
        });
        std::hint::black_box(&mut a);
    }) / 1e9;
    Line::new("triad", gigabytes, "GB/s").work(format!("3 × {mib} MiB"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sizes = arguments.iter().skip(1).map(|size| size.parse()).collect::<Result<Vec<usize>, _>>()?;
    match (arguments.first().map(String::as_str), sizes.as_slice()) {
        (Some("matrix"), [m, k, n]) if m * k * n > 0 => matrix(*m, *k, *n).print(),
        (Some("triad"), [mib]) if *mib > 0 => triad(*mib).print(),
        _ => return Err(format!("expected `matrix M K N` or `triad MIB`, found {arguments:?}").into()),
    }
    Ok(())
}
