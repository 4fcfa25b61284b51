//! Initial parameters, drawn on the host: a seed gives the same network on every device.

use burn::module::{Param, ParamId, RunningState};
use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData, backend::Backend};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws parameters one after the other and numbers them, so that an optimiser's saved state finds them again.
pub struct Init<'a, B: Backend> {
    values: Values,
    next_id: u64,
    device: &'a B::Device,
}

/// What parameters start from.
enum Values {
    Drawn(Box<ChaCha8Rng>),
    /// Zeros, in whose place others are put: no more than so many, or it is `TooFew`.
    Room(usize),
    TooFew,
}

impl<'a, B: Backend> Init<'a, B> {
    /// Starts the draws of one network.
    pub fn new(seed: u64, device: &'a B::Device) -> Self {
        Self { values: Values::Drawn(Box::new(ChaCha8Rng::seed_from_u64(seed))), next_id: 1, device }
    }

    /// For a network whose parameters are there already, `n_values` numbers in all. A configuration that asks for more gets
    /// parameters of the size 1, whatever it says, and [`Init::suffices`] tells.
    pub(crate) fn room_for(n_values: usize, device: &'a B::Device) -> Self {
        Self { values: Values::Room(n_values), next_id: 1, device }
    }

    /// Whether all parameters have the size that was asked for.
    pub(crate) fn suffices(&self) -> bool {
        !matches!(self.values, Values::TooFew)
    }

    /// A parameter drawn uniformly from [-bound, bound).
    pub fn uniform<const D: usize>(&mut self, shape: [usize; D], bound: f32) -> Param<Tensor<B, D>> {
        self.parameter(shape, |rng| rng.random_range(-bound..bound))
    }

    /// A parameter drawn from a normal distribution cut off at two of its deviations, so wide that the deviation of what
    /// is left is √(2 / (`fan_in` + `fan_out`)): Keras' `glorot_normal`.
    ///
    /// # References
    /// Glorot, Bengio 2010, section 4.2.1.
    pub fn glorot_normal<const D: usize>(&mut self, shape: [usize; D], fan_in: usize, fan_out: usize) -> Param<Tensor<B, D>> {
        /// Deviation of a standard normal distribution cut off at ±2.
        const CUT_OFF: f64 = 0.879_625_661_034_239_8;
        let width = (2.0 / (fan_in + fan_out) as f64).sqrt() / CUT_OFF;
        self.parameter(shape, |rng| (width * cut_off_normal(rng)) as f32)
    }

    /// A vector that starts at one value everywhere.
    pub fn constant(&mut self, size: usize, value: f32) -> Param<Tensor<B, 1>> {
        self.parameter([size], |_| value)
    }

    /// A parameter of zeros.
    pub fn zeros<const D: usize>(&mut self, shape: [usize; D]) -> Param<Tensor<B, D>> {
        self.parameter(shape, |_| 0.0)
    }

    /// A running statistic that starts at one value everywhere: no parameter, but numbered like one.
    pub fn running(&mut self, size: usize, value: f32) -> RunningState<Tensor<B, 1>> {
        let tensor = Tensor::from_data(TensorData::new(vec![value; size], [size]), self.device);
        RunningState::with_id(self.id(), tensor)
    }

    /// A dense layer, weights [inputs, outputs] and biases from ±1/√inputs.
    pub fn linear(&mut self, inputs: usize, outputs: usize) -> Linear<B> {
        let bound = (inputs as f32).sqrt().recip();
        Linear { weight: self.uniform([inputs, outputs], bound), bias: Some(self.uniform([outputs], bound)) }
    }

    /// A dense layer with weights by [`Init::glorot_normal`] and biases of 0.
    pub fn glorot_linear(&mut self, inputs: usize, outputs: usize) -> Linear<B> {
        Linear { weight: self.glorot_normal([inputs, outputs], inputs, outputs), bias: Some(self.constant(outputs, 0.0)) }
    }

    fn parameter<const D: usize>(&mut self, shape: [usize; D], mut value: impl FnMut(&mut ChaCha8Rng) -> f32) -> Param<Tensor<B, D>> {
        let size = shape.iter().try_fold(1, |size: usize, side| size.checked_mul(*side));
        let (shape, values) = match (&mut self.values, size) {
            (Values::Drawn(rng), size) => (shape, (0..size.expect("a network fits in memory")).map(|_| value(rng)).collect()),
            (Values::Room(room), Some(size)) if size <= *room => {
                *room -= size;
                (shape, vec![0.0; size])
            }
            (values, _) => {
                *values = Values::TooFew;
                ([1; D], vec![0.0])
            }
        };
        Param::initialized(self.id(), Tensor::from_data(TensorData::new(values, shape), self.device).require_grad())
    }

    fn id(&mut self) -> ParamId {
        self.next_id += 1;
        ParamId::from(self.next_id - 1)
    }
}

/// By rejection, so that a value itself never hangs on how a platform rounds a logarithm or a cosine.
fn cut_off_normal(rng: &mut ChaCha8Rng) -> f64 {
    loop {
        let value = rng.random_range(-2.0..2.0f64);
        if rng.random_range(0.0..1.0) < (-0.5 * value * value).exp() {
            return value;
        }
    }
}
