//! What a table says of files, by their paths.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf, absolute},
};

use anyhow::{Context, Result, bail, ensure};
use segno_dataset::Sheet;
use segno_map::{Answer, Task};
use serde_json::{Map, Value};

use super::sheet;

/// The task that a network's tags make: the strongest of them.
pub(super) const TAGS: &str = "strongest tag";

/// What `segno predict` wrote of files: CSV, Parquet or JSON lines.
#[derive(Debug, Default)]
pub struct Table {
    questions: Vec<Question>,
    /// The files' row numbers.
    rows: HashMap<PathBuf, usize>,
}

#[derive(Debug)]
struct Question {
    task: String,
    classes: Vec<String>,
    /// Row → answer; a row that is not there has none.
    answers: HashMap<usize, Answer>,
}

impl Table {
    /// Reads a table whose form its name tells: `.csv`, `.parquet`, `.jsonl`.
    ///
    /// # Errors
    /// It cannot be read, or is no table of `segno predict`.
    pub fn read(path: &Path) -> Result<Self> {
        let told = || format!("{}: no table that `segno predict --out` writes", path.display());
        let table = match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => sheet::read(&Sheet::read_csv(path)?),
            Some("parquet") => sheet::read(&Sheet::read_parquet(path)?),
            Some("jsonl") => lines(&fs::read_to_string(path).with_context(|| path.display().to_string())?),
            _ => bail!("{}: expected a name that ends in .csv, .parquet or .jsonl", path.display()),
        };
        let table = table.with_context(told)?;
        ensure!(!table.questions.is_empty(), "{}: it has neither a task nor tags", told());
        Ok(table)
    }

    /// The tasks, as they are answered for these tracks.
    ///
    /// # Errors
    /// The table has none of them.
    pub fn tasks(mut self, tracks: &[String]) -> Result<Vec<Task>> {
        let rows = tracks.iter().map(|track| Ok(self.rows.get(&absolute(track)?).copied())).collect::<Result<Vec<_>>>()?;
        if rows.iter().all(Option::is_none) {
            let (track, row) = (tracks.first().map_or("none", String::as_str), self.rows.keys().min());
            bail!(
                "none of its {} files is a track of the library: found {}, expected such as {track}: ask about the paths that were embedded",
                self.rows.len(),
                row.map_or("none".to_owned(), |row| row.display().to_string())
            );
        }
        let task = |question: &mut Question| {
            let answer = |row: &Option<usize>| row.and_then(|row| question.answers.get(&row).cloned()).unwrap_or(Answer::Unknown);
            Task { name: question.task.clone(), answers: rows.iter().map(answer).collect(), classes: question.classes.clone() }
        };
        Ok(self.questions.iter_mut().map(task).collect())
    }

    /// A row's number, for a file that was not there yet.
    pub(super) fn row(&mut self, file: &str) -> Result<usize> {
        let row = self.rows.len();
        ensure!(self.rows.insert(absolute(file).with_context(|| format!("{file:?}"))?, row).is_none(), "{file}: there twice");
        Ok(row)
    }

    /// The question of a task, which may be new.
    pub(super) fn question(&mut self, task: &str) -> usize {
        let known = self.questions.iter().position(|question| question.task == task);
        known.unwrap_or_else(|| {
            self.questions.push(Question { task: task.to_owned(), classes: vec![], answers: HashMap::new() });
            self.questions.len() - 1
        })
    }

    /// The index of a class of a question, which may be new.
    pub(super) fn class(&mut self, question: usize, class: &str) -> usize {
        let classes = &mut self.questions[question].classes;
        classes.iter().position(|known| known == class).unwrap_or_else(|| {
            classes.push(class.to_owned());
            classes.len() - 1
        })
    }

    /// A row's answer to a question.
    pub(super) fn answer(&mut self, question: usize, row: usize, answer: Answer) {
        self.questions[question].answers.insert(row, answer);
    }
}

/// JSON lines.
fn lines(text: &str) -> Result<Table> {
    let mut table = Table::default();
    for (number, line) in text.lines().enumerate() {
        let at = || format!("line {}", number + 1);
        let object: Map<String, Value> = serde_json::from_str(line).with_context(at)?;
        let file = object.get("file").and_then(Value::as_str).with_context(|| format!("{}: found no text `file`", at()))?;
        let row = table.row(file).with_context(at)?;
        let of = |key: &str| object.get(key).and_then(Value::as_object).into_iter().flatten();
        for (task, classes) in of("tasks").filter(|(task, _)| *task != "tags") {
            let question = table.question(task);
            for class in classes.as_object().into_iter().flatten() {
                table.class(question, class.0);
            }
        }
        for (task, said) in of("answers") {
            let question = table.question(task);
            let answer = match (said["class"].as_str(), said["not_sure"].as_str()) {
                (Some(class), _) => {
                    Answer::Class { class: table.class(question, class), confidence: said["confidence"].as_f64().map(|share| share as f32) }
                }
                (None, Some(reason)) => Answer::NotSure { reason: reason.to_owned() },
                (None, None) => bail!("{}: {task}: found {said}, expected a class, or why there is none", at()),
            };
            table.answer(question, row, answer);
        }
        let tags = of("tasks").filter(|(task, _)| *task == "tags").flat_map(|(_, tags)| tags.as_object().into_iter().flatten());
        let tags: Vec<(&str, f64)> = tags.filter_map(|(tag, likelihood)| Some((tag.as_str(), likelihood.as_f64()?))).collect();
        table.strongest(row, &tags);
    }
    Ok(table)
}

impl Table {
    /// The answer of a row's tags, if it has any: the strongest, the first of equals.
    pub(super) fn strongest(&mut self, row: usize, tags: &[(&str, f64)]) {
        let Some((strongest, likelihood)) = tags.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        let question = self.question(TAGS);
        let class = self.class(question, strongest);
        self.answer(question, row, Answer::Class { class, confidence: Some(*likelihood as f32) });
    }
}
