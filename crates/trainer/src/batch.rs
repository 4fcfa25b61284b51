//! Clips gathered into tensors.

use burn::tensor::{Int, Tensor, TensorData, backend::Backend};
use segno_dataset::{DatasetError, Examples};
use segno_models::Normaliser;

/// Some clips of a part, on the device.
pub struct Batch<'a, B: Backend> {
    /// Their indices.
    pub clips: &'a [usize],
    /// [N, frames, bins]
    pub features: Tensor<B, 3>,
    /// A task each: class indices `[N]`.
    pub labels: Vec<Tensor<B, 1, Int>>,
}

/// Examples and how they are standardised on their way into a network.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub examples: &'a Examples,
    pub normaliser: &'a Normaliser,
}

impl<'a> Source<'a> {
    /// The clips with these indices, `batch_size` at a time, in the order given.
    pub fn batches<B: Backend>(
        self,
        order: &'a [usize],
        batch_size: usize,
        device: &'a B::Device,
    ) -> impl Iterator<Item = Result<Batch<'a, B>, DatasetError>> + 'a {
        self.examples.batches(order, batch_size).map(move |batch| {
            let (indices, mut features) = batch?;
            self.normaliser.apply(&mut features);
            Ok(Batch::new(self.examples, indices, features, device))
        })
    }
}

impl<'a, B: Backend> Batch<'a, B> {
    /// These clips; `features` are theirs, standardised.
    fn new(examples: &Examples, clips: &'a [usize], features: Vec<f32>, device: &B::Device) -> Self {
        let [frames, bins] = examples.shape;
        let labels = examples
            .labels
            .iter()
            .map(|labels| {
                let chosen: Vec<i32> = clips.iter().map(|index| i32::try_from(labels[*index]).expect("classes are few")).collect();
                Tensor::from_data(TensorData::new(chosen, [clips.len()]), device)
            })
            .collect();
        Self { clips, features: Tensor::from_data(TensorData::new(features, [clips.len(), frames, bins]), device), labels }
    }
}
