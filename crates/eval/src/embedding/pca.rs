//! Principal components by a random sketch and subspace iteration: far fewer steps than a whole decomposition.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Directions more than are asked for, so that the last of them are found too.
const OVERSAMPLING: usize = 8;
/// Passes over the rows after the first; each sharpens the split between components that are kept and those that are not.
const PASSES: usize = 4;

/// Rows projected onto their first principal components, most variance first.
///
/// Each component's sign is such that its largest loading is positive.
///
/// # Shapes
/// `rows`: `[n, columns]`, row-major; returns `[n, components]`.
///
/// # Panics
/// If `rows` are no whole rows, or `components` exceed rows or columns.
///
/// # References
/// N. Halko, P.-G. Martinsson, J. A. Tropp, Finding structure with randomness, SIAM Review 53(2), 2011, algorithm 4.4.
pub fn principal_components(rows: &[f32], columns: usize, components: usize, seed: u64) -> Vec<f32> {
    assert!(columns > 0 && rows.len().is_multiple_of(columns), "whole rows");
    let n = rows.len() / columns;
    assert!(components <= n.min(columns), "at most {} components", n.min(columns));
    let mut mean = vec![0.0_f64; columns];
    for row in rows.chunks_exact(columns) {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let mean: Vec<f32> = mean.iter().map(|sum| (sum / n as f64) as f32).collect();
    let centred: Vec<f32> = rows.chunks_exact(columns).flat_map(|row| row.iter().zip(&mean).map(|(value, mean)| value - mean)).collect();

    let wide = (components + OVERSAMPLING).min(n).min(columns);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // One direction a line, so that every product below runs along memory.
    let mut directions: Vec<f32> = (0..wide * columns).map(|_| random.random::<f32>() - 0.5).collect();
    orthonormalise(&mut directions, columns);
    for _ in 0..PASSES {
        directions = forth_and_back(&centred, &directions, columns);
        orthonormalise(&mut directions, columns);
    }
    let scores = project(&centred, &directions, columns);
    rotate(&scores, &directions, columns, wide, components)
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    // Eight sums side by side: a single one could not be vectorised, as additions in floating point do not commute.
    let mut sums = [0.0_f32; 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// `[n, wide]`: each row's product with each direction.
fn project(rows: &[f32], directions: &[f32], columns: usize) -> Vec<f32> {
    rows.chunks_exact(columns).flat_map(|row| directions.chunks_exact(columns).map(|direction| dot(row, direction))).collect()
}

/// The directions times the covariance, but for its divisor.
fn forth_and_back(rows: &[f32], directions: &[f32], columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; directions.len()];
    for row in rows.chunks_exact(columns) {
        for (direction, sum) in directions.chunks_exact(columns).zip(out.chunks_exact_mut(columns)) {
            let weight = dot(row, direction);
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
    }
    out
}

/// Gram and Schmidt, each line twice, which is enough for rounding.
fn orthonormalise(lines: &mut [f32], columns: usize) {
    for index in 0..lines.len() / columns {
        let (before, rest) = lines.split_at_mut(index * columns);
        let line = &mut rest[..columns];
        for again in [false, true] {
            for other in before.chunks_exact(columns) {
                let along = dot(line, other);
                line.iter_mut().zip(other).for_each(|(value, other)| *value -= along * other);
            }
            let length = dot(line, line).sqrt();
            // What shrinks again is rounding of the lines before, a direction that the rows do not have: it becomes nought.
            let own = if again { length > 0.5 } else { length > f32::MIN_POSITIVE };
            let scale = if own { 1.0 / length } else { 0.0 };
            line.iter_mut().for_each(|value| *value *= scale);
        }
    }
}

/// Turns scores within the subspace so that their covariance is diagonal, and keeps the first components.
fn rotate(scores: &[f32], directions: &[f32], columns: usize, wide: usize, components: usize) -> Vec<f32> {
    let mut covariance = vec![0.0_f64; wide * wide];
    for row in scores.chunks_exact(wide) {
        for (a, one) in row.iter().enumerate() {
            for (b, other) in row.iter().enumerate() {
                covariance[a * wide + b] += f64::from(*one) * f64::from(*other);
            }
        }
    }
    let turns = eigenvectors(&mut covariance, wide);
    let mut order: Vec<usize> = (0..wide).collect();
    order.sort_by(|a, b| covariance[b * wide + b].total_cmp(&covariance[a * wide + a]));
    let turns: Vec<Vec<f64>> =
        order[..components].iter().map(|at| signed((0..wide).map(|row| turns[row * wide + at]).collect(), directions, columns)).collect();
    let turned = |row: &[f32], turn: &Vec<f64>| row.iter().zip(turn).map(|(value, weight)| f64::from(*value) * weight).sum::<f64>() as f32;
    scores.chunks_exact(wide).flat_map(|row| turns.iter().map(move |turn| turned(row, turn))).collect()
}

/// The turn, negated if the largest loading of the component that it makes is negative.
fn signed(turn: Vec<f64>, directions: &[f32], columns: usize) -> Vec<f64> {
    let mut largest = 0.0_f64;
    for column in 0..columns {
        let loading: f64 = turn.iter().enumerate().map(|(line, weight)| weight * f64::from(directions[line * columns + column])).sum();
        if loading.abs() > largest.abs() {
            largest = loading;
        }
    }
    if largest < 0.0 { turn.into_iter().map(|weight| -weight).collect() } else { turn }
}

/// Jacobi's rotations: `matrix` becomes diagonal, its eigenvectors are returned as columns.
fn eigenvectors(matrix: &mut [f64], n: usize) -> Vec<f64> {
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|at| vectors[at * n + at] = 1.0);
    for _ in 0..50 {
        let off: f64 = (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| matrix[a * n + b].powi(2)).sum();
        let on: f64 = (0..n).map(|a| matrix[a * n + a].powi(2)).sum();
        if off <= 1e-24 * on {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                turn(matrix, &mut vectors, n, p, q);
            }
        }
    }
    vectors
}

fn turn(matrix: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let between = matrix[p * n + q];
    if between == 0.0 {
        return;
    }
    let slope = (matrix[q * n + q] - matrix[p * n + p]) / (2.0 * between);
    let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for k in 0..n {
        let (a, b) = (matrix[k * n + p], matrix[k * n + q]);
        (matrix[k * n + p], matrix[k * n + q]) = (cosine * a - sine * b, sine * a + cosine * b);
    }
    for k in 0..n {
        let (a, b) = (matrix[p * n + k], matrix[q * n + k]);
        (matrix[p * n + k], matrix[q * n + k]) = (cosine * a - sine * b, sine * a + cosine * b);
        let (a, b) = (vectors[k * n + p], vectors[k * n + q]);
        (vectors[k * n + p], vectors[k * n + q]) = (cosine * a - sine * b, sine * a + cosine * b);
    }
}
