//! A paper's rows as a typed TOML file: `datasets/<corpus>/experiments/*.toml`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use segno_dataset::{Fold, Fractions, Precision, Protocol};
use segno_eval::report::{GridCell, OpenRow};
use segno_features::FeatureSpec;
use segno_models::{ModelConfig, Standardise};
use segno_trainer::TrainingConfig;
use serde::{Deserialize, Serialize};

use crate::layout::FeatureSet;

/// An experiment file; unknown keys are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// The report's title.
    pub title: String,
    /// The corpus's name; the manifest has to be of it.
    pub corpus: String,
    /// Label tasks, in the order of the networks' heads.
    pub tasks: Vec<String>,
    /// Task → its weight in the loss; 1 where a task is not named.
    #[serde(default)]
    pub loss_weights: BTreeMap<String, f64>,
    /// The shares of train, valid and test.
    #[serde(default)]
    pub fractions: Fractions,
    /// How many folds a protocol with folds (`artist`) has; at least 2.
    #[serde(default = "folds")]
    pub folds: u32,
    /// How many seeds a row is run with, unless the row or the command says otherwise.
    pub seeds: u64,
    /// Whether the training part is predicted too: for papers that print training accuracy.
    #[serde(default)]
    pub predict_train: bool,
    /// The corpus that the paper's figures are of, where it is another one.
    #[serde(default)]
    pub paper_corpus: Option<String>,
    /// The columns of the report.
    pub protocols: Vec<Protocol>,
    /// What every row does otherwise than the paper, or chooses where it is silent.
    pub differs: Vec<String>,
    /// Figures of the data.
    #[serde(default)]
    pub figures: Figures,
    /// Feature specifications by name.
    pub features: BTreeMap<String, FeatureSpec>,
    /// How features are stored, and how much of them is held in memory.
    #[serde(default)]
    pub shards: Shards,
    /// Training configurations by name.
    #[serde(default)]
    pub training: BTreeMap<String, TrainingConfig>,
    /// The rows of the report.
    pub rows: Vec<Row>,
    /// Rows of the paper that are not reproduced yet.
    #[serde(default)]
    pub open_rows: Vec<OpenRow>,
}

/// One row of a paper's table, or a variant of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Short name, of files and of `--row`.
    pub id: String,
    /// Name in the report.
    pub label: String,
    /// `baseline` or `recurrent`: what a report groups by.
    pub family: String,
    /// Where the paper has the row.
    pub place: String,
    /// Task → the paper's test accuracy.
    #[serde(default)]
    pub paper: BTreeMap<String, f64>,
    /// Task → the paper's training accuracy.
    #[serde(default)]
    pub paper_train: BTreeMap<String, f64>,
    /// Its place in a grid of settings.
    pub cell: Option<GridCell>,
    /// How many seeds it is run with, where that is not the experiment's number.
    pub seeds: Option<u64>,
    /// The protocols that it is run under, where those are not all of the experiment's.
    pub protocols: Option<Vec<Protocol>>,
    /// The row that this one varies.
    pub variant_of: Option<String>,
    /// Name of the feature specification.
    pub features: String,
    /// How features are standardised, with statistics of the training part alone.
    pub standardise: Standardise,
    /// The model.
    pub model: ModelConfig,
    /// Name of the training configuration; none for a model that is fitted as a whole.
    pub training: Option<String>,
    /// What this row does otherwise than the paper.
    #[serde(default)]
    pub differs: Vec<String>,
}

/// | knob | purpose | range |
/// |---|---|---|
/// | `precision` | what a feature is stored as: `single`, or `half` for half the bytes and eleven significant bits | `single` (default), `half` |
/// | `memory_mb` | features (2^20 bytes) that a run holds in memory; a part of the split beyond it is streamed from the shards, to the same model | ≥ 0; 4096 |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct Shards {
    pub precision: Precision,
    pub memory_mb: u32,
}

impl Default for Shards {
    fn default() -> Self {
        Self { precision: Precision::Single, memory_mb: 4096 }
    }
}

impl Shards {
    /// [`Shards::memory_mb`] in bytes.
    pub fn memory_bytes(&self) -> u64 {
        u64::from(self.memory_mb) << 20
    }
}

/// Figures of the data, which a report draws beside the scores.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// A number of the tracks, e.g. `valence`, whose distribution is drawn with the cuts of the labels made from it.
    pub histogram: Option<String>,
    /// The clips laid out in the plane.
    pub tsne: Option<Tsne>,
}

/// | knob | purpose | range |
/// |---|---|---|
/// | `clips` | clips at most, taken evenly from all | ≥ 10 |
/// | `perplexity` | about how many neighbours a clip has | ≥ 1 |
/// | `epochs` | steps | ≥ 1 |
/// | `seed` | of the sketch that finds the principal components | any |
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct Tsne {
    pub clips: usize,
    pub perplexity: f32,
    pub epochs: usize,
    pub seed: u64,
}

fn folds() -> u32 {
    5
}

