//! The answers of the outer folds, beside the head.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;
use segno_dataset::{CrossPlan, Part, PredictionSource, Predictions, digest_bytes};

use super::{Crossed, Data};
use crate::commands::{make_room, write_whole};

/// Keeps the predictions of a draw beside the head, every number of whose score comes from them.
///
/// # Errors
/// The disk refuses.
pub fn keep(head: &Path, data: &Data<'_>, plan: &CrossPlan<'_>, run: &Crossed) -> Result<()> {
    let (seed, manifest) = (plan.seed, data.manifest);
    let stem = head.file_stem().and_then(|stem| stem.to_str()).unwrap_or("head");
    let path = head.with_file_name(format!("{stem}.{}-{seed}.parquet", data.task.task));
    let folds: BTreeMap<&str, usize> = run.predictions.iter().map(|row| row.track_id.as_str()).zip(run.folds.iter().copied()).collect();
    let folds = serde_json::to_vec(&folds)?;
    let source = PredictionSource {
        experiment: stem.to_owned(),
        protocol: plan.protocol,
        seed,
        fold: None,
        part: Part::Test,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        model_digest: digest_bytes(format!("{:?}", run.chosen).as_bytes()),
        split_digest: digest_bytes(&folds),
        shards_digest: manifest.digest(),
    };
    let classes = [(data.task.task.clone(), data.task.classes.clone())].into();
    make_room(&path)?;
    Predictions { source, classes, rows: run.predictions.clone() }.write(&path)?;
    // Track → fold.
    write_whole(&path.with_extension("folds.json"), &folds)
}
