//! A report, before it takes a form: the very contents of `report.json`.

use segno_dataset::Protocol;
use serde::Serialize;

use super::{
    figures::{Embedding, Histogram},
    grid::Grid,
    input::{LeftOut, OpenRow, RowFacts},
    scores::{ScoreTable, Scores},
};
use crate::{metrics::Metrics, stats::Bootstrap};

/// The version of `report.json`; raised when a key changes its meaning or goes.
pub const REPORT_FORMAT: u32 = 3;

/// A report: what `report.json` holds and what every other form is written from.
///
/// Accuracies are fractions, leaks are points. What is undefined is `null`, with the reason beside it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What a reader must know before any number.
    pub banners: Vec<String>,
    /// [`REPORT_FORMAT`].
    pub format: u32,
    /// The heading.
    pub title: String,
    /// The corpus that the paper's figures are of, where it is another one.
    pub paper_corpus: Option<String>,
    /// The command that makes the report again.
    pub command: String,
    /// How every interval over tracks was drawn.
    pub bootstrap: Bootstrap,
    /// What was listened to.
    pub corpus: Corpus,
    /// The protocols, in the order of the columns.
    pub protocols: Vec<ProtocolEntry>,
    /// The experiments, in the order of the tables' rows: by family, a variant after what it varies.
    pub rows: Vec<RowFacts>,
    /// The rows of the paper still to come.
    pub open_rows: Vec<OpenRow>,
    /// Grids of settings whose cells are rows.
    pub grids: Vec<Grid>,
    /// The scores, a task each.
    pub tasks: Vec<TaskReport>,
    /// How a number of the tracks is distributed.
    pub histogram: Option<Histogram>,
    /// The clips laid out in the plane.
    pub embedding: Option<Embedding>,
    /// What else a reader must know: figures that could not be drawn, fits that did not converge.
    pub notes: Vec<String>,
    /// Learning curves, a row and protocol each.
    pub curves: Vec<CurveGroup>,
    /// What is done otherwise than in the paper.
    pub differences: Vec<Difference>,
    /// Stage and seconds.
    pub stages: Vec<(String, f64)>,
    /// Name and value.
    pub environment: Vec<(String, String)>,
    /// Each run's scores and where its predictions lie.
    pub runs: Vec<RunScores>,
}

/// The scores of one task.
#[derive(Clone, Debug, Serialize)]
pub struct TaskReport {
    /// `genre`, `mood`, …
    pub task: String,
    /// The main result in a sentence, where there is one.
    pub finding: Option<String>,
    /// One table a level and measure; the first is the paper's own, clip accuracy.
    pub tables: Vec<ScoreTable>,
    /// The row that is best at the first task, looked at closely; `None` where nothing was run.
    pub best: Option<BestModel>,
}

/// The corpus, with the tracks left out by reason.
#[derive(Clone, Debug, Serialize)]
pub struct Corpus {
    /// Its name.
    pub name: String,
    /// How to cite it.
    pub citation: String,
    /// Its licence.
    pub licence: String,
    /// How many tracks it has in whole, if known.
    pub expected_tracks: Option<usize>,
    /// How many took part.
    pub tracks_used: usize,
    /// Whether a program made it.
    pub synthetic: bool,
    /// The tracks left out, those of one reason together.
    pub left_out: Vec<LeftOutGroup>,
    /// Tracks that the whole corpus has, that took no part, and that `left_out` does not name.
    pub unaccounted_for: usize,
}

/// Tracks left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOutGroup {
    /// Why.
    pub reason: String,
    /// Label and number of tracks, by label; tracks without one under `no label`.
    pub by_label: Vec<(String, usize)>,
    /// All of them, by id.
    pub tracks: Vec<LeftOut>,
}

/// A protocol of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProtocolEntry {
    /// `published`, `track`, `fault-filtered`.
    pub name: String,
    /// What it does, in a sentence.
    pub description: String,
    /// What to know of this corpus under it.
    pub notes: Vec<String>,
}

