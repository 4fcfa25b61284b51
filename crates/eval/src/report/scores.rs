//! A run's scores in short, and the tables over rows and protocols.

use serde::Serialize;

use crate::{
    metrics::{Level, Metrics},
    stats::Summary,
};

/// What a table tells of each run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The share answered rightly.
    Accuracy,
    /// The mean F1 over the classes.
    MacroF1,
    /// The mean recall over the classes.
    BalancedAccuracy,
}

/// One table: a row an experiment, a column a protocol, and the leak.
#[derive(Clone, Debug, Serialize)]
pub struct ScoreTable {
    /// Clips or tracks.
    pub level: Level,
    /// What is told.
    pub measure: Measure,
    /// As [`super::Report::rows`].
    pub rows: Vec<ScoreRow>,
    /// Why some numbers are not there: a reason, and where it applies.
    pub gaps: Vec<(String, String)>,
}

/// One experiment's line in a table.
#[derive(Clone, Debug, Serialize)]
pub struct ScoreRow {
    /// The row's `id`.
    pub row: String,
    /// As [`super::Report::protocols`].
    pub cells: Vec<ScoreCell>,
    /// `100 · (published − strict)`, paired by seed, one for each of `track` and `artist-once` that the report has.
    pub leaks: Vec<ScoreCell>,
}

/// One number over seeds.
#[derive(Clone, Debug, Serialize)]
pub struct ScoreCell {
    /// The protocol, or `leak`.
    pub column: String,
    /// Of a leak: the protocol that `published` is held against.
    pub against: Option<String>,
    /// Over the seeds.
    pub summary: Summary,
    /// The same number of the training part, where that was predicted too.
    pub train: Option<Summary>,
    /// Why mean or interval is undefined, where it is.
    pub reason: Option<String>,
}

/// A run's scores in short.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// Items scored.
    pub n: u64,
    /// See [`Metrics::accuracy`].
    pub accuracy: Option<f64>,
    /// See [`Metrics::macro_f1`].
    pub macro_f1: Option<f64>,
    /// See [`Metrics::balanced_accuracy`].
    pub balanced_accuracy: Option<f64>,
}

impl Measure {
    /// This measure of a run.
    pub fn of(self, scores: &Scores) -> Option<f64> {
        match self {
            Self::Accuracy => scores.accuracy,
            Self::MacroF1 => scores.macro_f1,
            Self::BalancedAccuracy => scores.balanced_accuracy,
        }
    }

    /// Its name in running text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::MacroF1 => "macro F1",
            Self::BalancedAccuracy => "balanced accuracy",
        }
    }
}

impl From<&Metrics> for Scores {
    fn from(metrics: &Metrics) -> Self {
        Self { n: metrics.n, accuracy: metrics.accuracy, macro_f1: metrics.macro_f1, balanced_accuracy: metrics.balanced_accuracy }
    }
}
