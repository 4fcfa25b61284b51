//! Losses of a network, and its accuracy on a part.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Int, Tensor, backend::Backend};
use segno_models::{Mode, Network, ops::Ops};

use crate::batch::Source;
use crate::halt::Halt;

/// Batches between two looks at the loss: a look waits for the device.
const LOOK_AFTER: usize = 32;

/// Mean loss and accuracies over some clips.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Mean cross-entropy, summed over tasks with their weights; without penalties.
    pub loss: f32,
    /// A task each: share of clips whose most probable class is the true one.
    pub accuracy: Vec<f32>,
}

/// Cross-entropy, averaged over the batch and summed over the tasks with their weights; a share of the labels may be spread over
/// all classes.
pub fn loss<B: Backend>(logits: &[Tensor<B, 2>], labels: &[Tensor<B, 1, Int>], weights: &[f64], smoothing: Option<f64>) -> Tensor<B, 1> {
    let entropy = CrossEntropyLossConfig::new().with_smoothing(smoothing.map(|share| share as f32));
    logits
        .iter()
        .zip(labels)
        .zip(weights)
        .map(|((logits, labels), weight)| {
            let loss = entropy.init(&logits.device()).forward(logits.clone(), labels.clone());
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
pub struct Tally<'a, B: Backend> {
    loss: Tensor<B, 1>,
    right: Vec<Tensor<B, 1, Int>>,
    clips: usize,
    source: Source<'a>,
    /// The batches since the last look: their clips, and the sum of losses after each.
    unseen: Vec<(&'a [usize], Tensor<B, 1>)>,
}

impl<'a, B: Backend> Tally<'a, B> {
    /// Nothing counted yet.
    pub fn new(source: Source<'a>, device: &B::Device) -> Self {
        let right = vec![Tensor::zeros([1], device); source.examples.labels.len()];
        Self { loss: Tensor::zeros([1], device), right, clips: 0, source, unseen: vec![] }
    }

    /// Counts a batch: its clips, their mean loss, and a task each the logits and the true classes.
    ///
    /// # Errors
    /// [`Halt::NoNumber`], by and by, where a loss is none.
    pub fn add(
        &mut self,
        batch: &'a [usize],
        loss: Tensor<B, 1>,
        answers: impl Iterator<Item = (Tensor<B, 2>, Tensor<B, 1, Int>)>,
    ) -> Result<(), Halt> {
        for (sum, (logits, labels)) in self.right.iter_mut().zip(answers) {
            *sum = sum.clone() + logits.argmax(1).squeeze_dim::<1>(1).equal(labels).int().sum();
        }
        self.loss = self.loss.clone() + loss.mul_scalar(batch.len() as f32);
        self.clips += batch.len();
        self.unseen.push((batch, self.loss.clone()));
        if self.unseen.len() == LOOK_AFTER { self.look() } else { Ok(()) }
    }

    /// Whether the sum of losses is still a number, and else which batch made it none.
    fn look(&mut self) -> Result<(), Halt> {
        let (batches, sums): (Vec<_>, Vec<_>) = self.unseen.drain(..).unzip();
        if sums.is_empty() {
            return Ok(());
        }
        let sums = Tensor::cat(sums, 0).into_data().convert::<f32>().to_vec::<f32>().expect("converted to f32");
        match sums.iter().position(|sum| !sum.is_finite()) {
            None => Ok(()),
            Some(at) => {
                let clips = batches[at].iter().map(|index| self.source.examples.clips[*index].clip_id.clone()).collect();
                Err(Halt::NoNumber { loss: sums[at], clips })
            }
        }
    }

    /// The means.
    ///
    /// # Errors
    /// [`Halt::NoNumber`] where the loss is none.
    pub fn score(mut self) -> Result<Score, Halt> {
        self.look()?;
        let number = |data: burn::tensor::TensorData| data.convert::<f32>().to_vec::<f32>().expect("converted to f32")[0];
        let clips = self.clips as f32;
        let accuracy = self.right.into_iter().map(|right| number(right.into_data()) / clips).collect();
        Ok(Score { loss: number(self.loss.into_data()) / clips, accuracy })
    }
}

/// Scores a network on a part, without dropout and with running statistics.
pub fn evaluate<B: Ops>(
    network: &Network<B>,
    source: Source<'_>,
    weights: &[f64],
    batch_size: usize,
    device: &B::Device,
) -> Result<Score, Halt> {
    let order: Vec<usize> = (0..source.examples.len()).collect();
    let mut tally = Tally::<B>::new(source, device);
    for batch in source.batches::<B>(&order, batch_size, device) {
        let batch = batch?;
        let logits = network.forward(batch.features, &mut Mode::Infer);
        let loss = loss(&logits, &batch.labels, weights, None);
        tally.add(batch.clips, loss, logits.into_iter().zip(batch.labels))?;
    }
    tally.score()
}
