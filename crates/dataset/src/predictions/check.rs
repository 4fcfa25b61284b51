//! What must hold of predictions, whoever wrote them.

use std::{collections::BTreeSet, path::Path};

use super::{Prediction, Predictions};
use crate::DatasetError;

/// How far from 1 the probabilities of a row may sum (f32 softmax over some hundred classes stays within 1e-5).
const SUM_TOLERANCE: f32 = 1e-3;

impl Predictions {
    /// Checks every row; `path` is named in the error.
    pub(super) fn check(&self, path: &Path) -> Result<(), DatasetError> {
        let mut seen = BTreeSet::new();
        for (row, prediction) in self.rows.iter().enumerate() {
            self.check_row(prediction).map_err(|(found, expected)| DatasetError::row(path, row, found, expected))?;
            if !seen.insert((&prediction.clip_id, &prediction.task)) {
                let found = format!("clip '{}' again", prediction.clip_id);
                return Err(DatasetError::row(path, row, found, "each clip once a task"));
            }
        }
        Ok(())
    }

    fn check_row(&self, row: &Prediction) -> Result<(), (String, String)> {
        let Some(classes) = self.classes.get(&row.task) else {
            let known: Vec<&str> = self.classes.keys().map(String::as_str).collect();
            let found = format!("task '{}'", row.task);
            return Err((found, format!("one of {}", known.join(", "))));
        };
        let n = row.probabilities.len();
        if n != classes.len() || n == 0 {
            let expected = format!("{}, one a class of '{}'", classes.len(), row.task);
            return Err((format!("{n} probabilities"), expected));
        }
        if !classes.contains(&row.true_label) {
            let found = format!("true label '{}'", row.true_label);
            return Err((found, format!("one of {}", classes.join(", "))));
        }
        // A NaN is in no range.
        if let Some(bad) = row.probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err((format!("probability {bad}"), "a number from 0 to 1".into()));
        }
        let sum: f32 = row.probabilities.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            let found = format!("probabilities that sum to {sum}");
            return Err((found, format!("1 within {SUM_TOLERANCE}")));
        }
        Ok(())
    }
}
