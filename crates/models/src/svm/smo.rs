//! The kernel machine of two sides: sequential minimal optimisation.

use super::Solved;

/// What LIBSVM puts in the place of a curvature that is not above 0: kernels that are not positive definite have some.
const TAU: f64 = 1e-12;

/// Maximises `Σ yᵢ βᵢ - Σ βᵢ βⱼ Kᵢⱼ / 2` over `0 ≤ yᵢ βᵢ ≤ C`, `Σ βᵢ = 0`: the dual of the hinge loss weighted by C. The machine
/// says `Σ βᵢ K(xᵢ, x) + bias`.
///
/// Each step moves one βᵢ up and one βⱼ down by as much: i has the steepest ascent, j the largest gain with i by the
/// quadratic model. It ends when no pair gains more than `tolerance` a unit.
///
/// # Shapes
/// `kernel` [n, n] symmetric, `diagonal` `[n]`, `y` `[n]` of ±1.
///
/// # References
/// Fan, Chen, Lin 2005, working set selection WSS 2; LIBSVM 3.3, `Solver::Solve`, without its shrinking: the whole kernel
/// matrix is at hand.
pub(super) fn solve(kernel: &[f32], diagonal: &[f64], y: &[f64], c: f64, tolerance: f64, max_iterations: usize) -> Solved {
    let n = y.len();
    let rows: Vec<&[f32]> = kernel.chunks_exact(n).collect();
    let mut machine = Machine { c, y, beta: vec![0.0; n], ascent: y.to_vec() };
    let mut iterations = 0;
    let (violation, converged) = loop {
        let pair = machine.pair(&rows, diagonal);
        let violation = pair.as_ref().map_or(0.0, |pair| pair.violation);
        match pair {
            Some(pair) if violation >= tolerance && iterations < max_iterations => machine.step(&rows, diagonal, &pair),
            _ => break (violation, violation < tolerance),
        }
        iterations += 1;
    };
    Solved { bias: machine.bias(), values: machine.beta, iterations, violation, converged }
}

struct Machine<'a> {
    c: f64,
    y: &'a [f64],
    beta: Vec<f64>,
    /// The objective's derivatives: yᵢ - Σ βⱼ Kᵢⱼ.
    ascent: Vec<f64>,
}

struct Pair {
    up: usize,
    down: usize,
    violation: f64,
}

impl Machine<'_> {
    fn highest(&self, row: usize) -> f64 {
        if self.y[row] > 0.0 { self.c } else { 0.0 }
    }

    fn lowest(&self, row: usize) -> f64 {
        self.highest(row) - self.c
    }

    /// The next pair; none when none can move.
    fn pair(&self, rows: &[&[f32]], diagonal: &[f64]) -> Option<Pair> {
        let mut up = None;
        let mut steepest = f64::NEG_INFINITY;
        for (row, ascent) in self.ascent.iter().enumerate() {
            if *ascent >= steepest && self.beta[row] < self.highest(row) {
                (up, steepest) = (Some(row), *ascent);
            }
        }
        let up = up?;
        let mut down = None;
        let (mut gain, mut flattest) = (f64::NEG_INFINITY, f64::INFINITY);
        for (row, (ascent, product)) in self.ascent.iter().zip(rows[up]).enumerate() {
            if self.beta[row] > self.lowest(row) {
                flattest = flattest.min(*ascent);
                let slope = steepest - ascent;
                if slope > 0.0 {
                    let found = slope * slope / curvature(diagonal[up] + diagonal[row] - 2.0 * f64::from(*product));
                    if found >= gain {
                        (down, gain) = (Some(row), found);
                    }
                }
            }
        }
        Some(Pair { up, down: down?, violation: steepest - flattest })
    }

    fn step(&mut self, rows: &[&[f32]], diagonal: &[f64], pair: &Pair) {
        let Pair { up, down, .. } = *pair;
        let curvature = curvature(diagonal[up] + diagonal[down] - 2.0 * f64::from(rows[up][down]));
        let (room_up, room_down) = (self.highest(up) - self.beta[up], self.beta[down] - self.lowest(down));
        let step = ((self.ascent[up] - self.ascent[down]) / curvature).min(room_up).min(room_down);
        // At a bound, exactly at it: what counts as free is told by equality.
        self.beta[up] = if step == room_up { self.highest(up) } else { self.beta[up] + step };
        self.beta[down] = if step == room_down { self.lowest(down) } else { self.beta[down] - step };
        for ((ascent, with_up), with_down) in self.ascent.iter_mut().zip(rows[up]).zip(rows[down]) {
            *ascent -= step * (f64::from(*with_up) - f64::from(*with_down));
        }
    }

    /// The mean ascent of the rows between their bounds; without any, the middle of what the rows at bounds allow.
    fn bias(&self) -> f64 {
        let (mut sum, mut free) = (0.0, 0usize);
        let (mut above, mut below) = (f64::INFINITY, f64::NEG_INFINITY);
        for (row, ascent) in self.ascent.iter().enumerate() {
            if self.beta[row] >= self.highest(row) {
                above = above.min(*ascent);
            } else if self.beta[row] <= self.lowest(row) {
                below = below.max(*ascent);
            } else {
                (sum, free) = (sum + ascent, free + 1);
            }
        }
        match (free, above.is_finite(), below.is_finite()) {
            (1.., ..) => sum / free as f64,
            (0, true, true) => 0.5 * (above + below),
            // Rows of one side alone: the machine says that side of everything.
            (0, true, false) => above,
            (0, false, _) => below,
        }
    }
}

fn curvature(quadratic: f64) -> f64 {
    if quadratic > 0.0 { quadratic } else { TAU }
}
