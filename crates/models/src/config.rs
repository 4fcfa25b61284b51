//! What a network is: the knobs of an experiment file, checked once.

use serde::{Deserialize, Serialize};

use crate::{CnnConfig, ModelError, SvmConfig};

/// One label task and its classes, in the order of the logits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskClasses {
    /// `genre`, `mood`, …
    pub task: String,
    /// Class names, sorted.
    pub classes: Vec<String>,
}

/// What goes into a network and what comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// [frames, bins] of one clip.
    pub input: [usize; 2],
    /// One head a task.
    pub tasks: Vec<TaskClasses>,
}

impl Signature {
    /// Values of the largest clip that there can be: what a row of a shard holds.
    const MOST_VALUES: usize = i32::MAX as usize;

    /// Checks the input's size, of which sizes of layers are computed.
    ///
    /// # Errors
    /// [`ModelError::Config`] where a clip would have no values or too many.
    pub fn check(&self) -> Result<(), ModelError> {
        let [frames, bins] = self.input;
        let holds = frames.checked_mul(bins).is_some_and(|values| (1..=Self::MOST_VALUES).contains(&values));
        require("input", format!("{frames} frames of {bins} bins"), holds, "from 1 to 2147483647 values")
    }
}

/// A model of the papers; in an experiment file the table `[model.<kind>]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelConfig {
    /// RNN, LSTM, LSTM with attention (Irvin et al. 2016, section 3.2).
    Recurrent(RecurrentConfig),
    /// Multilayer perceptron on the concatenated frames (Irvin et al. 2016, Figure 3).
    Mlp(MlpConfig),
    /// Convolutional networks (Li 2019, Figure 1 and Table 2).
    Cnn(CnnConfig),
    /// Logistic regression on the concatenated frames (Irvin et al. 2016, Figure 3).
    Logistic(LogisticConfig),
    /// Support vector machines on the concatenated frames (Irvin et al. 2016, Figure 3).
    Svm(SvmConfig),
}

/// The recurrent unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Elman network with tanh.
    Rnn,
    /// Long short-term memory without peepholes.
    Lstm,
}

/// | knob | purpose | range |
/// |---|---|---|
/// | `cell` | recurrent unit | `rnn`, `lstm` |
/// | `layers` | cells stacked | 1 to 8 |
/// | `hidden` | cell size | 1 to 4096 |
/// | `attention` | soft attention over the top layer's states | with `lstm` alone |
/// | `dropout` | probability after each cell and before the softmax | [0, 1) |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct RecurrentConfig {
    pub cell: Cell,
    pub layers: usize,
    pub hidden: usize,
    pub attention: bool,
    pub dropout: f64,
}

/// The non-linearity between dense layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// max(x, 0)
    Relu,
    /// 1 / (1 + e^-x)
    Sigmoid,
}

/// | knob | purpose | range |
/// |---|---|---|
/// | `hidden` | sizes of the hidden layers | none to 8 layers of 1 to 4096 |
/// | `activation` | between layers | `relu`, `sigmoid` |
/// | `dropout` | probability after each hidden layer | [0, 1) |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct MlpConfig {
    pub hidden: Vec<usize>,
    pub activation: Activation,
    pub dropout: f64,
}

/// How more than two classes are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// All at once, by softmax.
    #[default]
    Multinomial,
    /// Each against the rest; the highest score is the answer.
    OneVsRest,
}

impl Scheme {
    fn is_multinomial(&self) -> bool {
        *self == Self::Multinomial
    }
}

/// | knob | purpose | range |
/// |---|---|---|
/// | `scheme` | how classes are told apart ([`Scheme`]) | `multinomial` (default), `one-vs-rest` |
/// | `c` | inverse strength of the L2 penalty, as in scikit-learn | > 0 |
/// | `tolerance` | largest gradient element at which the fit has converged | > 0 |
/// | `max_iterations` | of L-BFGS | ≥ 1 |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LogisticConfig {
    // Left out where it is the default, so that the cards of models from before there was a choice stay as they are.
    #[serde(default, skip_serializing_if = "Scheme::is_multinomial")]
    pub scheme: Scheme,
    pub c: f64,
    pub tolerance: f64,
    pub max_iterations: usize,
}

impl ModelConfig {
    /// Checks every knob.
    ///
    /// # Errors
    /// [`ModelError::Config`] for the first knob outside its range.
    pub fn check(&self) -> Result<(), ModelError> {
        match self {
            Self::Recurrent(config) => {
                size("layers", config.layers, 8, "1 to 8")?;
                size("hidden", config.hidden, 4096, "1 to 4096")?;
                probability(config.dropout)?;
                require(
                    "attention",
                    config.attention,
                    !config.attention || config.cell == Cell::Lstm,
                    "false unless cell is lstm: its query is the cell state",
                )
            }
            Self::Mlp(config) => {
                require("hidden", config.hidden.len(), config.hidden.len() <= 8, "at most 8 layers")?;
                config.hidden.iter().try_for_each(|hidden| size("hidden", *hidden, 4096, "1 to 4096"))?;
                probability(config.dropout)
            }
            Self::Cnn(config) => config.check(),
            Self::Logistic(config) => {
                require("c", config.c, config.c > 0.0 && config.c.is_finite(), "a number above 0")?;
                require("tolerance", config.tolerance, config.tolerance > 0.0, "a number above 0")?;
                require("max_iterations", config.max_iterations, config.max_iterations > 0, "at least 1")
            }
            Self::Svm(config) => config.check(),
        }
    }

    /// Whether it is trained by gradient steps, epoch by epoch; else [`classical::fit`](crate::classical::fit) fits it as a
    /// whole.
    pub fn has_epochs(&self) -> bool {
        match self {
            Self::Recurrent(_) | Self::Mlp(_) | Self::Cnn(_) => true,
            Self::Logistic(_) | Self::Svm(_) => false,
        }
    }
}

pub(crate) fn require(knob: &'static str, found: impl ToString, holds: bool, expected: &'static str) -> Result<(), ModelError> {
    if holds { Ok(()) } else { Err(ModelError::Config { knob, found: found.to_string(), expected }) }
}

pub(crate) fn size(knob: &'static str, found: usize, most: usize, expected: &'static str) -> Result<(), ModelError> {
    require(knob, found, (1..=most).contains(&found), expected)
}

pub(crate) fn probability(dropout: f64) -> Result<(), ModelError> {
    require("dropout", dropout, (0.0..1.0).contains(&dropout), "a probability in [0, 1)")
}
