//! Initial parameters, drawn on the host: a seed gives the same network on every device.

use burn::module::{Param, ParamId};
use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData, backend::Backend};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws parameters one after the other and numbers them, so that an optimiser's saved state finds them again.
pub struct Init<'a, B: Backend> {
    rng: ChaCha8Rng,
    next_id: u64,
    device: &'a B::Device,
}

impl<'a, B: Backend> Init<'a, B> {
    /// Starts the draws of one network.
    pub fn new(seed: u64, device: &'a B::Device) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), next_id: 1, device }
    }

    /// A parameter drawn uniformly from [-bound, bound).
    pub fn uniform<const D: usize>(&mut self, shape: [usize; D], bound: f32) -> Param<Tensor<B, D>> {
        let values = (0..shape.iter().product()).map(|_| self.rng.random_range(-bound..bound)).collect::<Vec<f32>>();
        let id = ParamId::from(self.next_id);
        self.next_id += 1;
        Param::initialized(id, Tensor::from_data(TensorData::new(values, shape), self.device).require_grad())
    }

    /// A dense layer, weights [inputs, outputs] and biases from ±1/√inputs.
    pub fn linear(&mut self, inputs: usize, outputs: usize) -> Linear<B> {
        let bound = (inputs as f32).sqrt().recip();
        Linear { weight: self.uniform([inputs, outputs], bound), bias: Some(self.uniform([outputs], bound)) }
    }
}
