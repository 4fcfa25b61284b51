//! The networks of the papers, their configuration, and the model file.
//!
//! - [`ModelConfig`] → [`ModelConfig::init`] → [`Network::forward`]: recurrent networks with and without attention,
//!   convolutional networks, multilayer perceptrons, logistic regression and support vector machines.
//! - [`classical::fit`]: what is fitted as a whole, without epochs: the last two.
//! - [`Network::attention`] and [`InputGradient`]: what a network looked at, and what its answer hangs on.
//! - [`Normaliser`]: standardisation fitted on training clips alone.
//! - [`ModelFile`]: one safetensors file with everything that prediction needs.
//! - [`musicnn`]: a pre-trained tagger, taken from its authors' checkpoint; [`Backbone`] is its file.
//! - [`Head`]: a small classifier over what such networks make of whole tracks; [`AnyModel`] reads a file of any kind.
//! - [`ops::Ops`]: fused operations a backend may bring; the plain tensor version is their oracle.
//!
//! Everything is generic over the backend; random numbers come from the host, so that a seed gives the same
//! parameters and the same dropout on every device. The crate knows neither audio nor how a network is trained.
//!
//! ```
//! use burn::{backend::Flex, tensor::Tensor};
//! use segno_models::{Cell, Mode, ModelConfig, RecurrentConfig, Signature, TaskClasses};
//!
//! let config = ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Lstm, layers: 2, hidden: 60, attention: true, dropout: 0.2 });
//! let genre = TaskClasses { task: "genre".into(), classes: vec!["blues".into(), "jazz".into(), "rock".into()] };
//! let signature = Signature { input: [22, 513], tasks: vec![genre] };
//! let device = Default::default();
//! let network = config.init::<Flex>(&signature, 1, &device);
//! let logits = network.forward(Tensor::zeros([8, 22, 513], &device), &mut Mode::Infer);
//! assert_eq!(logits[0].dims(), [8, 3]);
//! ```

mod any;
mod attended;
mod backbone;
pub mod classical;
mod cnn;
mod config;
mod difference;
mod dropout;
mod ending;
mod error;
mod familiar;
mod file;
mod gradient;
mod head;
mod init;
pub mod layers;
mod logistic;
mod mlp;
pub mod musicnn;
mod network;
mod normaliser;
pub mod ops;
mod recurrent;
mod svm;
mod tensor_file;
pub mod threshold;
mod weights;

pub use any::AnyModel;
pub use attended::Attended;
pub use backbone::{Backbone, BackboneCard};
pub use cnn::{Cnn, CnnConfig, ConvActivation, ConvBlockConfig, GlobalPool, MapAttentionConfig, Pooling};
pub use config::{Activation, Cell, LogisticConfig, MlpConfig, ModelConfig, RecurrentConfig, Scheme, Signature, TaskClasses};
pub use difference::{Difference, differences};
pub use dropout::Mode;
pub use ending::{Descent, Ending};
pub use error::ModelError;
pub use familiar::{Familiar, Familiarity, quantile};
pub use file::{Made, ModelCard, ModelFile};
pub use gradient::{InputGradient, Objective, Slope};
pub use head::{Classifier, Head, HeadCard, HeadInput, HeadTask, Measured, Rows, Selective, tempered};
pub use init::Init;
pub use mlp::Mlp;
pub use network::Network;
pub use normaliser::{Normaliser, Standardise};
pub use recurrent::Recurrent;
pub use svm::{Gamma, GammaRule, KernelHead, KernelMachine, Penalty, SvmConfig, SvmKernel};
pub use tensor_file::TensorFile;
pub use threshold::Step;
pub use weights::{NamedTensor, load_weights, weights};
