//! Scores of the probabilities themselves: top-2 accuracy, log loss, Brier score, calibration.

use serde::Serialize;

use super::judge::Item;

/// How many bins a reliability table has, as Guo et al. (2017).
pub const RELIABILITY_BINS: usize = 15;

/// Probabilities are cut to `[ε, 1 − ε]` before their logarithm is taken, as scikit-learn cuts those stored as `f32`.
const EPSILON: f64 = f32::EPSILON as f64;

/// Fewer classes than this leave nothing to tell by the first two answers.
const TOP2_CLASSES: usize = 3;

/// What the probabilities of a set of items are worth. What is undefined is `None`, never a number.
///
/// # References
/// Brier (1950), "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78(1);
/// Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks", ICML, equations 2 and 3.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProbabilityScores {
    /// The share of items whose true class is among the two most probable ones, the first of the model's classes before
    /// the others where several tie; `None` of no items, or of fewer than three classes.
    pub top2: Option<f64>,
    /// The mean of `−ln p(true class)`, in nats, as scikit-learn's `log_loss` of `f32`. A class that the model does not know has
    /// probability 0, and costs 15.9.
    pub log_loss: Option<f64>,
    /// The mean over items of `Σ (p − y)²` over the classes, from 0 to 2, as scikit-learn's `brier_score_loss`.
    pub brier: Option<f64>,
    /// The expected calibration error: the mean over items of their bin's |accuracy − mean confidence|.
    pub ece: Option<f64>,
    /// The bins of the calibration error, from the lowest confidence up.
    pub reliability: Vec<ReliabilityBin>,
}

/// The items whose highest probability is above `low` and at most `high`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Lower end, not of the bin.
    pub low: f64,
    /// Upper end, of the bin.
    pub high: f64,
    /// Items within.
    pub n: u64,
    /// The mean of their highest probabilities; `None` of an empty bin.
    pub confidence: Option<f64>,
    /// The share of them answered rightly; `None` of an empty bin.
    pub accuracy: Option<f64>,
}

/// The sums that the scores are made from, so that sets can be put together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tally {
    classes: usize,
    n: u64,
    top2: u64,
    log_loss: f64,
    brier: f64,
    bins: [Bin; RELIABILITY_BINS],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bin {
    n: u64,
    right: u64,
    confidence: f64,
}

/// What one item adds to top-2 accuracy and log loss.
pub(crate) struct Addends {
    pub(crate) top2: bool,
    pub(crate) log_loss: f64,
}

/// The addends of an item with these probabilities, whose true class is in place `truth`, if the model knows it.
pub(crate) fn addends(probabilities: &[f64], truth: Option<usize>) -> Addends {
    let of_truth = truth.map_or(0.0, |truth| probabilities[truth]);
    let before = |truth: usize| {
        let ahead = |(place, value): (usize, &f64)| *value > of_truth || (*value == of_truth && place < truth);
        probabilities.iter().enumerate().filter(|one| ahead(*one)).count()
    };
    Addends { top2: truth.is_some_and(|truth| before(truth) < 2), log_loss: -of_truth.clamp(EPSILON, 1.0 - EPSILON).ln() }
}

impl Tally {
    /// Adds up the items of a model of these classes; `None` where they have no probabilities, as by a vote.
    pub(super) fn of(classes: &[String], items: &[Item<'_>]) -> Option<Self> {
        let mut tally = Self { classes: classes.len(), n: 0, top2: 0, log_loss: 0.0, brier: 0.0, bins: [Bin::default(); RELIABILITY_BINS] };
        for item in items {
            let probabilities = item.probabilities.as_ref()?;
            let truth = classes.iter().position(|class| class == item.truth);
            let Addends { top2, log_loss } = addends(probabilities, truth);
            tally.n += 1;
            tally.top2 += u64::from(top2);
            tally.log_loss += log_loss;
            let wanted = |class: usize| f64::from(u8::from(truth == Some(class)));
            // The class that a model does not know counts with the square of its one.
            let unknown = f64::from(u8::from(truth.is_none()));
            tally.brier += unknown + probabilities.iter().enumerate().map(|(class, p)| (p - wanted(class)).powi(2)).sum::<f64>();
            let confidence = probabilities[item.answer];
            let bin = &mut tally.bins[bin_of(confidence)];
            bin.n += 1;
            bin.right += u64::from(truth == Some(item.answer));
            bin.confidence += confidence;
        }
        Some(tally)
    }

    /// Both sets together.
    pub(super) fn merged(mut self, other: &Self) -> Self {
        self.classes = self.classes.min(other.classes);
        self.n += other.n;
        self.top2 += other.top2;
        self.log_loss += other.log_loss;
        self.brier += other.brier;
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            bin.n += more.n;
            bin.right += more.right;
            bin.confidence += more.confidence;
        }
        self
    }

    pub(super) fn scores(&self) -> ProbabilityScores {
        let mean = |sum: f64| (self.n > 0).then(|| sum / self.n as f64);
        let error: f64 = self.bins.iter().map(|bin| (bin.right as f64 - bin.confidence).abs()).sum();
        ProbabilityScores {
            top2: mean(self.top2 as f64).filter(|_| self.classes >= TOP2_CLASSES),
            log_loss: mean(self.log_loss),
            brier: mean(self.brier),
            ece: mean(error),
            reliability: self.bins.iter().enumerate().map(|(index, bin)| bin.row(index)).collect(),
        }
    }
}

impl Bin {
    fn row(&self, index: usize) -> ReliabilityBin {
        let mean = |sum: f64| (self.n > 0).then(|| sum / self.n as f64);
        ReliabilityBin {
            low: edge(index),
            high: edge(index + 1),
            n: self.n,
            confidence: mean(self.confidence),
            accuracy: mean(self.right as f64),
        }
    }
}

fn edge(index: usize) -> f64 {
    index as f64 / RELIABILITY_BINS as f64
}

/// The bin that holds a confidence; its upper end is its own. The rounding of a softmax may end above 1.
fn bin_of(confidence: f64) -> usize {
    (0..RELIABILITY_BINS - 1).find(|index| confidence <= edge(index + 1)).unwrap_or(RELIABILITY_BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_its_upper_end() {
        assert_eq!([0.0, 1.0 / 15.0, 0.0667, 0.2, 0.21, 14.0 / 15.0, 0.94, 1.0, 1.0 + 4e-7].map(bin_of), [0, 0, 1, 2, 3, 13, 14, 14, 14]);
    }

    #[test]
    fn a_true_class_that_the_model_does_not_know_is_never_among_two_and_costs_the_most() {
        let found = addends(&[0.5, 0.3, 0.2], None);
        assert!(!found.top2);
        assert!((found.log_loss - 15.942_385_152_878_742).abs() < 1e-12);
    }

    #[test]
    fn among_ties_the_first_class_comes_first() {
        assert!([0, 1].iter().all(|&truth| addends(&[0.25; 4], Some(truth)).top2));
        assert!([2, 3].iter().all(|&truth| !addends(&[0.25; 4], Some(truth)).top2));
    }
}
