//! Any network of the crate, behind one face.

use burn::module::Module;
use burn::tensor::{Tensor, backend::Backend};

use crate::{
    Activation, Attended, Cnn, Init, KernelMachine, Mlp, MlpConfig, Mode, ModelConfig, ModelError, NamedTensor, Recurrent, Signature,
    SvmConfig, SvmKernel, load_weights, ops::Ops, svm,
};

/// A network with its parameters.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // a program has one network, and Burn's derive takes no box
pub enum Network<B: Backend> {
    /// RNN, LSTM, LSTM with attention.
    Recurrent(Recurrent<B>),
    /// Dense layers.
    Mlp(Mlp<B>),
    /// Convolutions.
    Cnn(Cnn<B>),
    /// Support vectors under a kernel.
    Kernel(KernelMachine<B>),
}

impl ModelConfig {
    /// Builds the network with parameters drawn from `seed`: the same on every device. A kernel machine has no vectors to
    /// draw: it starts with one at the origin, without weight.
    ///
    /// # Panics
    /// When the configuration does not pass [`ModelConfig::check`].
    pub fn init<B: Ops>(&self, signature: &Signature, seed: u64, device: &B::Device) -> Network<B> {
        self.check().expect("a configuration is checked where it is read");
        self.build(signature, 1, &mut Init::new(seed, device))
    }

    /// The network, whose parameters `init` gives; `support` vectors, if it is a kernel machine.
    fn build<B: Ops>(&self, signature: &Signature, support: usize, init: &mut Init<'_, B>) -> Network<B> {
        match self {
            Self::Recurrent(config) => Network::Recurrent(Recurrent::new(config, signature, init)),
            Self::Mlp(config) => Network::Mlp(Mlp::new(config, signature, init)),
            Self::Cnn(config) => Network::Cnn(Cnn::new(config, signature, init)),
            Self::Logistic(_) | Self::Svm(SvmConfig { kernel: SvmKernel::Linear { .. }, .. }) => {
                let linear = MlpConfig { hidden: vec![], activation: Activation::Relu, dropout: 0.0 };
                Network::Mlp(Mlp::new(&linear, signature, init))
            }
            Self::Svm(config) => Network::Kernel(KernelMachine::new(config.kernel, signature, support, init)),
        }
    }

    /// Builds the network with these parameters; a kernel machine has as many support vectors as they have.
    ///
    /// What is built is never larger than the parameters: both come out of a file, which may say anything.
    ///
    /// # Errors
    /// [`ModelError::Config`] for a knob or an input outside its range, [`ModelError::Tensor`] when the parameters are not those of the
    /// configuration.
    pub fn load<B: Ops>(&self, signature: &Signature, weights: Vec<NamedTensor>, device: &B::Device) -> Result<Network<B>, ModelError> {
        self.check()?;
        signature.check()?;
        let n_values = weights.iter().map(|tensor| tensor.values.len()).sum();
        let mut init = Init::room_for(n_values, device);
        let network = self.build(signature, svm::count(&weights), &mut init);
        if !init.suffices() {
            let expected = "more, by its configuration".into();
            return Err(ModelError::Tensor { name: "*".into(), found: format!("{n_values} values"), expected });
        }
        load_weights(network, weights)
    }
}

impl<B: Ops> Network<B> {
    /// # Shapes
    /// `x` [N, frames, bins] → logits [N, classes] a task, in the order of the signature.
    ///
    /// In [`Mode::Train`] the running statistics of batch normalisation move.
    pub fn forward(&self, x: Tensor<B, 3>, mode: &mut Mode<'_>) -> Vec<Tensor<B, 2>> {
        match self {
            Self::Recurrent(network) => network.forward(x, mode),
            Self::Mlp(network) => network.forward(x, mode),
            Self::Cnn(network) => network.forward(x, mode),
            Self::Kernel(network) => network.forward(x),
        }
    }

    /// What the network's attention looks at in clips, where it has attention over frames or over feature maps.
    ///
    /// # Shapes
    /// `x` [N, frames, bins]
    pub fn attention(&self, x: Tensor<B, 3>) -> Option<Attended<B>> {
        match self {
            Self::Recurrent(network) => network.attention(x).map(Attended::Frames),
            Self::Cnn(network) => network.attention(x).map(|(weights, sum)| Attended::Maps { weights, sum }),
            Self::Mlp(_) | Self::Kernel(_) => None,
        }
    }

    /// Weights of the dense layers before the heads, where an L2 penalty lies: the one of a convolutional network, the
    /// hidden ones of a perceptron, none of a recurrent network or a kernel machine.
    pub fn dense_weights(&self) -> Vec<Tensor<B, 2>> {
        match self {
            Self::Recurrent(_) | Self::Kernel(_) => vec![],
            Self::Mlp(network) => network.dense_weights(),
            Self::Cnn(network) => vec![network.dense_weights()],
        }
    }
}
