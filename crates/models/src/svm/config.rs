//! The knobs of a support vector machine.

use serde::{Deserialize, Serialize};

use crate::{ModelError, config::require};

/// A support vector machine a class, that class against the rest.
///
/// | knob | purpose | range |
/// |---|---|---|
/// | `kernel` | what takes the place of the inner product ([`SvmKernel`]) | see there |
/// | `c` | weight of the summed loss against the penalty, as in scikit-learn | > 0 |
/// | `tolerance` | of the optimum's conditions, by the solver's own rule | > 0 |
/// | `max_iterations` | linear: passes over rows (L2) or inputs (L1); kernels: pairs of multipliers moved | ≥ 1 |
///
/// scikit-learn's defaults: C 1; `LinearSVC` 1e-4 and 1000, `SVC` 1e-3 and no limit.
///
/// ```toml
/// model.svm = { kernel = { linear = { penalty = "l2" } }, c = 1.0, tolerance = 1e-4, max_iterations = 1000 }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct SvmConfig {
    pub kernel: SvmKernel,
    pub c: f64,
    pub tolerance: f64,
    pub max_iterations: usize,
}

/// `a · b` is over all inputs, frames and bins in one vector.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum SvmKernel {
    /// `a · b`, with the squared hinge loss, as liblinear: `{ linear = { penalty = "l1" } }`.
    Linear {
        /// On the weights and on the intercept.
        penalty: Penalty,
    },
    /// `exp(-γ |a - b|²)`, with the hinge loss, as LIBSVM; so are the two below.
    Rbf {
        /// γ
        gamma: Gamma,
    },
    /// `(γ a · b + coef0)^degree`
    Polynomial {
        /// 1 to 10
        degree: u8,
        /// γ
        gamma: Gamma,
        /// Any number.
        coef0: f64,
    },
    /// `tanh(γ a · b + coef0)`: not positive definite, so that the fit stops at a local optimum.
    Sigmoid {
        /// γ
        gamma: Gamma,
        /// Any number.
        coef0: f64,
    },
}

/// What holds the weights of a linear machine small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Penalty {
    /// Σ|w|: most weights become 0.
    L1,
    /// Σw² / 2
    L2,
}

/// The width of a kernel: `"auto"`, `"scale"`, or a number above 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "\"auto\", \"scale\" or a number above 0")]
pub enum Gamma {
    /// From the data.
    Rule(GammaRule),
    /// γ itself, above 0.
    Number(f64),
}

/// How γ follows from the training rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GammaRule {
    /// 1 / inputs: LIBSVM's default, and scikit-learn's before 0.22.
    Auto,
    /// 1 / (inputs · variance of all values): scikit-learn's default since.
    Scale,
}

impl Gamma {
    /// γ for training rows `x`, [n, inputs] row-major; 1 where [`GammaRule::Scale`] finds no variance, as scikit-learn.
    pub(crate) fn of(self, x: &[f32], inputs: usize) -> f64 {
        match self {
            Self::Number(gamma) => gamma,
            Self::Rule(GammaRule::Auto) => 1.0 / inputs as f64,
            Self::Rule(GammaRule::Scale) => {
                let count = x.len() as f64;
                let mean = x.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
                let variance = x.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count;
                if variance > 0.0 { 1.0 / (inputs as f64 * variance) } else { 1.0 }
            }
        }
    }

    fn check(self) -> Result<(), ModelError> {
        match self {
            Self::Rule(_) => Ok(()),
            Self::Number(gamma) => require("gamma", gamma, positive(gamma), "\"auto\", \"scale\" or a number above 0"),
        }
    }
}

impl SvmConfig {
    /// Checks every knob.
    ///
    /// # Errors
    /// [`ModelError::Config`] for the first knob outside its range.
    pub fn check(&self) -> Result<(), ModelError> {
        require("c", self.c, positive(self.c), "a number above 0")?;
        require("tolerance", self.tolerance, positive(self.tolerance), "a number above 0")?;
        require("max_iterations", self.max_iterations, self.max_iterations > 0, "at least 1")?;
        let shift = |coef0: f64| require("coef0", coef0, coef0.is_finite(), "a number");
        match self.kernel {
            SvmKernel::Linear { .. } => Ok(()),
            SvmKernel::Rbf { gamma } => gamma.check(),
            SvmKernel::Polynomial { degree, gamma, coef0 } => {
                require("degree", degree, (1..=10).contains(&degree), "1 to 10")?;
                gamma.check()?;
                shift(coef0)
            }
            SvmKernel::Sigmoid { gamma, coef0 } => {
                gamma.check()?;
                shift(coef0)
            }
        }
    }
}

fn positive(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}
