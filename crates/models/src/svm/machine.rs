//! Kernel machines: support vectors, and a weight a class for each.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, backend::Backend};
use rayon::prelude::*;

use super::{Gamma, Solved, SvmConfig, SvmKernel, fitted, kernel, smo};
use crate::classical::{Fitted, Task, by_class};
use crate::{Init, NamedTensor, Signature};

/// The parameter whose length is the number of support vectors.
const SUPPORT: &str = "support";

/// | step | output |
/// |---|---|
/// | input, flattened | [N, T·D] |
/// | kernel with every support vector | [N, S] |
/// | weighted sum and bias, a head a task | [N, classes] |
///
/// The support vectors are the training rows that any class of any task has a weight for.
#[derive(Module, Debug)]
pub struct KernelMachine<B: Backend> {
    support: Param<Tensor<B, 2>>,
    gamma: Param<Tensor<B, 1>>,
    heads: Vec<KernelHead<B>>,
    #[module(skip)]
    kernel: SvmKernel,
}

/// The machines of one task's classes.
#[derive(Module, Debug)]
pub struct KernelHead<B: Backend> {
    coefficients: Param<Tensor<B, 2>>,
    bias: Param<Tensor<B, 1>>,
}

impl<B: Backend> KernelMachine<B> {
    /// A machine before its fit: support vectors at the origin, without weight.
    pub(crate) fn new(kernel: SvmKernel, signature: &Signature, support: usize, init: &mut Init<'_, B>) -> Self {
        let inputs = signature.input[0] * signature.input[1];
        let head = |init: &mut Init<'_, B>, classes| KernelHead {
            coefficients: init.zeros([support, classes]),
            bias: init.constant(classes, 0.0),
        };
        Self {
            support: init.zeros([support, inputs]),
            gamma: init.constant(1, 1.0),
            heads: signature.tasks.iter().map(|task| head(init, task.classes.len())).collect(),
            kernel,
        }
    }

    /// # Shapes
    /// `x` [N, T, D] → decision values [N, classes] a task.
    pub fn forward(&self, x: Tensor<B, 3>) -> Vec<Tensor<B, 2>> {
        let kernels = self.kernels(x.flatten::<2>(1, 2));
        let head = |head: &KernelHead<B>| kernels.clone().matmul(head.coefficients.val()) + head.bias.val().unsqueeze();
        self.heads.iter().map(head).collect()
    }

    /// [N, inputs] → [N, S]
    fn kernels(&self, x: Tensor<B, 2>) -> Tensor<B, 2> {
        let support = self.support.val();
        let gamma = self.gamma.val().unsqueeze::<2>();
        let products = x.clone().matmul(support.clone().transpose());
        match self.kernel {
            SvmKernel::Linear { .. } => products,
            SvmKernel::Rbf { .. } => {
                let squares = |rows: Tensor<B, 2>| rows.square().sum_dim(1);
                let distances = (squares(x) + squares(support).transpose() - products.mul_scalar(2.0)).clamp_min(0.0);
                let exponent = distances.mul(gamma).neg();
                // e^z - 1 as tanh(z/2) (e^z + 1), which keeps its digits where all kernels are nearly 1. The 1 is of no
                // consequence: a class's coefficients sum to 0.
                exponent.clone().div_scalar(2.0).tanh() * exponent.exp().add_scalar(1.0)
            }
            SvmKernel::Polynomial { degree, coef0, .. } => products.mul(gamma).add_scalar(coef0).powi_scalar(i32::from(degree)),
            SvmKernel::Sigmoid { coef0, .. } => products.mul(gamma).add_scalar(coef0).tanh(),
        }
    }
}

/// How many support vectors there are among parameters; 1 where they are of something else, or none.
pub(crate) fn count(weights: &[NamedTensor]) -> usize {
    weights.iter().find(|tensor| tensor.name == SUPPORT).and_then(|tensor| tensor.shape.first().copied()).unwrap_or(1).max(1)
}

pub(super) fn fit(config: &SvmConfig, kernel: SvmKernel, x: &[f32], inputs: usize, tasks: &[Task<'_>]) -> Fitted {
    let gamma = match kernel {
        SvmKernel::Linear { .. } => Gamma::Number(1.0),
        SvmKernel::Rbf { gamma } | SvmKernel::Polynomial { gamma, .. } | SvmKernel::Sigmoid { gamma, .. } => gamma,
    }
    .of(x, inputs);
    let (matrix, diagonal) = kernel::matrix(kernel, gamma, x, inputs);
    let sides: Vec<Vec<f64>> = tasks.iter().flat_map(Task::sides).collect();
    let solve = |y: Vec<f64>| {
        // The rest is the positive side and the machine turned round, as in scikit-learn, which sorts 0 before 1. Where kernels
        // differ by less than the tolerance, the first steps are all there are, and sides and order decide the answer.
        let rest: Vec<f64> = y.iter().map(|y| -y).collect();
        smo::solve(&matrix, &diagonal, &rest, config.c, config.tolerance, config.max_iterations).turned()
    };
    let solved: Vec<Solved> = sides.into_par_iter().map(solve).collect();
    fitted(parameters(gamma, x, inputs, tasks, &solved), &solved)
}

fn parameters(gamma: f64, x: &[f32], inputs: usize, tasks: &[Task<'_>], solved: &[Solved]) -> Vec<NamedTensor> {
    let n = x.len() / inputs;
    let mut support: Vec<usize> = (0..n).filter(|row| solved.iter().any(|solved| solved.values[*row] != 0.0)).collect();
    if support.is_empty() {
        support.push(0); // every task has one class alone: a row without weight, since a tensor has some
    }
    let rows = support.iter().flat_map(|row| &x[row * inputs..][..inputs]).copied().collect();
    let mut parameters = vec![
        NamedTensor { name: SUPPORT.into(), shape: vec![support.len(), inputs], values: rows },
        NamedTensor { name: "gamma".into(), shape: vec![1], values: vec![gamma as f32] },
    ];
    let mut rest = solved;
    for (head, task) in tasks.iter().enumerate() {
        let (mine, others) = rest.split_at(task.classes);
        rest = others;
        let of_support = |solved: &Solved| support.iter().map(|row| solved.values[*row]).collect::<Vec<f64>>();
        let coefficients: Vec<Vec<f64>> = mine.iter().map(of_support).collect();
        parameters.push(NamedTensor {
            name: format!("heads.{head}.coefficients"),
            shape: vec![support.len(), task.classes],
            values: by_class(&coefficients),
        });
        parameters.push(NamedTensor {
            name: format!("heads.{head}.bias"),
            shape: vec![task.classes],
            values: mine.iter().map(|solved| solved.bias as f32).collect(),
        });
    }
    parameters
}