/// The best model under the paper's protocol, looked at class by class. It is chosen by the first task.
#[derive(Clone, Debug, Serialize)]
pub struct BestModel {
    /// The row's `id`.
    pub row: String,
    /// Its label.
    pub label: String,
    /// The protocol it was chosen under: `published`, or the first that was run.
    pub chosen_under: String,
    /// Its mean accuracy at this task there: of clips under `published`, where all rows have the same ones, of tracks elsewhere.
    pub accuracy: f64,
    /// Whether it is a row of the paper's, and not of ours.
    pub of_paper: bool,
    /// Its scores, a protocol each.
    pub protocols: Vec<Pooled>,
}

impl BestModel {
    /// `The paper's row of the highest clip accuracy`.
    pub(super) fn told(&self) -> String {
        let whose = if self.of_paper { "The paper's row" } else { "The row" };
        format!("{whose} of the highest {} accuracy", if self.chosen_under == Protocol::Published.name() { "clip" } else { "track" })
    }
}

/// Scores with the counts of all seeds added up.
#[derive(Clone, Debug, Serialize)]
pub struct Pooled {
    /// The protocol.
    pub protocol: String,
    /// The seeds that were added.
    pub seeds: Vec<u64>,
    /// Clip by clip.
    pub metrics: Metrics,
    /// Track by track, by the mean of the probabilities.
    pub track: Metrics,
    /// Track by track, by majority vote.
    pub vote: Metrics,
}

/// The learning curves of one row under one protocol.
#[derive(Clone, Debug, Serialize)]
pub struct CurveGroup {
    /// The row's `id`.
    pub row: String,
    /// The protocol.
    pub protocol: String,
    /// The tasks, in the order of each epoch's accuracies.
    pub tasks: Vec<String>,
    /// One entry a seed that has epochs.
    pub runs: Vec<CurveRun>,
    /// Why there are none, where there are none.
    pub reason: Option<String>,
}

/// One run's learning curves.
#[derive(Clone, Debug, Serialize)]
pub struct CurveRun {
    /// The seed.
    pub seed: u64,
    /// The epoch whose parameters were kept.
    pub best_epoch: u32,
    /// One entry an epoch.
    pub epochs: Vec<Epoch>,
}

/// Losses and accuracies after an epoch; what is not finite is `null`.
#[derive(Clone, Debug, Serialize)]
pub struct Epoch {
    /// Counted from 1.
    pub epoch: u32,
    /// On the training part, with dropout.
    pub train_loss: f32,
    /// On the training part, with dropout, one a task.
    pub train_accuracy: Vec<f32>,
    /// On the validation part.
    pub valid_loss: f32,
    /// On the validation part, one a task.
    pub valid_accuracy: Vec<f32>,
}

/// What some rows do otherwise than the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The rows' ids.
    pub rows: Vec<String>,
    /// Whether these are all the rows.
    pub every_row: bool,
    /// A sentence each.
    pub texts: Vec<String>,
}

/// One run's scores at one task, and what they were computed from.
#[derive(Clone, Debug, Serialize)]
pub struct RunScores {
    /// The row's `id`.
    pub row: String,
    /// The protocol.
    pub protocol: String,
    /// The seed.
    pub seed: u64,
    /// The task.
    pub task: String,
    /// The classes told apart; a protocol may leave some out.
    pub classes: Vec<String>,
    /// Where the predictions lie, relative to the report.
    pub predictions_file: String,
    /// Digest of the model file.
    pub model_digest: String,
    /// Digest of the split table.
    pub split_digest: String,
    /// Digest of features and corpus.
    pub shards_digest: String,
    /// Clip by clip.
    pub clip: Scores,
    /// Track by track.
    pub track: Scores,
    /// Track by track, by majority vote.
    pub vote: Scores,
    /// Clips of the training part, where it was predicted too.
    pub train: Option<Scores>,
}

impl Report {
    /// The facts of a row.
    pub(crate) fn row(&self, id: &str) -> Option<&RowFacts> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// A row's label; its id where it has none.
    pub(crate) fn label<'a>(&'a self, id: &'a str) -> &'a str {
        self.row(id).map_or(id, |row| &row.label)
    }

    /// The report as `report.json`: indented, with a line feed at the end.
    ///
    /// # Errors
    /// If the serialiser fails, which it has no reason to.
    pub fn to_json(&self) -> Result<String, crate::EvalError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}
