//! What a report is made from: predictions, curves, and facts that no prediction can tell.

use std::collections::BTreeMap;

use segno_dataset::{Curves, Predictions, Protocol};
use serde::{Deserialize, Serialize};

use super::figures::{EmbeddingFacts, HistogramFacts};

/// Everything a report is made from.
#[derive(Clone, Debug)]
pub struct ReportInput {
    /// The report's heading.
    pub title: String,
    /// The command that makes this report again.
    pub command: String,
    /// What was listened to.
    pub corpus: CorpusFacts,
    /// The tasks scored, `genre`, `mood`, …: the first decides which row is looked at closely.
    pub tasks: Vec<String>,
    /// Where the paper's figures are of another corpus, its name: they are marked, and not compared.
    pub paper_corpus: Option<String>,
    /// The experiments, one a row of the tables.
    pub rows: Vec<RowFacts>,
    /// The protocols, in the order of the tables' columns.
    pub protocols: Vec<ProtocolFacts>,
    /// One entry a trained model.
    pub runs: Vec<Run>,
    /// Rows of the paper that are not reproduced yet.
    pub open_rows: Vec<OpenRow>,
    /// A number of the tracks that labels are cut from, e.g. valence.
    pub histogram: Option<HistogramFacts>,
    /// The clips laid out in the plane, see [`crate::embedding`].
    pub embedding: Option<EmbeddingFacts>,
    /// Figures of the paper that cannot be drawn here, and what else a reader must know, a sentence each.
    pub notes: Vec<String>,
    /// Stage and wall-clock seconds, in the order they ran.
    pub stages: Vec<(String, f64)>,
    /// Name and value: machine, device, versions, date.
    pub environment: Vec<(String, String)>,
}

/// What is known of a corpus.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CorpusFacts {
    /// Its name.
    pub name: String,
    /// How to cite it.
    pub citation: String,
    /// Its licence.
    pub licence: String,
    /// How many tracks the whole corpus has, if that is known.
    pub expected_tracks: Option<usize>,
    /// How many took part.
    pub tracks_used: usize,
    /// Whether a program made it.
    pub synthetic: bool,
    /// The tracks that took no part.
    pub left_out: Vec<LeftOut>,
}

/// A track that took no part, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The track.
    pub track_id: String,
    /// Its label in the report's first task, which long lists are summed up by.
    pub label: Option<String>,
    /// Missing, unreadable, faulty: in words. Tracks of one reason are listed together.
    pub reason: String,
}

/// One experiment.
#[derive(Clone, Debug, Serialize)]
pub struct RowFacts {
    /// Unique, e.g. `lstm-2x250`.
    pub id: String,
    /// As a reader knows it, e.g. `LSTM 2×250`.
    pub label: String,
    /// Rows of one family stand together: `recurrent`, `baseline`.
    pub family: String,
    /// Where the paper has it, e.g. `Figure 5`.
    pub place: String,
    /// Task → the paper's test accuracy, as a fraction.
    pub paper: BTreeMap<String, f64>,
    /// Task → the paper's training accuracy, as a fraction.
    pub paper_train: BTreeMap<String, f64>,
    /// Its place in a grid of settings, if it is a cell of one.
    pub cell: Option<GridCell>,
    /// The `id` of the row that this one is another reading of.
    pub variant_of: Option<String>,
    /// What is done otherwise than in the paper, a sentence each.
    pub differs: Vec<String>,
    /// The features, in a line.
    pub features: String,
    /// The training, in a line.
    pub training: String,
}

/// How a protocol draws its parts.
#[derive(Clone, Debug)]
pub struct ProtocolFacts {
    /// Which.
    pub protocol: Protocol,
    /// What it does, in a sentence.
    pub description: String,
    /// What to know of this corpus under it: classes missing from training, siblings on two sides.
    pub notes: Vec<String>,
}

/// One trained model's answers.
#[derive(Clone, Debug)]
pub struct Run {
    /// The `id` of its row.
    pub row: String,
    /// The protocol of its split.
    pub protocol: Protocol,
    /// The seed of split and training.
    pub seed: u64,
    /// Where the predictions lie, relative to the report: what a reader recomputes from.
    pub predictions_file: String,
    /// The predictions of the test part.
    pub predictions: Predictions,
    /// The predictions of the training part, where the paper states training accuracy too.
    pub train_predictions: Option<Predictions>,
    /// The learning curves, where training has epochs.
    pub curves: Option<Curves>,
}

/// Where a row stands in a grid of settings: `Table 1`, line `λ 0.001`, column `rate 0.01, batch 100`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridCell {
    /// The grid's name, as the paper has it.
    pub table: String,
    /// The setting of the line.
    pub line: String,
    /// The setting of the column.
    pub column: String,
}

/// A row of the paper that is not reproduced yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRow {
    /// As a reader knows it.
    pub label: String,
    /// Where the paper has it.
    pub place: String,
    /// Task → the paper's test accuracy, as a fraction.
    #[serde(default)]
    pub paper: BTreeMap<String, f64>,
    /// When it will be there, e.g. `comes with the classical baselines`.
    pub comes_with: String,
}
