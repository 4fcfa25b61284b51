//! Support vector machines, each class against the rest, on plain slices.
//!
//! - [`SvmKernel::Linear`] becomes a network without hidden layers: coordinate descent as in liblinear, in the dual for the L2
//!   penalty, over the weights for L1, with the squared hinge loss.
//! - The other kernels become a [`KernelMachine`]: sequential minimal optimisation as in LIBSVM, with the hinge loss. One kernel
//!   matrix, from one matrix product, serves all classes and tasks: 4 n² bytes for n training rows.
//!
//! The logits are the decision values: the highest is the machine's answer. What softmax makes of them sums to 1 and is no
//! calibrated probability. Inputs and inner products are f32, the solvers' sums f64. docs/decisions/0011-own-svm.md has why
//! these are our own.

mod config;
mod dual;
mod kernel;
mod lasso;
mod linear;
mod machine;
mod smo;

pub use config::{Gamma, GammaRule, Penalty, SvmConfig, SvmKernel};
pub(crate) use machine::count;
pub use machine::{KernelHead, KernelMachine};

use crate::classical::{Fitted, Task};

/// What a solver found for one class against the rest.
struct Solved {
    /// A coefficient a row, or a weight an input.
    values: Vec<f64>,
    bias: f64,
    iterations: usize,
    /// What the solver holds against its tolerance.
    violation: f64,
    converged: bool,
}

impl Solved {
    /// The same machine with its sides exchanged.
    fn turned(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value = -*value);
        Self { bias: -self.bias, ..self }
    }
}

/// Fits a machine a class of every task.
///
/// # Shapes
/// `x` [n, inputs] row-major.
pub(crate) fn fit(config: &SvmConfig, x: &[f32], inputs: usize, tasks: &[Task<'_>]) -> Fitted {
    match config.kernel {
        SvmKernel::Linear { penalty } => linear::fit(config, penalty, x, inputs, tasks),
        kernel => machine::fit(config, kernel, x, inputs, tasks),
    }
}

/// What the fits of all classes came to.
fn fitted(weights: Vec<crate::NamedTensor>, solved: &[Solved]) -> Fitted {
    Fitted {
        weights,
        iterations: solved.iter().map(|solved| solved.iterations).sum(),
        violation: solved.iter().map(|solved| solved.violation).fold(0.0, f64::max),
        converged: solved.iter().all(|solved| solved.converged),
    }
}
