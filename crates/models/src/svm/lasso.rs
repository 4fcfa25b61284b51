//! The linear machine with an L1 penalty: coordinate descent over the weights.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::Solved;

/// Share of the predicted decrease that a step must bring.
const DECREASE: f64 = 0.01;
/// How often a step is halved before it is taken as it is.
const HALVINGS: usize = 20;

/// Minimises `Σ|w| + |b| + C Σ max(0, 1 - yᵢ (w · xᵢ + b))²`: liblinear's intercept is the weight of a constant input 1, and is
/// penalised with the others.
///
/// It ends when the violations of the optimum's conditions, summed over the inputs, are at most
/// `tolerance · min(positive rows, negative rows) / n` of what they were in the first pass, at least one row counted:
/// liblinear's rule, which scikit-learn passes its tolerance to. [`Solved::violation`] is that share over the fraction of rows.
///
/// # Shapes
/// `columns` [inputs, n], `y` `[n]` of ±1.
///
/// # References
/// Yuan, Chang, Hsieh, Lin 2010, section 4; Fan, Chang, Hsieh, Wang, Lin 2008; liblinear 2.x, `solve_l1r_l2_svc`.
pub(super) fn solve(columns: &[f32], y: &[f64], c: f64, tolerance: f64, max_iterations: usize) -> Solved {
    let n = y.len();
    let inputs = columns.len() / n; // and one more: the constant
    let ones = vec![1.0f32; n];
    let positive = y.iter().filter(|y| **y > 0.0).count();
    let fraction = positive.min(n - positive).max(1) as f64 / n as f64;
    let mut problem = Problem { y, c, weights: vec![0.0; inputs + 1], slack: vec![1.0; n] };
    let column = |input: usize| if input < inputs { &columns[input * n..][..n] } else { &ones[..] };
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut order: Vec<usize> = (0..=inputs).collect();
    let mut active = order.len();
    let mut largest_before = f64::INFINITY;
    let (mut first, mut share) = (None, f64::INFINITY);
    let mut iterations = 0;
    let mut converged = false;
    while iterations < max_iterations && !converged {
        let (mut largest, mut sum) = (0.0f64, 0.0);
        order[..active].shuffle(&mut rng);
        let mut place = 0;
        while place < active {
            let input = order[place];
            let slope = problem.slope(column(input));
            if problem.weights[input] == 0.0 && slope.gradient.abs() < 1.0 - largest_before / n as f64 {
                active -= 1;
                order.swap(place, active);
                continue;
            }
            let violation = slope.violation(problem.weights[input]);
            (largest, sum) = (largest.max(violation), sum + violation);
            if !problem.step(column(input), input, &slope) {
                problem.measure(&column);
            }
            place += 1;
        }
        iterations += 1;
        let first = *first.get_or_insert(sum);
        share = if first > 0.0 { sum / first / fraction } else { 0.0 };
        largest_before = largest;
        if share <= tolerance {
            converged = active == order.len();
            (active, largest_before) = (order.len(), f64::INFINITY);
        }
    }
    let bias = problem.weights.pop().expect("the constant's weight is the last");
    Solved { values: problem.weights, bias, iterations, violation: share, converged }
}

struct Problem<'a> {
    y: &'a [f64],
    c: f64,
    /// [inputs + 1], the constant's last.
    weights: Vec<f64>,
    /// 1 - yᵢ (w · xᵢ + b)
    slack: Vec<f64>,
}

/// The loss along one input.
struct Slope {
    gradient: f64,
    curvature: f64,
    /// C Σ xᵢ²: half of the largest curvature there can be.
    bound: f64,
}

impl Slope {
    fn violation(&self, weight: f64) -> f64 {
        if weight == 0.0 { (self.gradient.abs() - 1.0).max(0.0) } else { (self.gradient + weight.signum()).abs() }
    }
}

impl Problem<'_> {
    fn slope(&self, column: &[f32]) -> Slope {
        let (mut gradient, mut curvature, mut bound) = (0.0, 0.0, 0.0);
        for ((x, y), slack) in column.iter().zip(self.y).zip(&self.slack) {
            let x = f64::from(*x);
            bound += x * x;
            if *slack > 0.0 {
                gradient -= x * y * slack;
                curvature += x * x;
            }
        }
        Slope { gradient: 2.0 * self.c * gradient, curvature: (2.0 * self.c * curvature).max(1e-12), bound: self.c * bound }
    }

    /// The loss after a change of one weight, less the loss before.
    fn change(&self, column: &[f32], step: f64) -> f64 {
        let squared_hinge = |slack: f64| slack.max(0.0).powi(2);
        let rows = column.iter().zip(self.y).zip(&self.slack);
        self.c * rows.map(|((x, y), slack)| squared_hinge(slack - step * f64::from(*x) * y) - squared_hinge(*slack)).sum::<f64>()
    }

    /// Newton's step along one input, halved until it brings enough; false when it never did.
    fn step(&mut self, column: &[f32], input: usize, slope: &Slope) -> bool {
        let weight = self.weights[input];
        let Slope { gradient, curvature, bound } = *slope;
        let mut step = if gradient + 1.0 < curvature * weight {
            -(gradient + 1.0) / curvature
        } else if gradient - 1.0 > curvature * weight {
            -(gradient - 1.0) / curvature
        } else {
            -weight
        };
        if step.abs() < 1e-12 {
            return true;
        }
        let mut predicted = (weight + step).abs() - weight.abs() + gradient * step;
        let mut enough = false;
        for halving in 0..HALVINGS {
            let penalty = (weight + step).abs() - weight.abs() - DECREASE * predicted;
            // The bound costs no pass over the rows, and nearly always settles it.
            enough = bound * step * step + gradient * step + penalty <= 0.0 || self.change(column, step) + penalty <= 0.0;
            if enough || halving + 1 == HALVINGS {
                break;
            }
            step *= 0.5;
            predicted *= 0.5;
        }
        self.weights[input] += step;
        for ((slack, x), y) in self.slack.iter_mut().zip(column).zip(self.y) {
            *slack -= step * f64::from(*x) * y;
        }
        enough
    }

    /// The slack afresh from the weights, free of what rounding has gathered.
    fn measure<'c>(&mut self, column: &dyn Fn(usize) -> &'c [f32]) {
        self.slack.fill(1.0);
        for (input, weight) in self.weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            for ((slack, x), y) in self.slack.iter_mut().zip(column(input)).zip(self.y) {
                *slack -= weight * f64::from(*x) * y;
            }
        }
    }
}
