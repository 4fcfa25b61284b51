//! A flat sheet, of CSV or Parquet, as [`listening::write`](crate::listening::write) has it.

use anyhow::{Context, Result, bail};
use segno_dataset::Sheet;
use segno_map::Answer;

use super::Table;

/// A column `<task>` with `<task>_confidence` and `<task>_not_sure` beside it is a task, `<task>:<class>` names its classes; of `tag:…` the
/// strongest is taken. Lines of stretches (`start_s`) are passed over.
pub fn read(sheet: &Sheet) -> Result<Table> {
    let mut table = Table::default();
    let column = |name: &str| sheet.columns.iter().position(|(known, _)| known == name);
    let file = column("file").context("found no column `file`")?;
    let start = column("start_s");
    let mut questions = vec![];
    for (at, (task, _)) in sheet.columns.iter().enumerate() {
        let (Some(confidence), Some(not_sure)) = (column(&format!("{task}_confidence")), column(&format!("{task}_not_sure"))) else {
            continue;
        };
        let question = table.question(task);
        for (name, _) in &sheet.columns {
            if let Some(class) = name.strip_prefix(task).and_then(|rest| rest.strip_prefix(':')) {
                table.class(question, class);
            }
        }
        questions.push((question, at, confidence, not_sure));
    }
    let tags: Vec<(&str, usize)> =
        sheet.columns.iter().enumerate().filter_map(|(at, (name, _))| Some((name.strip_prefix("tag:")?, at))).collect();
    for row in 0..sheet.rows() {
        let text = |column: usize| Some(sheet.text(column, row)).filter(|text| !text.is_empty());
        let share = |column: usize| -> Result<Option<f64>> {
            let Some(text) = text(column) else { return Ok(None) };
            let told = || format!("row {}, column {}: found {text:?}, expected a number", row + 1, sheet.columns[column].0);
            Ok(Some(text.parse().with_context(told)?))
        };
        if start.is_some_and(|start| text(start).is_some()) {
            continue;
        }
        let Some(name) = text(file) else { bail!("row {}: found no file", row + 1) };
        let number = table.row(&name)?;
        for (question, at, confidence, not_sure) in &questions {
            if let Some(class) = text(*at) {
                let confidence = share(*confidence)?.map(|confidence| confidence as f32);
                let answer = Answer::Class { class: table.class(*question, &class), confidence };
                table.answer(*question, number, answer);
            } else if let Some(reason) = text(*not_sure) {
                table.answer(*question, number, Answer::NotSure { reason });
            }
        }
        let likelihoods = tags.iter().map(|(tag, at)| Ok(share(*at)?.map(|likelihood| (*tag, likelihood)))).collect::<Result<Vec<_>>>()?;
        table.strongest(number, &likelihoods.into_iter().flatten().collect::<Vec<_>>());
    }
    Ok(table)
}
