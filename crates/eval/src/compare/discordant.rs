//! The tracks that one model has right and the other wrong: what McNemar's test counts, by name.

use std::collections::BTreeMap;

use segno_dataset::{Prediction, Predictions};
use serde::Serialize;

use crate::{
    EvalError,
    metrics::{Level, judge},
};

/// A track that exactly one of the two has right, under one seed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Discordant {
    /// The track.
    pub track_id: String,
    /// Artist and title, where they are known.
    pub name: Option<String>,
    /// The seed.
    pub seed: u64,
    /// The true label.
    pub true_label: String,
    /// The answer of `a`.
    pub a: String,
    /// The answer of `b`.
    pub b: String,
    /// Whether it is `a` that is right.
    pub a_is_right: bool,
}

/// The discordant tracks of each pair of predictions, by track and seed.
pub(super) fn tracks(
    a: &[&Predictions],
    b: &[&Predictions],
    task: &str,
    names: &BTreeMap<String, String>,
) -> Result<Vec<Discordant>, EvalError> {
    let mut found = vec![];
    for (one, other) in a.iter().zip(b) {
        let (a, b) = (answers(one, task)?, answers(other, task)?);
        for (track_id, (truth, answer_a)) in a {
            let Some((_, answer_b)) = b.get(&track_id) else { continue };
            let (right_a, right_b) = (answer_a == truth, *answer_b == truth);
            if right_a != right_b {
                found.push(Discordant {
                    name: names.get(&track_id).cloned(),
                    track_id,
                    seed: one.source.seed,
                    true_label: truth,
                    a: answer_a,
                    b: answer_b.clone(),
                    a_is_right: right_a,
                });
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Track → its true label and the answer.
fn answers(predictions: &Predictions, task: &str) -> Result<BTreeMap<String, (String, String)>, EvalError> {
    let Some(classes) = predictions.classes.get(task) else { return Ok(BTreeMap::new()) };
    let rows: Vec<&Prediction> = predictions.rows.iter().filter(|row| row.task == task).collect();
    let items = judge::items(Level::Track, classes, &rows)?;
    Ok(items.into_iter().map(|item| (item.track_id.to_owned(), (item.truth.to_owned(), classes[item.answer].clone()))).collect())
}
