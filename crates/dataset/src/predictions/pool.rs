//! The folds of one run as the predictions of every track.

use std::collections::BTreeSet;

use super::{PredictionSource, Predictions};
use crate::{DatasetError, Fold, digest_fields};

impl Predictions {
    /// Pools the folds of one run, in whatever order they come: each clip once, in the order of the clips' names.
    ///
    /// The digests of model and split become digests of the folds' digests, in the order of the folds.
    ///
    /// # Errors
    /// [`DatasetError::Pool`]: there is none, a fold is missing or there twice, the folds differ in more than model and
    /// split (experiment, protocol, seed, part, code, shards, classes), or a clip is in two of them, as those of the
    /// training parts are.
    pub fn pool(mut folds: Vec<Self>) -> Result<Self, DatasetError> {
        folds.sort_by_key(|fold| fold.source.fold);
        let Some(first) = folds.first() else {
            let (found, expected) = ("no folds".to_owned(), "all folds of a run".to_owned());
            return Err(DatasetError::Pool { run: "no run".into(), found, expected });
        };
        let run = format!("{}, {}, seed {}", first.source.experiment, first.source.protocol, first.source.seed);
        let fault = |found: String, expected: &str| DatasetError::Pool { run: run.clone(), found, expected: expected.into() };
        let found: Vec<Option<Fold>> = folds.iter().map(|fold| fold.source.fold).collect();
        let expected = first.source.fold.and_then(|fold| Fold::all(fold.of()).ok()).unwrap_or_default();
        if !found.iter().copied().eq(expected.iter().copied().map(Some)) {
            let names: Vec<String> = found.iter().map(|fold| fold.map_or_else(|| "no fold".to_owned(), |fold| fold.to_string())).collect();
            return Err(fault(names.join(", "), "each fold once"));
        }
        for other in &folds[1..] {
            if common(&other.source) != common(&first.source) {
                return Err(fault(format!("{:?} and {:?}", common(&first.source), common(&other.source)), "folds of one run"));
            }
            if other.classes != first.classes {
                return Err(fault(format!("classes {:?} and {:?}", first.classes, other.classes), "the same classes in each fold"));
            }
        }
        let mut seen = BTreeSet::new();
        for row in folds.iter().flat_map(|fold| &fold.rows) {
            if !seen.insert((&row.clip_id, &row.task)) {
                return Err(fault(format!("clip '{}' in two folds", row.clip_id), "each clip in one"));
            }
        }
        let digest = |get: fn(&PredictionSource) -> &str| digest_fields(folds.iter().map(|fold| get(&fold.source)));
        let source = PredictionSource {
            fold: None,
            model_digest: digest(|source| &source.model_digest),
            split_digest: digest(|source| &source.split_digest),
            ..first.source.clone()
        };
        let classes = first.classes.clone();
        let mut rows: Vec<_> = folds.into_iter().flat_map(|fold| fold.rows).collect();
        rows.sort_by(|a, b| a.clip_id.cmp(&b.clip_id)); // stable: a clip's tasks stay in their order
        Ok(Self { source, classes, rows })
    }
}

/// What the folds of one run have in common.
fn common(source: &PredictionSource) -> PredictionSource {
    PredictionSource { fold: None, model_digest: String::new(), split_digest: String::new(), ..source.clone() }
}
