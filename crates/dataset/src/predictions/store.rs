//! Predictions as `predictions.parquet`.

use std::{path::Path, sync::Arc};

use arrow::{
    array::{Array, Float32Array, Float32Builder, ListArray, ListBuilder},
    datatypes::{DataType, Field},
};

use super::{Prediction, PredictionSource, Predictions};
use crate::{
    DatasetError,
    table::{self, text_column},
};

const PREDICTIONS: &str = "predictions";
const EXPERIMENT: &str = "segno.experiment";
const PROTOCOL: &str = "segno.protocol";
const SEED: &str = "segno.seed";
const FOLD: &str = "segno.fold";
const PART: &str = "segno.part";
const CODE_VERSION: &str = "segno.code_version";
const MODEL_DIGEST: &str = "segno.model_digest";
const SPLIT_DIGEST: &str = "segno.split_digest";
const SHARDS_DIGEST: &str = "segno.shards_digest";
const CLASSES: &str = "segno.classes";

fn probability_field() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Float32, false))
}

impl Predictions {
    /// Writes `predictions.parquet`, with the most probable class beside the probabilities.
    ///
    /// # Errors
    /// A row does not fit its classes (see [`Predictions::read`]), or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        self.check(path)?;
        let source = &self.source;
        let classes = serde_json::to_string(&self.classes).expect("classes are nothing but text");
        let mut metadata = vec![
            (EXPERIMENT, source.experiment.clone()),
            (PROTOCOL, source.protocol.to_string()),
            (SEED, source.seed.to_string()),
            (PART, source.part.to_string()),
            (CODE_VERSION, source.code_version.clone()),
            (MODEL_DIGEST, source.model_digest.clone()),
            (SPLIT_DIGEST, source.split_digest.clone()),
            (SHARDS_DIGEST, source.shards_digest.clone()),
            (CLASSES, classes),
        ];
        metadata.extend(source.fold.map(|fold| (FOLD, fold.to_string())));
        let text = |get: fn(&Prediction) -> &str| text_column(self.rows.iter().map(get));
        let predicted = self.rows.iter().map(|row| self.classes[&row.task][row.argmax()].as_str());
        let mut lists = ListBuilder::new(Float32Builder::new()).with_field(probability_field());
        for row in &self.rows {
            lists.values().append_slice(&row.probabilities);
            lists.append(true);
        }
        let columns = vec![
            ("clip_id", text(|row| &row.clip_id), false),
            ("track_id", text(|row| &row.track_id), false),
            ("task", text(|row| &row.task), false),
            ("true_label", text(|row| &row.true_label), false),
            ("predicted_label", text_column(predicted), false),
            ("probabilities", Arc::new(lists.finish()) as _, false),
        ];
        table::write(path, PREDICTIONS, metadata, columns)
    }

    /// Reads `predictions.parquet`.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a table of predictions; a row's task or true label is unknown, it has
    /// not one probability a class, one is not in [0, 1], they do not sum to 1 within 1e-3, or a clip is there twice
    /// for one task.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, PREDICTIONS)?;
        let metadata = &table.metadata;
        let (clips, tracks) = (table.strings("clip_id")?, table.strings("track_id")?);
        let (tasks, labels) = (table.strings("task")?, table.strings("true_label")?);
        let list = DataType::List(probability_field());
        let lists: &ListArray = table.column("probabilities", &list, false)?;
        let rows = (0..table.batch.num_rows())
            .map(|row| {
                let values = lists.value(row);
                let values = values.as_any().downcast_ref::<Float32Array>();
                Prediction {
                    clip_id: clips.value(row).into(),
                    track_id: tracks.value(row).into(),
                    task: tasks.value(row).into(),
                    true_label: labels.value(row).into(),
                    probabilities: values.map(|v| v.values().to_vec()).unwrap_or_default(),
                }
            })
            .collect();
        let text = |key| metadata.text(key).map(str::to_owned);
        let this = Self {
            source: PredictionSource {
                experiment: text(EXPERIMENT)?,
                protocol: metadata.parsed(PROTOCOL, "a protocol's name")?,
                seed: metadata.parsed(SEED, "a whole number")?,
                fold: if metadata.has(FOLD) { Some(metadata.parsed(FOLD, "a fold, as 'fold-1of5'")?) } else { None },
                part: metadata.parsed(PART, "train, valid or test")?,
                code_version: text(CODE_VERSION)?,
                model_digest: text(MODEL_DIGEST)?,
                split_digest: text(SPLIT_DIGEST)?,
                shards_digest: text(SHARDS_DIGEST)?,
            },
            classes: metadata.json(CLASSES, "a json object of lists of class names")?,
            rows,
        };
        this.check(path)?;
        Ok(this)
    }
}
