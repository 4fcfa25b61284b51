//! Clips gathered into tensors.

use burn::tensor::{Int, Tensor, TensorData, backend::Backend};
use segno_dataset::{DatasetError, Examples};
use segno_models::Normaliser;

use crate::augment::Mixture;

/// Some clips of a part, on the device.
pub struct Batch<'a, B: Backend> {
    /// Their indices.
    pub clips: &'a [usize],
    /// [N, frames, bins]
    pub features: Tensor<B, 3>,
    /// A task each: class indices `[N]`.
    pub labels: Vec<Tensor<B, 1, Int>>,
    /// The labels of whom they were mixed with, and the clips' own share.
    pub mixed: Option<(Vec<Tensor<B, 1, Int>>, f32)>,
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
        self.changed_batches(order, batch_size, device, |_| None)
    }

    /// The same, each batch changed once it is standardised.
    pub fn changed_batches<B: Backend>(
        self,
        order: &'a [usize],
        batch_size: usize,
        device: &'a B::Device,
        mut change: impl FnMut(&mut [f32]) -> Option<Mixture> + 'a,
    ) -> impl Iterator<Item = Result<Batch<'a, B>, DatasetError>> + 'a {
        self.examples.batches(order, batch_size).map(move |batch| {
            let (indices, mut features) = batch?;
            self.normaliser.apply(&mut features);
            let mixture = change(&mut features);
            Ok(Batch::new(self.examples, indices, features, mixture, device))
        })
    }
}

impl<'a, B: Backend> Batch<'a, B> {
    /// These clips; `features` are theirs, standardised.
    fn new(examples: &Examples, clips: &'a [usize], features: Vec<f32>, mixture: Option<Mixture>, device: &B::Device) -> Self {
        let [frames, bins] = examples.shape;
        let labels_of = |clips: &[usize]| -> Vec<Tensor<B, 1, Int>> {
            let of_task = |labels: &Vec<usize>| {
                let chosen: Vec<i32> = clips.iter().map(|index| i32::try_from(labels[*index]).expect("classes are few")).collect();
                Tensor::from_data(TensorData::new(chosen, [clips.len()]), device)
            };
            examples.labels.iter().map(of_task).collect()
        };
        let mixed = mixture.map(|Mixture { partners, share }| {
            let partners: Vec<usize> = partners.iter().map(|place| clips[*place]).collect();
            (labels_of(&partners), share)
        });
        let features = Tensor::from_data(TensorData::new(features, [clips.len(), frames, bins]), device);
        Self { clips, features, labels: labels_of(clips), mixed }
    }
}
