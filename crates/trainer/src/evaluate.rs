//! Losses of a network, and its accuracy on a part.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor, backend::Backend};
use segno_dataset::Examples;
use segno_models::{Mode, Network, ops::Ops};

use crate::batch::Batch;

/// Mean loss and accuracy of the first task over some clips.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean cross-entropy, summed over tasks with their weights.
    pub loss: f32,
    /// Share of clips whose most probable class of the first task is the true one.
    pub accuracy: f32,
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

/// Sums of losses and right answers, kept on the device until they are asked for.
pub struct Tally<B: Backend> {
    loss: Tensor<B, 1>,
    right: Tensor<B, 1, Int>,
    clips: usize,
}

impl<B: Backend> Tally<B> {
    /// Nothing counted yet.
    pub fn new(device: &B::Device) -> Self {
        Self { loss: Tensor::zeros([1], device), right: Tensor::zeros([1], device), clips: 0 }
    }

    /// Counts a batch: its mean loss, and the first task's answers.
    pub fn add(&mut self, loss: Tensor<B, 1>, logits: Tensor<B, 2>, labels: Tensor<B, 1, Int>) {
        let clips = labels.dims()[0];
        let right = logits.argmax(1).squeeze_dim::<1>(1).equal(labels).int().sum();
        self.loss = self.loss.clone() + loss.mul_scalar(clips as f32);
        self.right = self.right.clone() + right;
        self.clips += clips;
    }

    /// The means.
    pub fn score(self) -> Score {
        let number = |data: burn::tensor::TensorData| data.convert::<f32>().to_vec::<f32>().expect("converted to f32")[0];
        let clips = self.clips as f32;
        Score { loss: number(self.loss.into_data()) / clips, accuracy: number(self.right.into_data()) / clips }
    }
}

/// Scores a network on a part, without dropout.
pub fn evaluate<B: Ops>(network: &Network<B>, examples: &Examples, weights: &[f64], batch_size: usize, device: &B::Device) -> Score {
    let mut tally = Tally::<B>::new(device);
    let indices: Vec<usize> = (0..examples.len()).collect();
    for indices in indices.chunks(batch_size) {
        let batch = Batch::<B>::gather(examples, indices, device);
        let logits = network.forward(batch.features, &mut Mode::Infer);
        tally.add(loss(&logits, &batch.labels, weights), logits[0].clone(), batch.labels[0].clone());
    }
    tally.score()
}
