//! Dropout with masks drawn on the host: the same on every device, and resumable to the same bits.

use burn::tensor::{Tensor, TensorData, backend::Backend};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Whether a forward pass infers, or trains with dropout drawn from a generator and batch normalisation by the batch.
pub enum Mode<'a> {
    /// No dropout; batch normalisation by running statistics.
    Infer,
    /// Dropout masks from this generator; batch normalisation by the batch, whose statistics move the running ones.
    Train(&'a mut ChaCha8Rng),
}

impl Mode<'_> {
    /// Zeroes elements with `probability` and scales the others by `1 / (1 - probability)` when training.
    pub fn dropout<B: Backend, const D: usize>(&mut self, x: Tensor<B, D>, probability: f64) -> Tensor<B, D> {
        match self {
            Self::Train(rng) if probability > 0.0 => {
                let shape = x.dims();
                let dropped_below = (probability * f64::from(u32::MAX)) as u32;
                let kept = (1.0 / (1.0 - probability)) as f32;
                let mask: Vec<f32> = (0..shape.iter().product()).map(|_| if rng.next_u32() < dropped_below { 0.0 } else { kept }).collect();
                let mask = Tensor::from_data(TensorData::new(mask, shape), &x.device());
                x * mask
            }
            _ => x,
        }
    }
}
