//! Whether the facts handed in fit together, before anything is computed from them.

use std::collections::BTreeSet;

use segno_dataset::Part;

use super::input::ReportInput;
use crate::EvalError;

pub(super) fn check(input: &ReportInput) -> Result<(), EvalError> {
    if input.tasks.is_empty() {
        return Err(EvalError::NoTask);
    }
    unique("tasks", input.tasks.iter().cloned())?;
    unique("rows", input.rows.iter().map(|row| row.id.clone()))?;
    unique("protocols", input.protocols.iter().map(|facts| facts.protocol.name().to_owned()))?;
    unique("runs", input.runs.iter().map(|run| format!("{}, {}, seed {}", run.row, run.protocol.name(), run.seed)))?;
    let known = |id: &str| input.rows.iter().any(|row| row.id == id);
    for row in &input.rows {
        if let Some(parent) = row.variant_of.as_ref().filter(|parent| !known(parent)) {
            return Err(EvalError::UnknownRow { row: parent.clone(), named_by: format!("`{}` as what it varies", row.id) });
        }
        for (task, value) in row.paper.iter().chain(&row.paper_train) {
            fraction(input, &row.label, task, *value)?;
        }
    }
    for row in &input.open_rows {
        for (task, value) in &row.paper {
            fraction(input, &row.label, task, *value)?;
        }
    }
    for (stage, seconds) in &input.stages {
        if !seconds.is_finite() || *seconds < 0.0 {
            let what = format!("the time of stage `{stage}`");
            return Err(EvalError::BadNumber { what, value: *seconds, expected: "seconds, at least 0" });
        }
    }
    for run in &input.runs {
        if !known(&run.row) {
            return Err(EvalError::UnknownRow { row: run.row.clone(), named_by: format!("the run of {}", run.predictions_file) });
        }
        if !input.protocols.iter().any(|facts| facts.protocol == run.protocol) {
            return Err(EvalError::UnknownProtocol { row: run.row.clone(), protocol: run.protocol });
        }
        let expected = [(&run.predictions, Part::Test)].into_iter().chain(run.train_predictions.as_ref().map(|train| (train, Part::Train)));
        for (predictions, part) in expected {
            let source = &predictions.source;
            if source.part != part {
                let file = run.predictions_file.clone();
                return Err(EvalError::WrongPart { file, expected: part, found: source.part });
            }
            if (source.protocol, source.seed) == (run.protocol, run.seed) {
                continue;
            }
            return Err(EvalError::WrongSource {
                file: run.predictions_file.clone(),
                row: run.row.clone(),
                protocol: run.protocol,
                seed: run.seed,
                found_protocol: source.protocol,
                found_seed: source.seed,
            });
        }
    }
    Ok(())
}

fn unique(list: &'static str, names: impl Iterator<Item = String>) -> Result<(), EvalError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.clone()) {
            return Err(EvalError::Repeated { name, list });
        }
    }
    Ok(())
}

fn fraction(input: &ReportInput, label: &str, task: &str, value: f64) -> Result<(), EvalError> {
    if !input.tasks.iter().any(|known| known == task) {
        return Err(EvalError::UnknownPaperTask { row: label.to_owned(), task: task.to_owned(), found: input.tasks.clone() });
    }
    if !(0.0..=1.0).contains(&value) {
        let what = format!("the paper's accuracy of `{label}`, {task}");
        return Err(EvalError::BadNumber { what, value, expected: "a fraction from 0 to 1" });
    }
    Ok(())
}
