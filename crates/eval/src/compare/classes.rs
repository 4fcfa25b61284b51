//! Which classes the difference is of.

use segno_dataset::{Prediction, Predictions};
use serde::Serialize;

use crate::{
    EvalError,
    metrics::{ClassScore, Level, Metrics},
};

/// One class's scores on both sides, items of all seeds added up. What is undefined is `None`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassDifference {
    /// The class.
    pub class: String,
    /// Items of it: clips, or tracks where the rows are compared by track alone.
    pub items: u64,
    /// The share of these that `a` has right.
    pub recall_a: Option<f64>,
    /// The share of these that `b` has right.
    pub recall_b: Option<f64>,
    /// `100 · (recall_a − recall_b)`, in points.
    pub recall_points: Option<f64>,
    /// F1 of `a`.
    pub f1_a: Option<f64>,
    /// F1 of `b`.
    pub f1_b: Option<f64>,
}

/// The classes of the first side, then those that the second alone knows.
pub(super) fn differences(level: Level, a: &[&Predictions], b: &[&Predictions], task: &str) -> Result<Vec<ClassDifference>, EvalError> {
    let [a, b] = [added(level, a, task)?, added(level, b, task)?];
    let find = |side: &[ClassScore], name: &str| side.iter().find(|score| score.class.name == name).cloned();
    let further = b.iter().filter(|score| find(&a, &score.class.name).is_none());
    let names = a.iter().chain(further).map(|score| score.class.name.clone());
    let difference = |class: String| {
        let [one, other] = [find(&a, &class), find(&b, &class)];
        let recall = |side: &Option<ClassScore>| side.as_ref().and_then(|score| score.recall);
        let f1 = |side: &Option<ClassScore>| side.as_ref().and_then(|score| score.f1);
        ClassDifference {
            items: one.as_ref().or(other.as_ref()).map_or(0, |score| score.support),
            recall_a: recall(&one),
            recall_b: recall(&other),
            recall_points: recall(&one).zip(recall(&other)).map(|(a, b)| 100.0 * (a - b)),
            f1_a: f1(&one),
            f1_b: f1(&other),
            class,
        }
    };
    Ok(names.map(difference).collect())
}

/// The scores of a side's items, all seeds together.
fn added(level: Level, side: &[&Predictions], task: &str) -> Result<Vec<ClassScore>, EvalError> {
    let mut sum: Option<Metrics> = None;
    for predictions in side {
        // That the task is there, `paired` has seen to.
        let Some(classes) = predictions.classes.get(task) else { continue };
        let rows: Vec<&Prediction> = predictions.rows.iter().filter(|row| row.task == task).collect();
        let next = Metrics::of(level, classes, &rows)?;
        sum = Some(sum.map_or_else(|| next.clone(), |sum| sum.merged(&next)));
    }
    Ok(sum.map_or_else(Vec::new, |sum| sum.classes))
}