impl Experiment {
    /// Reads and checks an experiment file.
    ///
    /// # Errors
    /// It cannot be read, has an unknown key, a knob outside its range, or a name that stands for nothing.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("experiment file {}", path.display()))?;
        let experiment: Self = toml::from_str(&text).with_context(|| format!("experiment file {}", path.display()))?;
        experiment.check().with_context(|| format!("experiment file {}", path.display()))?;
        Ok(experiment)
    }

    fn check(&self) -> Result<()> {
        ensure!(!self.tasks.is_empty(), "tasks is empty, expected at least one, e.g. [\"genre\"]");
        ensure!(!self.rows.is_empty(), "rows is empty, expected at least one");
        ensure!(self.seeds > 0, "seeds is 0, expected at least 1");
        ensure!(self.folds > 1, "folds is {}, expected at least 2", self.folds);
        let known = |task: &String| self.tasks.contains(task);
        for (task, weight) in &self.loss_weights {
            ensure!(known(task), "loss_weights names '{task}', which is none of {}", self.tasks.join(", "));
            ensure!(*weight >= 0.0 && weight.is_finite(), "loss_weights.{task} is {weight}, expected a number of at least 0");
        }
        if let Some(Tsne { clips, perplexity, epochs, .. }) = self.figures.tsne {
            ensure!(clips >= 10 && perplexity >= 1.0 && epochs > 0, "figures.tsne: expected clips >= 10, perplexity >= 1 and epochs >= 1");
        }
        let papers = self.rows.iter().flat_map(|row| [(&row.id, &row.paper), (&row.id, &row.paper_train)]);
        for (row, paper) in papers.chain(self.open_rows.iter().map(|row| (&row.label, &row.paper))) {
            for (task, accuracy) in paper {
                ensure!(known(task), "row {row}: the paper's figure is of '{task}', which is none of {}", self.tasks.join(", "));
                ensure!(
                    (0.0..=1.0).contains(accuracy),
                    "row {row}: the paper's figure of {task} is {accuracy}, expected a fraction from 0 to 1"
                );
            }
        }
        for (name, features) in &self.features {
            features.check().with_context(|| format!("features.{name}"))?;
        }
        for (name, training) in &self.training {
            training.check().with_context(|| format!("training.{name}"))?;
        }
        for (index, row) in self.rows.iter().enumerate() {
            let place = || format!("row {}", row.id);
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            ensure!(!row.id.is_empty() && row.id.chars().all(plain), "row id '{}', expected letters, digits and '-'", row.id);
            ensure!(self.rows[..index].iter().all(|before| before.id != row.id), "row id '{}' is used twice", row.id);
            ensure!(row.seeds != Some(0), "row {}: seeds is 0, expected at least 1", row.id);
            for protocol in row.protocols.iter().flatten() {
                let known = self.protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
                ensure!(self.protocols.contains(protocol), "row {}: protocols has '{protocol}', expected of {known}", row.id);
            }
            row.model.check().with_context(place)?;
            row.standardise.check().with_context(place)?;
            self.spec(row).with_context(place)?;
            ensure!(
                self.is_cut_as_splits(row) || !self.runs(row, Protocol::Published),
                "row {}: its clips are not the shortest of this file, or not as many, which splits name; its clips take their track's part, and \
                 `published` gives a track none: leave that out of the row's `protocols`",
                row.id
            );
            self.training(row).with_context(place)?;
            let expected = if row.model.has_epochs() { "the name of one" } else { "none: the model is fitted as a whole" };
            ensure!(
                row.training.is_some() == row.model.has_epochs(),
                "row {}: training is {}, expected {expected}",
                row.id,
                row.training.as_deref().unwrap_or("absent")
            );
        }
        Ok(())
    }

    /// A row by its id.
    ///
    /// # Errors
    /// There is none; the message lists those there are.
    pub fn row(&self, id: &str) -> Result<&Row> {
        let known = || self.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(", ");
        self.rows.iter().find(|row| row.id == id).with_context(|| format!("row '{id}' is none of {}", known()))
    }

    /// How many seeds a row is run with; `asked` is what the command says, if it does.
    pub fn seeds_of(&self, row: &Row, asked: Option<u64>) -> u64 {
        asked.or(row.seeds).unwrap_or(self.seeds)
    }

    /// Whether a row is run under a protocol.
    pub fn runs(&self, row: &Row, protocol: Protocol) -> bool {
        row.protocols.as_ref().unwrap_or(&self.protocols).contains(&protocol)
    }

    /// The folds of a protocol, one `None` where it has none.
    ///
    /// # Errors
    /// There are fewer than two, which a checked experiment does not say.
    pub fn folds_of(&self, protocol: Protocol) -> Result<Vec<Option<Fold>>> {
        Ok(if protocol.has_folds() { Fold::all(self.folds)?.into_iter().map(Some).collect() } else { vec![None] })
    }

    /// The weights of the tasks in the loss, in the order of the tasks.
    pub fn task_weights(&self) -> Vec<f64> {
        self.tasks.iter().map(|task| self.loss_weights.get(task).copied().unwrap_or(1.0)).collect()
    }

    /// A row's feature specification.
    ///
    /// # Errors
    /// Its name stands for nothing.
    pub fn spec(&self, row: &Row) -> Result<&FeatureSpec> {
        self.features.get(&row.features).with_context(|| format!("features '{}' are not in the file", row.features))
    }

    /// A row's features, as they are stored.
    ///
    /// # Errors
    /// As [`Experiment::spec`].
    pub fn feature_set(&self, row: &Row) -> Result<FeatureSet<'_>> {
        Ok(FeatureSet { spec: self.spec(row)?, precision: self.shards.precision })
    }

    /// A row's training configuration, if it has one.
    ///
    /// # Errors
    /// Its name stands for nothing.
    pub fn training(&self, row: &Row) -> Result<Option<&TrainingConfig>> {
        let find = |name: &String| self.training.get(name).with_context(|| format!("training '{name}' is not in the file"));
        row.training.as_ref().map(find).transpose()
    }
}
