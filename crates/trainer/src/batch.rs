//! Clips gathered into tensors.

use burn::tensor::{Int, Tensor, TensorData, backend::Backend};
use segno_dataset::Examples;

/// Some clips of a part, on the device.
pub struct Batch<B: Backend> {
    /// [N, frames, bins]
    pub features: Tensor<B, 3>,
    /// A task each: class indices `[N]`.
    pub labels: Vec<Tensor<B, 1, Int>>,
}

impl<B: Backend> Batch<B> {
    /// Gathers the clips with these indices.
    pub fn gather(examples: &Examples, indices: &[usize], device: &B::Device) -> Self {
        let [frames, bins] = examples.shape;
        let size = frames * bins;
        let mut features = Vec::with_capacity(indices.len() * size);
        for index in indices {
            features.extend_from_slice(&examples.features[index * size..][..size]);
        }
        let labels = examples
            .labels
            .iter()
            .map(|labels| {
                let chosen: Vec<i32> = indices.iter().map(|index| i32::try_from(labels[*index]).expect("classes are few")).collect();
                Tensor::from_data(TensorData::new(chosen, [indices.len()]), device)
            })
            .collect();
        Self { features: Tensor::from_data(TensorData::new(features, [indices.len(), frames, bins]), device), labels }
    }
}
