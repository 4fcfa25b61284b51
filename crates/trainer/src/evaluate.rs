//! Losses of a network, and its accuracy on a part.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor, backend::Backend};
use segno_dataset::DatasetError;
use segno_models::{Mode, Network, ops::Ops};

use crate::batch::Source;

/// Mean loss and accuracies over some clips.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Mean cross-entropy, summed over tasks with their weights; without penalties.
    pub loss: f32,
    /// A task each: share of clips whose most probable class is the true one.
    pub accuracy: Vec<f32>,
}

/// Cross-entropy, averaged over the batch and summed over the tasks with their weights.
pub fn loss<B: Backend>(logits: &[Tensor<B, 2>], labels: &[Tensor<B, 1, Int>], weights: &[f64]) -> Tensor<B, 1> {
    logits
        .iter()
        .zip(labels)
        .zip(weights)
        .map(|((logits, labels), weight)| {
            let loss = CrossEntropyLossConfig::new().init(&logits.device()).forward(logits.clone(), labels.clone());
            if *weight == 1.0 { loss } else { loss.mul_scalar(*weight) }
        })
        .reduce(|sum, loss| sum + loss)
        .expect("a network has a task")
}

/// λ·Σw² over a network's dense layers.
pub fn penalty<B: Ops>(network: &Network<B>, l2: f64) -> Option<Tensor<B, 1>> {
    let squares = network.dense_weights().into_iter().map(|weights| weights.powi_scalar(2).sum());
    squares.reduce(|sum, square| sum + square).map(|sum| sum.mul_scalar(l2))
}

/// Sums of losses and right answers, kept on the device until they are asked for.
pub struct Tally<B: Backend> {
    loss: Tensor<B, 1>,
    right: Vec<Tensor<B, 1, Int>>,
    clips: usize,
}

impl<B: Backend> Tally<B> {
    /// Nothing counted yet.
    pub fn new(tasks: usize, device: &B::Device) -> Self {
        Self { loss: Tensor::zeros([1], device), right: vec![Tensor::zeros([1], device); tasks], clips: 0 }
    }

    /// Counts a batch: its mean loss, and a task each the logits and the true classes.
    pub fn add(&mut self, loss: Tensor<B, 1>, answers: impl Iterator<Item = (Tensor<B, 2>, Tensor<B, 1, Int>)>) {
        let mut clips = 0;
        for (sum, (logits, labels)) in self.right.iter_mut().zip(answers) {
            clips = labels.dims()[0];
            *sum = sum.clone() + logits.argmax(1).squeeze_dim::<1>(1).equal(labels).int().sum();
        }
        self.loss = self.loss.clone() + loss.mul_scalar(clips as f32);
        self.clips += clips;
    }

    /// The means.
    pub fn score(self) -> Score {
        let number = |data: burn::tensor::TensorData| data.convert::<f32>().to_vec::<f32>().expect("converted to f32")[0];
        let clips = self.clips as f32;
        let accuracy = self.right.into_iter().map(|right| number(right.into_data()) / clips).collect();
        Score { loss: number(self.loss.into_data()) / clips, accuracy }
    }
}

/// Scores a network on a part, without dropout and with running statistics.
pub fn evaluate<B: Ops>(
    network: &Network<B>,
    source: Source<'_>,
    weights: &[f64],
    batch_size: usize,
    device: &B::Device,
) -> Result<Score, DatasetError> {
    let mut tally = Tally::<B>::new(weights.len(), device);
    let order: Vec<usize> = (0..source.examples.len()).collect();
    for batch in source.batches::<B>(&order, batch_size, device) {
        let batch = batch?;
        let logits = network.forward(batch.features, &mut Mode::Infer);
        tally.add(loss(&logits, &batch.labels, weights), logits.into_iter().zip(batch.labels));
    }
    Ok(tally.score())
}
