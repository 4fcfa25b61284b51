//! Models that are fitted as a whole: logistic regression and support vector machines.

use crate::{Descent, Ending, ModelConfig, NamedTensor, logistic, svm};

/// What is to be told apart.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// A class below `classes` for each row.
    pub labels: &'a [usize],
    /// How many classes there are; some may have no row.
    pub classes: usize,
}

impl Task<'_> {
    /// For each class, +1 where a row is of it and -1 where it is not.
    pub(crate) fn sides(&self) -> impl Iterator<Item = Vec<f64>> {
        (0..self.classes).map(|class| self.labels.iter().map(|label| if *label == class { 1.0 } else { -1.0 }).collect())
    }
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The network's parameters, for [`ModelConfig::load`].
    pub weights: Vec<NamedTensor>,
    /// Summed over tasks, and over classes where each has its own fit.
    pub iterations: usize,
    /// What is held against the tolerance; the largest, of several fits.
    pub violation: f64,
    /// Whether every fit reached the tolerance.
    pub converged: bool,
}

impl Fitted {
    /// As it stands in the model file; the violation to five digits, since JSON as it is read here can move the seventeenth, and
    /// with it the file's digest.
    pub fn ending(&self) -> Ending {
        let gradient = format!("{:.4e}", self.violation).parse().expect("a number is read as it is written");
        let descent = Descent { iterations: self.iterations, gradient };
        if self.converged { Ending::Converged(descent) } else { Ending::Unconverged(descent) }
    }
}

/// Fits a model that has no epochs; none for one that has ([`ModelConfig::has_epochs`]).
///
/// # Shapes
/// `x` [n, inputs] row-major.
///
/// # Panics
/// When a task has not n labels, or one that is no class.
pub fn fit(model: &ModelConfig, x: &[f32], tasks: &[Task<'_>]) -> Option<Fitted> {
    let n = tasks.first().map_or(0, |task| task.labels.len());
    assert!(n > 0 && x.len().is_multiple_of(n), "{} values are no {n} rows", x.len());
    for Task { labels, classes } in tasks {
        assert!(labels.len() == n && labels.iter().all(|label| label < classes), "expected {n} labels below {classes}");
    }
    match model {
        ModelConfig::Logistic(config) => Some(logistic::fit(config, x, tasks)),
        ModelConfig::Svm(config) => Some(svm::fit(config, x, x.len() / n, tasks)),
        ModelConfig::Recurrent(_) | ModelConfig::Mlp(_) | ModelConfig::Cnn(_) => None,
    }
}

/// The one layer of a network without hidden layers, for one task.
pub(crate) struct LinearHead {
    /// [inputs, classes]
    pub weights: Vec<f32>,
    /// `[classes]`
    pub bias: Vec<f32>,
}

impl LinearHead {
    /// The parameters under their names in the network.
    pub(crate) fn named(self, head: usize) -> [NamedTensor; 2] {
        let classes = self.bias.len();
        let inputs = self.weights.len() / classes;
        [
            NamedTensor { name: format!("heads.{head}.weight"), shape: vec![inputs, classes], values: self.weights },
            NamedTensor { name: format!("heads.{head}.bias"), shape: vec![classes], values: self.bias },
        ]
    }
}

/// A vector a class → [length, classes] row-major.
pub(crate) fn by_class<'a>(vectors: impl IntoIterator<Item = &'a Vec<f64>>) -> Vec<f32> {
    let vectors: Vec<&Vec<f64>> = vectors.into_iter().collect();
    (0..vectors[0].len()).flat_map(|place| vectors.iter().map(move |vector| vector[place] as f32)).collect()
}
