//! Scores from predictions: accuracy, precision, recall, F1 and the matrix that they come from; log loss and calibration.

mod confusion;
pub(crate) mod judge;
pub(crate) mod probability;
pub(crate) mod sums;
mod undefined;

use segno_dataset::Prediction;
use serde::Serialize;

pub use confusion::{Class, Confusion};
use probability::Tally;
pub use probability::{ProbabilityScores, RELIABILITY_BINS, ReliabilityBin};

use crate::EvalError;

/// What counts as one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Each clip for itself, as the papers score.
    Clip,
    /// All clips of a track together: the class of the highest mean probability.
    Track,
    /// All clips of a track together: the class that most of them are answered with; of several, the one of the highest
    /// mean probability among these.
    Vote,
}

impl Level {
    /// In running text, e.g. `track by track`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clip => "clip by clip",
            Self::Track => "track by track",
            Self::Vote => "track by track, by majority vote",
        }
    }
}

/// One class's scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassScore {
    /// The class.
    pub class: Class,
    /// Of the items answered with this class, the share that is of it; `None` if none was.
    pub precision: Option<f64>,
    /// Of the items of this class, the share answered with it; `None` if there are none.
    pub recall: Option<f64>,
    /// `2·tp / (2·tp + fp + fn)`; `None` for a class neither present nor answered.
    pub f1: Option<f64>,
    /// Items of this class.
    pub support: u64,
    /// Items answered with this class.
    pub predicted: u64,
}

/// The scores of one set of items. A score that is undefined is `None`, never a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metrics {
    /// How many items.
    pub n: u64,
    /// The share answered rightly; `None` of no items.
    pub accuracy: Option<f64>,
    /// The mean F1 of the classes that have one, as scikit-learn's `f1_score(average="macro")`.
    pub macro_f1: Option<f64>,
    /// The mean recall of the classes with support, as scikit-learn's `balanced_accuracy_score`.
    pub balanced_accuracy: Option<f64>,
    /// Log loss and calibration; `None` where the items have no probabilities, as by a vote.
    pub probabilities: Option<ProbabilityScores>,
    /// What of all this is undefined, and why.
    pub undefined: Vec<(String, String)>,
    /// One entry a class, in the order of the matrix.
    pub classes: Vec<ClassScore>,
    /// What was taken for what.
    pub confusion: Confusion,
    /// What `probabilities` is made from.
    #[serde(skip)]
    tally: Option<Tally>,
}

impl Metrics {
    /// Scores `rows`, the predictions of one task, whose probabilities are in the order of `classes`.
    ///
    /// The answer is the class of the highest probability, the first of them where several tie (as `numpy.argmax`).
    ///
    /// # Errors
    /// If a clip or class comes twice, a track's clips disagree about its label, or numbers are no probabilities.
    pub fn of(level: Level, classes: &[String], rows: &[&Prediction]) -> Result<Self, EvalError> {
        judge::check(classes, rows)?;
        let items = judge::items(level, classes, rows)?;
        let confusion = Confusion::count(classes, items.iter().map(|item| (item.truth, item.answer)));
        Ok(Self::from_sums(confusion, Tally::of(classes, &items)))
    }

    /// The scores of both sets of items together, class by class of the same name.
    pub fn merged(&self, other: &Self) -> Self {
        let tally = self.tally.clone().zip(other.tally.as_ref()).map(|(sum, next)| sum.merged(next));
        Self::from_sums(self.confusion.clone().merged(&other.confusion), tally)
    }

    fn from_sums(confusion: Confusion, tally: Option<Tally>) -> Self {
        let classes: Vec<ClassScore> = (0..confusion.classes.len()).map(|index| class_score(&confusion, index)).collect();
        let n = confusion.total();
        let mut this = Self {
            n,
            accuracy: ratio(confusion.correct(), n),
            macro_f1: mean(classes.iter().filter_map(|score| score.f1)),
            balanced_accuracy: mean(classes.iter().filter_map(|score| score.recall)),
            probabilities: tally.as_ref().map(Tally::scores),
            undefined: vec![],
            classes,
            confusion,
            tally,
        };
        this.undefined = undefined::undefined(&this);
        this
    }
}

fn class_score(confusion: &Confusion, index: usize) -> ClassScore {
    let (support, predicted) = (confusion.support(index), confusion.predicted(index));
    let hits = confusion.counts[index][index];
    ClassScore {
        class: confusion.classes[index].clone(),
        precision: ratio(hits, predicted),
        recall: ratio(hits, support),
        f1: ratio(2 * hits, support + predicted),
        support,
        predicted,
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
