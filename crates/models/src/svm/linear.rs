//! Linear machines: weights and biases of a network without hidden layers.

use rayon::prelude::*;
use segno_kernels::{Mat, MatMut, Threads, matmul};

use super::{Penalty, Solved, SvmConfig, dual, fitted, kernel::gram, lasso};
use crate::classical::{Fitted, LinearHead, Task, by_class};

pub(super) fn fit(config: &SvmConfig, penalty: Penalty, x: &[f32], inputs: usize, tasks: &[Task<'_>]) -> Fitted {
    let solved = match penalty {
        Penalty::L1 => primal(config, x, inputs, tasks),
        Penalty::L2 => dual(config, x, inputs, tasks),
    };
    let mut rest = &solved[..];
    let weights = tasks.iter().enumerate().flat_map(|(head, task)| {
        let (mine, others) = rest.split_at(task.classes);
        rest = others;
        let values = by_class(mine.iter().map(|solved| &solved.values));
        let weights = match penalty {
            Penalty::L1 => values,
            Penalty::L2 => sum_of_rows(x, inputs, &values, task.classes),
        };
        LinearHead { weights, bias: mine.iter().map(|solved| solved.bias as f32).collect() }.named(head)
    });
    fitted(weights.collect(), &solved)
}

/// A weight an input.
fn primal(config: &SvmConfig, x: &[f32], inputs: usize, tasks: &[Task<'_>]) -> Vec<Solved> {
    let mut columns = vec![0.0; x.len()];
    let n = x.len() / inputs;
    for (row, values) in x.chunks_exact(inputs).enumerate() {
        values.iter().enumerate().for_each(|(input, value)| columns[input * n + row] = *value);
    }
    let solve = |y: Vec<f64>| lasso::solve(&columns, &y, config.c, config.tolerance, config.max_iterations);
    sides(tasks).into_par_iter().map(solve).collect()
}

/// A coefficient a row.
fn dual(config: &SvmConfig, x: &[f32], inputs: usize, tasks: &[Task<'_>]) -> Vec<Solved> {
    let n = x.len() / inputs;
    let norms: Vec<f64> = x.chunks_exact(inputs).map(|row| row.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>() + 1.0).collect();
    let products = (n <= inputs).then(|| gram(x, inputs));
    let solve = |y: Vec<f64>| {
        let scores: &mut dyn dual::Scores = match &products {
            Some(products) => &mut dual::ByGram::new(products, n),
            None => &mut dual::ByWeights::new(x, inputs),
        };
        dual::solve(scores, &y, &norms, config.c, config.tolerance, config.max_iterations)
    };
    sides(tasks).into_par_iter().map(solve).collect()
}

fn sides(tasks: &[Task<'_>]) -> Vec<Vec<f64>> {
    tasks.iter().flat_map(Task::sides).collect()
}

/// `w = Σ βᵢ xᵢ` for each class.
///
/// # Shapes
/// `coefficients` [n, classes] → [inputs, classes].
fn sum_of_rows(x: &[f32], inputs: usize, coefficients: &[f32], classes: usize) -> Vec<f32> {
    let n = x.len() / inputs;
    let mut weights = vec![0.0; inputs * classes];
    matmul(
        MatMut::rows(&mut weights, inputs, classes),
        false,
        Mat::rows(x, n, inputs).transposed(),
        Mat::rows(coefficients, n, classes),
        Threads::Pool,
    );
    weights
}
