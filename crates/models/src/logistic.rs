//! Logistic regression, multinomial or one-vs-rest: a convex fit by L-BFGS, on plain slices.

use segno_kernels::{Mat, MatMut, Threads, matmul};

use crate::classical::{Fitted, LinearHead, Task};
use crate::{Descent, LogisticConfig, Scheme};

/// Fits a task at a time.
pub(crate) fn fit(config: &LogisticConfig, x: &[f32], tasks: &[Task<'_>]) -> Fitted {
    let mut whole = Fitted { weights: vec![], iterations: 0, violation: 0.0, converged: true };
    for (head, task) in tasks.iter().enumerate() {
        let (layer, descent) = descend(config, x, task);
        whole.weights.extend(layer.named(head));
        whole.iterations += descent.iterations;
        whole.violation = whole.violation.max(descent.gradient);
        whole.converged &= descent.gradient <= config.tolerance;
    }
    whole
}

/// Minimises `mean loss + Σ w² / (2 C n)`, the bias unpenalised: scikit-learn's `LogisticRegression(C=c)` by L-BFGS, and its
/// `OneVsRestClassifier` of it. The loss of a row is `-ln softmax` of its class, or, one against the rest, the sum over
/// the classes of `ln(1 + e^-±z)`: the classes' problems, which share no parameter, are minimised side by side.
///
/// liblinear penalises the bias with the weights: its one-vs-rest, scikit-learn's default when the paper was written, is another
/// optimum.
///
/// # References
/// Irvin, Chartock, Hollander 2016, Figure 3; Nocedal and Wright 2006, algorithms 7.4 and 7.5.
fn descend(config: &LogisticConfig, x: &[f32], task: &Task<'_>) -> (LinearHead, Descent) {
    let problem = Problem::new(config, x, task);
    let mut parameters = vec![0.0f64; (problem.inputs + 1) * task.classes];
    let (mut objective, mut gradient) = problem.evaluate(&parameters);
    let mut memory = Memory::default();
    let mut iterations = 0;
    while largest(&gradient) > config.tolerance && iterations < config.max_iterations {
        let direction = memory.direction(&gradient);
        let Some(step) = problem.search(&parameters, objective, &gradient, &direction, iterations == 0) else {
            break; // no step lowers the objective further in f32: as far as it goes
        };
        let moved: Vec<f64> = step.parameters.iter().zip(&parameters).map(|(new, old)| new - old).collect();
        let bent: Vec<f64> = step.gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        memory.remember(moved, bent);
        (parameters, objective, gradient) = (step.parameters, step.objective, step.gradient);
        iterations += 1;
    }
    let (weights, bias) = parameters.split_at(problem.inputs * task.classes);
    let narrow = |values: &[f64]| values.iter().map(|value| *value as f32).collect();
    (LinearHead { weights: narrow(weights), bias: narrow(bias) }, Descent { iterations, gradient: largest(&gradient) })
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

struct Problem<'a> {
    x: &'a [f32],
    labels: &'a [usize],
    inputs: usize,
    classes: usize,
    penalty: f64,
    scheme: Scheme,
}

/// A point that the line search accepted.
struct Point {
    parameters: Vec<f64>,
    objective: f64,
    gradient: Vec<f64>,
}

impl<'a> Problem<'a> {
    fn new(config: &LogisticConfig, x: &'a [f32], task: &Task<'a>) -> Self {
        let n = task.labels.len();
        let (inputs, penalty) = (x.len() / n, 1.0 / (config.c * n as f64));
        Self { x, labels: task.labels, inputs, classes: task.classes, penalty, scheme: config.scheme }
    }

    /// Objective and gradient; the two products run in f32, the sums around them in f64.
    fn evaluate(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let (n, inputs, classes) = (self.labels.len(), self.inputs, self.classes);
        let (weights, bias) = parameters.split_at(inputs * classes);
        let narrow: Vec<f32> = weights.iter().map(|weight| *weight as f32).collect();
        let mut logits = vec![0.0f32; n * classes];
        matmul(
            MatMut::rows(&mut logits, n, classes),
            false,
            Mat::rows(self.x, n, inputs),
            Mat::rows(&narrow, inputs, classes),
            Threads::Pool,
        );
        let mut loss = 0.0;
        let mut gradient = vec![0.0f64; parameters.len()];
        for (row, label) in logits.chunks_exact_mut(classes).zip(self.labels) {
            let scores: Vec<f64> = row.iter().zip(bias).map(|(value, bias)| f64::from(*value) + bias).collect();
            let (row_loss, residuals) = self.scheme.loss(&scores, *label);
            loss += row_loss;
            for ((value, residual), gradient) in row.iter_mut().zip(&residuals).zip(&mut gradient[inputs * classes..]) {
                *gradient += residual / n as f64;
                *value = (residual / n as f64) as f32;
            }
        }
        let mut product = vec![0.0f32; inputs * classes];
        matmul(
            MatMut::rows(&mut product, inputs, classes),
            false,
            Mat::rows(self.x, n, inputs).transposed(),
            Mat::rows(&logits, n, classes),
            Threads::Pool,
        );
        for ((gradient, product), weight) in gradient.iter_mut().zip(&product).zip(weights) {
            *gradient = f64::from(*product) + self.penalty * weight;
        }
        (loss / n as f64 + 0.5 * self.penalty * dot(weights, weights), gradient)
    }

    /// A step that satisfies the weak Wolfe conditions, by bisection and doubling.
    fn search(&self, from: &[f64], objective: f64, gradient: &[f64], direction: &[f64], first: bool) -> Option<Point> {
        const DECREASE: f64 = 1e-4;
        const CURVATURE: f64 = 0.9;
        let slope = dot(gradient, direction);
        if slope >= 0.0 {
            return None;
        }
        let (mut low, mut high) = (0.0, f64::INFINITY);
        // Without curvature known, a step of unit length; L-BFGS directions come scaled.
        let mut step = if first { dot(direction, direction).sqrt().recip().min(1.0) } else { 1.0 };
        for _ in 0..30 {
            let parameters: Vec<f64> = from.iter().zip(direction).map(|(from, direction)| from + step * direction).collect();
            let (reached, gradient) = self.evaluate(&parameters);
            if reached > objective + DECREASE * step * slope {
                high = step;
            } else if dot(&gradient, direction) < CURVATURE * slope {
                low = step;
            } else {
                return Some(Point { parameters, objective: reached, gradient });
            }
            step = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * low };
        }
        None
    }
}

