//! What a head may be: which inputs, which classifier, how strongly held back.

use segno_models::{Gamma, GammaRule, LogisticConfig, ModelConfig, Scheme, SvmConfig, SvmKernel};

/// A classifier over some of the inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Indices of the inputs.
    pub inputs: Vec<usize>,
    /// The classifier.
    pub model: ModelConfig,
}

/// Which classifiers are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Multinomial logistic regression
    Logistic,
    /// Support vector machine under a Gaussian kernel
    Svm,
    /// Whichever the inner folds prefer
    Both,
}

/// Inverse strengths of the penalty that are tried, where none is given: standardised inputs, tens to hundreds of tracks.
const LOGISTIC_C: [f64; 7] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
const SVM_C: [f64; 4] = [0.5, 1.0, 4.0, 16.0];

fn logistic(c: f64) -> ModelConfig {
    ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c, tolerance: 1e-5, max_iterations: 1000 })
}

fn svm(c: f64) -> ModelConfig {
    let kernel = SvmKernel::Rbf { gamma: Gamma::Rule(GammaRule::Scale) };
    ModelConfig::Svm(SvmConfig { kernel, c, tolerance: 1e-3, max_iterations: 1_000_000 })
}

/// The most inputs that are tried in every set: 63 sets, each with every classifier.
pub const MOST_INPUTS: usize = 6;

/// Every set of the inputs but the empty one, the smallest first.
///
/// # Panics
/// More than [`MOST_INPUTS`].
fn sets(n_inputs: usize) -> Vec<Vec<usize>> {
    assert!(n_inputs <= MOST_INPUTS);
    let of_bits = |bits: u32| (0..n_inputs).filter(|input| bits >> input & 1 == 1).collect();
    let mut sets: Vec<Vec<usize>> = (1..1 << n_inputs).map(of_bits).collect();
    sets.sort_by_key(|set: &Vec<usize>| (set.len(), set.clone()));
    sets
}

/// Every candidate, the simplest first: each input alone, then each two side by side, and so on to all.
///
/// # Panics
/// More than [`MOST_INPUTS`].
pub fn candidates(n_inputs: usize, kind: Kind, c: Option<f64>) -> Vec<Candidate> {
    let strengths = |usual: &[f64]| c.map_or_else(|| usual.to_vec(), |c| vec![c]);
    let mut models = vec![];
    if kind != Kind::Svm {
        models.extend(strengths(&LOGISTIC_C).into_iter().map(logistic));
    }
    if kind != Kind::Logistic {
        models.extend(strengths(&SVM_C).into_iter().map(svm));
    }
    let of_set =
        |inputs: Vec<usize>| models.iter().map(move |model| Candidate { inputs: inputs.clone(), model: model.clone() }).collect::<Vec<_>>();
    sets(n_inputs).into_iter().flat_map(of_set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_inputs_is_tried_the_smallest_first() {
        assert_eq!(sets(1), [vec![0]]);
        assert_eq!(sets(3), [vec![0], vec![1], vec![2], vec![0, 1], vec![0, 2], vec![1, 2], vec![0, 1, 2]]);
        assert_eq!(candidates(3, Kind::Svm, None).len(), 7 * SVM_C.len());
        assert_eq!(candidates(MOST_INPUTS, Kind::Logistic, Some(1.0)).len(), 63);
    }
}
