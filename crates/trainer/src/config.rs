//! The knobs of a training run.

use serde::{Deserialize, Serialize};

use crate::{Augment, TrainError};

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Optimiser {
    /// Stochastic gradient descent without momentum.
    Sgd {
        /// > 0
        learning_rate: f64,
    },
    /// Adam with β = (0.9, 0.999).
    Adam {
        /// > 0
        learning_rate: f64,
        /// Added to the root of the second moment; Keras has 1e-7, PyTorch 1e-8.
        epsilon: f32,
    },
    /// Adam whose weights shrink a little every step, by the learning rate times `weight_decay` (Loshchilov, Hutter 2019).
    AdamW {
        /// > 0
        learning_rate: f64,
        /// As Adam's.
        epsilon: f32,
        /// ≥ 0; of every parameter, biases and normalisations too.
        weight_decay: f32,
    },
}

/// What becomes of the learning rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// It stays.
    #[default]
    Constant,
    /// It rises in a line over the first epochs and falls to zero at the last, as half a cosine (Loshchilov, Hutter 2017).
    Cosine {
        /// Epochs of rise; fewer than `max_epochs`.
        warmup_epochs: u32,
    },
}

impl Schedule {
    fn is_constant(&self) -> bool {
        *self == Self::Constant
    }

    /// The factor on the learning rate after so many epochs, parts of them counted.
    pub fn factor(&self, epochs: f64, max_epochs: u32) -> f64 {
        match *self {
            Self::Constant => 1.0,
            Self::Cosine { warmup_epochs } => {
                let warmup = f64::from(warmup_epochs);
                if epochs < warmup {
                    return epochs / warmup;
                }
                let gone = (epochs - warmup) / (f64::from(max_epochs) - warmup);
                (1.0 + (std::f64::consts::PI * gone.min(1.0)).cos()) / 2.0
            }
        }
    }
}

/// Which epoch's parameters are the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Select {
    /// That of the highest validation accuracy of the first task; of equals, the one with the lower validation loss.
    #[default]
    Best,
    /// The last.
    Last,
}

/// | knob | purpose | range |
/// |---|---|---|
/// | `optimiser` | `{ sgd = { learning_rate } }`, `{ adam = { learning_rate, epsilon } }`, `{ adam-w = { learning_rate, epsilon, weight_decay } }` | rates > 0 |
/// | `schedule` | what becomes of the rate ([`Schedule`]) | `constant` (default), `{ cosine = { warmup_epochs } }` |
/// | `batch_size` | clips a step | ≥ 1 |
/// | `max_epochs` | where training ends at the latest | ≥ 1 |
/// | `select` | which epoch is the model ([`Select`]) | `best` (default), `last` |
/// | `patience` | epochs in a row without a better one before it ends | ≥ 1; or absent: all epochs are made |
/// | `max_gradient_norm` | gradients are scaled down to this norm over all parameters | > 0, or absent |
/// | `l2` | λ: λ·Σw² is added to the loss | ≥ 0, or absent |
/// | `label_smoothing` | share of the labels that is spread evenly over all classes, in training alone | [0, 1), or absent |
/// | `average` | decay of a moving average of the parameters over the steps (Polyak, Juditsky 1992): the average is what is validated and kept | (0, 1), or absent: the parameters themselves |
/// | `augment` | what is done to the clips ([`Augment`]) | absent: nothing |
///
/// One epoch is better than another when its validation accuracy of the first task is higher, or as high at a lower
/// validation loss: patience runs out when neither has happened.
///
/// The penalty has no factor of a half and lies on [`dense_weights`](segno_models::Network::dense_weights) alone, as
/// Keras' `l2` on that layer; losses in the curves are without it. Where clips are changed or labels smoothed, the curves' training
/// losses and accuracies are of what the network was shown, those of validation of the clips as they are.
///
/// Li 2019, section 3.5:
///
/// ```toml
/// [training.li]
/// optimiser = { adam = { learning_rate = 1e-3, epsilon = 1e-7 } }
/// batch_size = 200
/// max_epochs = 70
/// select = "last"
/// l2 = 1e-3
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct TrainingConfig {
    pub optimiser: Optimiser,
    pub batch_size: usize,
    pub max_epochs: u32,
    #[serde(default)]
    pub select: Select,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_gradient_norm: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l2: Option<f64>,
    #[serde(default, skip_serializing_if = "Schedule::is_constant")]
    pub schedule: Schedule,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_smoothing: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<Augment>,
}

