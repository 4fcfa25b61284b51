//! Burn's optimisers behind one face, with a state that can be saved.

use burn::module::AutodiffModule;
use burn::optim::{Adam, AdamConfig, GradientsParams, Optimizer as _, Sgd, SgdConfig, adaptor::OptimizerAdaptor};
use burn::record::{BinBytesRecorder, FullPrecisionSettings, Recorder};
use burn::tensor::backend::AutodiffBackend;

use crate::Optimiser;

/// An optimiser with its moments.
pub enum Stepper<M: AutodiffModule<B>, B: AutodiffBackend> {
    /// Has none.
    Sgd(OptimizerAdaptor<Sgd<B::InnerBackend>, M, B>),
    /// Has two.
    Adam(OptimizerAdaptor<Adam, M, B>),
}

type Bytes = BinBytesRecorder<FullPrecisionSettings>;

impl<M: AutodiffModule<B>, B: AutodiffBackend> Stepper<M, B> {
    /// An optimiser that has made no step.
    pub fn new(config: Optimiser) -> Self {
        match config {
            Optimiser::Sgd { .. } => Self::Sgd(SgdConfig::new().init()),
            Optimiser::Adam { epsilon, .. } => Self::Adam(AdamConfig::new().with_epsilon(epsilon).init()),
        }
    }

    /// Moves the parameters.
    pub fn step(&mut self, learning_rate: f64, module: M, gradients: GradientsParams) -> M {
        match self {
            Self::Sgd(optimiser) => optimiser.step(learning_rate, module, gradients),
            Self::Adam(optimiser) => optimiser.step(learning_rate, module, gradients),
        }
    }

    /// The moments; empty for SGD.
    pub fn state(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Sgd(_) => Ok(vec![]),
            Self::Adam(optimiser) => Bytes::default().record(optimiser.to_record(), ()).map_err(|error| error.to_string()),
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
        }
    }
}
