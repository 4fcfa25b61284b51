//! The linear machine with an L2 penalty: coordinate descent in the dual.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::Solved;

/// The scores `w · xᵢ + b` of the training rows, while `w` and `b` are sums of rows.
pub(super) trait Scores {
    /// The score of a row.
    fn score(&self, row: usize) -> f64;
    /// `w += step · x_row`, `b += step`.
    fn add(&mut self, row: usize, step: f64);
}

/// Scores from inner products of rows, [n, n]: a step costs n numbers. For more inputs than rows.
pub(super) struct ByGram<'a> {
    gram: &'a [f32],
    scores: Vec<f64>,
}

impl<'a> ByGram<'a> {
    pub(super) fn new(gram: &'a [f32], n: usize) -> Self {
        Self { gram, scores: vec![0.0; n] }
    }
}

impl Scores for ByGram<'_> {
    fn score(&self, row: usize) -> f64 {
        self.scores[row]
    }

    fn add(&mut self, row: usize, step: f64) {
        let products = &self.gram[row * self.scores.len()..][..self.scores.len()];
        for (score, product) in self.scores.iter_mut().zip(products) {
            *score += step * (f64::from(*product) + 1.0); // 1: the intercept's constant input
        }
    }
}

/// Scores from the weights themselves: a step costs as many numbers as there are inputs.
pub(super) struct ByWeights<'a> {
    x: &'a [f32],
    weights: Vec<f64>,
    bias: f64,
}

impl<'a> ByWeights<'a> {
    pub(super) fn new(x: &'a [f32], inputs: usize) -> Self {
        Self { x, weights: vec![0.0; inputs], bias: 0.0 }
    }

    fn row(&self, row: usize) -> &'a [f32] {
        &self.x[row * self.weights.len()..][..self.weights.len()]
    }
}

impl Scores for ByWeights<'_> {
    fn score(&self, row: usize) -> f64 {
        self.bias + self.row(row).iter().zip(&self.weights).map(|(x, weight)| f64::from(*x) * weight).sum::<f64>()
    }

    fn add(&mut self, row: usize, step: f64) {
        let row = self.row(row);
        self.weights.iter_mut().zip(row).for_each(|(weight, x)| *weight += step * f64::from(*x));
        self.bias += step;
    }
}

/// Minimises `(|w|² + b²) / 2 + C Σ max(0, 1 - yᵢ (w · xᵢ + b))²`: liblinear's intercept is the weight of a constant input 1,
/// and is penalised with the others. The coefficients βᵢ that come out give `w = Σ βᵢ xᵢ` and `b = Σ βᵢ`.
///
/// It ends when the projected gradients of all rows lie within `tolerance` of one another. Rows are taken in an order drawn
/// anew each pass, from one seed; those at rest are left out until the rest has settled.
///
/// # Shapes
/// `y` `[n]` of ±1, `norms` `[n]`: |xᵢ|² + 1.
///
/// # References
/// Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, algorithm 3; liblinear 2.x, `solve_l2r_l1l2_svc`.
pub(super) fn solve(scores: &mut dyn Scores, y: &[f64], norms: &[f64], c: f64, tolerance: f64, max_iterations: usize) -> Solved {
    let shift = 0.5 / c;
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut order: Vec<usize> = (0..y.len()).collect();
    let mut alpha = vec![0.0f64; y.len()];
    let mut active = y.len();
    let mut highest_before = f64::INFINITY;
    let mut range = f64::INFINITY;
    let mut iterations = 0;
    let mut converged = false;
    while iterations < max_iterations && !converged {
        let (mut highest, mut lowest) = (f64::NEG_INFINITY, f64::INFINITY);
        order[..active].shuffle(&mut rng);
        let mut place = 0;
        while place < active {
            let row = order[place];
            let gradient = y[row] * scores.score(row) - 1.0 + shift * alpha[row];
            if alpha[row] == 0.0 && gradient > highest_before {
                active -= 1;
                order.swap(place, active);
                continue;
            }
            let projected = if alpha[row] == 0.0 { gradient.min(0.0) } else { gradient };
            (highest, lowest) = (highest.max(projected), lowest.min(projected));
            if projected.abs() > 1e-12 {
                let before = alpha[row];
                alpha[row] = (before - gradient / (norms[row] + shift)).max(0.0);
                scores.add(row, y[row] * (alpha[row] - before));
            }
            place += 1;
        }
        iterations += 1;
        range = highest - lowest;
        highest_before = if highest > 0.0 { highest } else { f64::INFINITY };
        if range <= tolerance {
            converged = active == y.len();
            (active, highest_before) = (y.len(), f64::INFINITY);
        }
    }
    let beta: Vec<f64> = alpha.iter().zip(y).map(|(alpha, y)| alpha * y).collect();
    Solved { bias: beta.iter().sum(), values: beta, iterations, violation: range, converged }
}