impl Scheme {
    /// The loss of a row of scores, and its derivative by each.
    fn loss(self, scores: &[f64], label: usize) -> (f64, Vec<f64>) {
        let truth = |class: usize| f64::from(u8::from(class == label));
        match self {
            Self::Multinomial => {
                let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = scores.iter().map(|score| (score - top).exp()).sum();
                let residual = |(class, score): (usize, &f64)| (score - top).exp() / sum - truth(class);
                (top + sum.ln() - scores[label], scores.iter().enumerate().map(residual).collect())
            }
            Self::OneVsRest => {
                // ln(1 + e^z) without overflow
                let softplus = |z: f64| z.max(0.0) + (-z.abs()).exp().ln_1p();
                let loss = scores.iter().enumerate().map(|(class, score)| softplus(*score) - truth(class) * score).sum();
                let residual = |(class, score): (usize, &f64)| 1.0 / (1.0 + (-score).exp()) - truth(class);
                (loss, scores.iter().enumerate().map(residual).collect())
            }
        }
    }
}

/// The last steps and what they did to the gradient.
#[derive(Default)]
struct Memory(Vec<(Vec<f64>, Vec<f64>, f64)>);

impl Memory {
    const LENGTH: usize = 10;

    fn remember(&mut self, moved: Vec<f64>, bent: Vec<f64>) {
        let curvature = dot(&moved, &bent);
        if curvature > 0.0 {
            if self.0.len() == Self::LENGTH {
                self.0.remove(0);
            }
            self.0.push((moved, bent, curvature));
        }
    }

    /// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q: Vec<f64> = gradient.iter().map(|gradient| -gradient).collect();
        let mut factors = Vec::with_capacity(self.0.len());
        for (moved, bent, curvature) in self.0.iter().rev() {
            let factor = dot(moved, &q) / curvature;
            q.iter_mut().zip(bent).for_each(|(q, bent)| *q -= factor * bent);
            factors.push(factor);
        }
        if let Some((_, bent, curvature)) = self.0.last() {
            let scale = curvature / dot(bent, bent);
            q.iter_mut().for_each(|q| *q *= scale);
        }
        for ((moved, bent, curvature), factor) in self.0.iter().zip(factors.into_iter().rev()) {
            let correction = factor - dot(bent, &q) / curvature;
            q.iter_mut().zip(moved).for_each(|(q, moved)| *q += correction * moved);
        }
        q
    }
}
