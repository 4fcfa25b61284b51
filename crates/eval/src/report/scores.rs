//! A run's scores in short, and the tables over rows and protocols.

use serde::Serialize;

use crate::{
    metrics::{Level, Metrics, ProbabilityScores},
    stats::{Interval, Summary},
};

/// The tables of a task, in their order: the first is the paper's own.
pub(super) const TABLES: [(Level, Measure); 8] = [
    (Level::Clip, Measure::Accuracy),
    (Level::Track, Measure::Accuracy),
    (Level::Vote, Measure::Accuracy),
    (Level::Clip, Measure::MacroF1),
    (Level::Clip, Measure::BalancedAccuracy),
    (Level::Clip, Measure::Top2),
    (Level::Clip, Measure::LogLoss),
    (Level::Clip, Measure::CalibrationError),
];

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
    /// The share whose true class is among the two most probable.
    Top2,
    /// The mean of −ln p(true class).
    LogLoss,
    /// How far confidence and accuracy lie apart.
    CalibrationError,
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
#[derive(Clone, Debug, Default, Serialize)]
pub struct ScoreCell {
    /// The protocol, or `leak`.
    pub column: String,
    /// Of a leak: the protocol that `published` is held against.
    pub against: Option<String>,
    /// Over the seeds.
    pub summary: Summary,
    /// The 95 % percentile interval of the mean, from the bootstrap over tracks: each track with all its clips, under all
    /// seeds that tested it; of a leak, in both protocols.
    pub over_tracks: Option<Interval>,
    /// How many tracks were drawn from.
    pub tracks: usize,
    /// Why there is no interval over tracks, where there is a mean and none.
    pub over_tracks_reason: Option<String>,
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
    /// See [`crate::metrics::ProbabilityScores::top2`].
    pub top2: Option<f64>,
    /// See [`crate::metrics::ProbabilityScores::log_loss`].
    pub log_loss: Option<f64>,
    /// See [`crate::metrics::ProbabilityScores::brier`].
    pub brier: Option<f64>,
    /// See [`crate::metrics::ProbabilityScores::ece`].
    pub ece: Option<f64>,
}

impl Measure {
    /// This measure of a run.
    pub fn of(self, scores: &Scores) -> Option<f64> {
        match self {
            Self::Accuracy => scores.accuracy,
            Self::MacroF1 => scores.macro_f1,
            Self::BalancedAccuracy => scores.balanced_accuracy,
            Self::Top2 => scores.top2,
            Self::LogLoss => scores.log_loss,
            Self::CalibrationError => scores.ece,
        }
    }

    /// Its name in running text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::MacroF1 => "macro F1",
            Self::BalancedAccuracy => "balanced accuracy",
            Self::Top2 => "top-2 accuracy",
            Self::LogLoss => "log loss",
            Self::CalibrationError => "expected calibration error",
        }
    }

    /// Whether it is a share, so that a difference of two is in points.
    pub fn in_points(self) -> bool {
        self != Self::LogLoss
    }

    /// Why it is not resampled, if it is not.
    pub(super) fn not_resampled(self) -> Option<&'static str> {
        (self == Self::CalibrationError)
            .then_some("no interval over tracks: in a resample fewer tracks fill the same bins, which makes the error larger")
    }

    /// When it is undefined of a run.
    pub(super) fn undefined(self) -> &'static str {
        match self {
            Self::Top2 => "undefined for some seeds: their test part is empty, or there are fewer than three classes",
            _ => "undefined for some seeds: their test part is empty",
        }
    }
}

impl From<&Metrics> for Scores {
    fn from(metrics: &Metrics) -> Self {
        let of = |pick: fn(&ProbabilityScores) -> Option<f64>| metrics.probabilities.as_ref().and_then(pick);
        Self {
            n: metrics.n,
            accuracy: metrics.accuracy,
            macro_f1: metrics.macro_f1,
            balanced_accuracy: metrics.balanced_accuracy,
            top2: of(|scores| scores.top2),
            log_loss: of(|scores| scores.log_loss),
            brier: of(|scores| scores.brier),
            ece: of(|scores| scores.ece),
        }
    }
}
