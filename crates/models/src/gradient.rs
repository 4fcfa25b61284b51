//! How an answer changes with the input.

use burn::module::Module;
use burn::tensor::{
    Tensor,
    activation::{log_softmax, softmax},
    backend::AutodiffBackend,
    s,
};

use crate::{Mode, Network, ops::TrainBackend};

/// What of a class is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Its probability.
    Probability,
    /// The logarithm of its probability, which has a slope where the probability is all but 0 or 1 as well.
    LogProbability,
}

/// A network whose input is differentiated, its parameters not.
#[derive(Debug)]
pub struct InputGradient<B: TrainBackend> {
    network: Network<B>,
}

/// Objectives of clips, and their gradients.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// `[N]`
    pub objectives: Vec<f32>,
    /// [N, frames, bins], row-major: of each clip's own objective.
    pub gradients: Vec<f32>,
}

impl<B: TrainBackend> InputGradient<B> {
    /// Takes a network.
    pub fn new(network: Network<B>) -> Self {
        Self { network: network.no_grad() }
    }

    /// The objective of each clip for one class of one task, and its gradient; as in use, without dropout and with running statistics.
    ///
    /// # Shapes
    /// `x` [N, frames, bins], standardised
    ///
    /// # Panics
    /// When there is no such task or class.
    pub fn of(&self, x: Tensor<B::InnerBackend, 3>, task: usize, class: usize, objective: Objective) -> Slope {
        let x = Tensor::<B, 3>::from_inner(x).require_grad();
        let logits = self.network.forward(x.clone(), &mut Mode::Infer).swap_remove(task);
        let classes = match objective {
            Objective::Probability => softmax(logits, 1),
            Objective::LogProbability => log_softmax(logits, 1),
        };
        let objectives = classes.slice(s![.., class..class + 1]);
        // A clip's objective hangs on that clip alone, so that the gradient of the sum is the gradient of each.
        let gradients = x.grad(&objectives.clone().sum().backward()).expect("the input takes part in the answer");
        Slope { objectives: values::<B, 2>(objectives.inner()), gradients: values::<B, 3>(gradients) }
    }
}

fn values<B: AutodiffBackend, const D: usize>(tensor: Tensor<B::InnerBackend, D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().to_vec().expect("converted to f32")
}
