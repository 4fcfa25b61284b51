//! Burn's optimisers behind one face, with a state that can be saved.

use burn::module::AutodiffModule;
use burn::optim::{Adam, AdamConfig, AdamW, AdamWConfig, GradientsParams, Optimizer as _, Sgd, SgdConfig, adaptor::OptimizerAdaptor};
use burn::record::{BinBytesRecorder, FullPrecisionSettings, Recorder};
use burn::tensor::backend::AutodiffBackend;

use crate::Optimiser;

/// An optimiser with its moments.
pub enum Stepper<M: AutodiffModule<B>, B: AutodiffBackend> {
    /// Has none.
    Sgd(OptimizerAdaptor<Sgd<B::InnerBackend>, M, B>),
    /// Has two.
    Adam(OptimizerAdaptor<Adam, M, B>),
    /// The same two.
    AdamW(OptimizerAdaptor<AdamW, M, B>),
}

type Bytes = BinBytesRecorder<FullPrecisionSettings>;

impl<M: AutodiffModule<B>, B: AutodiffBackend> Stepper<M, B> {
    /// An optimiser that has made no step.
    pub fn new(config: Optimiser) -> Self {
        match config {
            Optimiser::Sgd { .. } => Self::Sgd(SgdConfig::new().init()),
            Optimiser::Adam { epsilon, .. } => Self::Adam(AdamConfig::new().with_epsilon(epsilon).init()),
            Optimiser::AdamW { epsilon, weight_decay, .. } => {
                Self::AdamW(AdamWConfig::new().with_epsilon(epsilon).with_weight_decay(weight_decay).init())
            }
        }
    }

    /// Moves the parameters.
    pub fn step(&mut self, learning_rate: f64, module: M, gradients: GradientsParams) -> M {
        match self {
            Self::Sgd(optimiser) => optimiser.step(learning_rate, module, gradients),
            Self::Adam(optimiser) => optimiser.step(learning_rate, module, gradients),
            Self::AdamW(optimiser) => optimiser.step(learning_rate, module, gradients),
        }
    }

    /// The moments; empty for SGD.
    pub fn state(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Sgd(_) => Ok(vec![]),
            Self::Adam(optimiser) => Bytes::default().record(optimiser.to_record(), ()).map_err(|error| error.to_string()),
            Self::AdamW(optimiser) => Bytes::default().record(optimiser.to_record(), ()).map_err(|error| error.to_string()),
        }
    }

    /// The optimiser with moments as [`Stepper::state`] gave them.
    pub fn with_state(self, state: Vec<u8>, device: &B::Device) -> Result<Self, String> {
        match self {
            Self::Sgd(optimiser) => Ok(Self::Sgd(optimiser)),
            Self::Adam(optimiser) => {
                let record = Bytes::default().load(state, device).map_err(|error| error.to_string())?;
                Ok(Self::Adam(optimiser.load_record(record)))
            }
            Self::AdamW(optimiser) => {
                let record = Bytes::default().load(state, device).map_err(|error| error.to_string())?;
                Ok(Self::AdamW(optimiser.load_record(record)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::{Autodiff, Flex};
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Tensor;

    type B = Autodiff<Flex>;

    /// Loshchilov, Hutter 2019, algorithm 2: what is taken off has nothing to do with the gradient.
    #[test]
    fn weights_decay_beside_adams_step() {
        let device = Default::default();
        let layer: Linear<B> = LinearConfig::new(3, 2).init(&device);
        let stepped = |optimiser: Optimiser| {
            let loss = layer.forward(Tensor::<B, 2>::from_data([[1.0, -2.0, 0.5]], &device)).powi_scalar(2).sum();
            let gradients = GradientsParams::from_grads(loss.backward(), &layer);
            let after = Stepper::new(optimiser).step(0.01, layer.clone(), gradients);
            after.weight.val().into_data().to_vec::<f32>().unwrap()
        };
        let before = layer.weight.val().into_data().to_vec::<f32>().unwrap();
        let (learning_rate, epsilon) = (0.01, 1e-7);
        let adam = stepped(Optimiser::Adam { learning_rate, epsilon });
        let decayed = stepped(Optimiser::AdamW { learning_rate, epsilon, weight_decay: 0.5 });
        for ((before, adam), decayed) in before.iter().zip(adam).zip(decayed) {
            assert!((decayed - (adam - 0.01 * 0.5 * before)).abs() < 1e-6, "{before}: {adam}, {decayed}");
        }
    }
}
