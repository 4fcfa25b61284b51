//! How a training run ended.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why training went no further; it lies in the model file, so that a report can say it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ending {
    /// All epochs were made.
    Epochs,
    /// No better epoch came for as long as was waited.
    Patience,
    /// The loss was no number; the model is that of an epoch before.
    Diverged {
        /// The epoch it happened in, from 1.
        epoch: u32,
    },
    /// A fit as a whole reached its tolerance.
    Converged(Descent),
    /// A fit as a whole did not reach its tolerance: its iterations ran out, or no step lowered the objective any more.
    Unconverged(Descent),
}

/// How far a fit as a whole came; of several tasks and classes, the sum of iterations and the largest gradient.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descent {
    /// Of the solver: steps of L-BFGS, passes of coordinate descent, pairs of multipliers moved.
    pub iterations: usize,
    /// What the solver holds against its tolerance at the end: the gradient's largest element; of support vector machines, by
    /// how far the gradient violates the optimum's conditions.
    pub gradient: f64,
}

impl Ending {
    /// Whether a person should be told.
    pub fn is_cause_for_warning(&self) -> bool {
        matches!(self, Self::Diverged { .. } | Self::Unconverged(_))
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epochs => write!(f, "all epochs made"),
            Self::Patience => write!(f, "no better epoch for as long as was waited"),
            Self::Diverged { epoch } => write!(f, "diverged in epoch {epoch}: the model is that of an epoch before"),
            Self::Converged(Descent { iterations, gradient }) => {
                write!(f, "converged after {iterations} iterations, largest gradient {gradient:.1e}")
            }
            Self::Unconverged(Descent { iterations, gradient }) => {
                write!(f, "not converged after {iterations} iterations, largest gradient {gradient:.1e}")
            }
        }
    }
}