impl Optimiser {
    /// The step size.
    pub fn learning_rate(&self) -> f64 {
        match self {
            Self::Sgd { learning_rate } | Self::Adam { learning_rate, .. } | Self::AdamW { learning_rate, .. } => *learning_rate,
        }
    }
}

impl TrainingConfig {
    /// Checks every knob.
    ///
    /// # Errors
    /// [`TrainError::Config`] for the first knob outside its range.
    pub fn check(&self) -> Result<(), TrainError> {
        let rate = self.optimiser.learning_rate();
        require("learning_rate", rate, rate > 0.0 && rate.is_finite(), "a number above 0")?;
        if let Optimiser::Adam { epsilon, .. } | Optimiser::AdamW { epsilon, .. } = self.optimiser {
            require("epsilon", epsilon, epsilon > 0.0, "a number above 0")?;
        }
        if let Optimiser::AdamW { weight_decay, .. } = self.optimiser {
            require("weight_decay", weight_decay, weight_decay >= 0.0 && weight_decay.is_finite(), "a number of at least 0")?;
        }
        if let Schedule::Cosine { warmup_epochs } = self.schedule {
            require("warmup_epochs", warmup_epochs, warmup_epochs < self.max_epochs, "fewer than max_epochs")?;
        }
        let smoothing = self.label_smoothing.unwrap_or(0.0);
        require("label_smoothing", smoothing, (0.0..1.0).contains(&smoothing), "a share in [0, 1), or absent")?;
        let average = self.average.unwrap_or(0.5);
        require("average", average, average > 0.0 && average < 1.0, "a number between 0 and 1, or absent")?;
        self.augment.as_ref().map_or(Ok(()), Augment::check)?;
        require("batch_size", self.batch_size, self.batch_size > 0, "at least 1")?;
        require("max_epochs", self.max_epochs, self.max_epochs > 0, "at least 1")?;
        if let Some(patience) = self.patience {
            require("patience", patience, patience > 0, "at least 1, or absent")?;
            require("patience", patience, self.select == Select::Best, "absent where select is last: no epoch is worse there")?;
        }
        let l2 = self.l2.unwrap_or(0.0);
        require("l2", l2, l2 >= 0.0 && l2.is_finite(), "a number of at least 0, or absent")?;
        let norm = self.max_gradient_norm.unwrap_or(1.0);
        require("max_gradient_norm", norm, norm > 0.0, "a number above 0, or absent")
    }
}

pub(crate) fn require(knob: &'static str, found: impl ToString, holds: bool, expected: &'static str) -> Result<(), TrainError> {
    if holds { Ok(()) } else { Err(TrainError::Config { knob, found: found.to_string(), expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_in_a_line_and_falls_as_a_cosine() {
        let schedule = Schedule::Cosine { warmup_epochs: 2 };
        for (epochs, expected) in [(0.5, 0.25), (2.0, 1.0), (4.0, (1.0 + 0.5_f64.sqrt()) / 2.0), (6.0, 0.5), (10.0, 0.0)] {
            let found = schedule.factor(epochs, 10);
            assert!((found - expected).abs() < 1e-12, "after {epochs} epochs {found}, expected {expected}");
        }
        assert_eq!(Schedule::Cosine { warmup_epochs: 0 }.factor(0.0, 10), 1.0);
        assert_eq!(Schedule::Constant.factor(7.0, 10), 1.0);
    }
}
