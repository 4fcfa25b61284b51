//! The answers of the outer folds, beside the head.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use segno_dataset::{CrossPlan, Part, PredictionSource, Predictions, digest_bytes};

use super::{Crossed, Data};
use crate::commands::{make_room, write_whole};

fn stem(head: &Path) -> &str {
    head.file_stem().and_then(|stem| stem.to_str()).unwrap_or("head")
}

fn beside(head: &Path, task: &str, seed: u64) -> PathBuf {
    head.with_file_name(format!("{}.{task}-{seed}.parquet", stem(head)))
}

/// Removes what an earlier head of the same name, of more draws than `seeds`, left beside itself.
///
/// # Errors
/// The disk refuses.
pub fn forget(head: &Path, task: &str, seeds: u64) -> Result<()> {
    for path in (seeds + 1..).map(|seed| beside(head, task, seed)).take_while(|path| path.is_file()) {
        let folds = path.with_extension("folds.json");
        for old in [folds, path].into_iter().filter(|old| old.is_file()) {
            fs::remove_file(&old).with_context(|| format!("cannot remove {}, which is of an earlier head", old.display()))?;
        }
    }
    Ok(())
}

/// Keeps the predictions of a draw beside the head, every number of whose score comes from them.
///
/// # Errors
/// The disk refuses.
pub fn keep(head: &Path, data: &Data<'_>, plan: &CrossPlan<'_>, run: &Crossed) -> Result<()> {
    let path = beside(head, &data.task.task, plan.seed);
    let folds: BTreeMap<&str, usize> = run.predictions.iter().map(|row| row.track_id.as_str()).zip(run.folds.iter().copied()).collect();
    let folds = serde_json::to_vec(&folds)?;
    let source = PredictionSource {
        experiment: stem(head).to_owned(),
        protocol: plan.protocol,
        seed: plan.seed,
        fold: None,
        part: Part::Test,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        model_digest: digest_bytes(run.fitted.concat().as_bytes()),
        split_digest: digest_bytes(&folds),
        shards_digest: data.table.digest.clone(),
    };
    let classes = [(data.task.task.clone(), data.task.classes.clone())].into();
    make_room(&path)?;
    Predictions { source, classes, rows: run.predictions.clone() }.write(&path)?;
    // Track → fold.
    write_whole(&path.with_extension("folds.json"), &folds)
}
