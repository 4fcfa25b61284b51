//! A table for people: a line a file, in columns.

use std::path::{Path, PathBuf};

use crate::answer::Labels;
use crate::listening::row::ranked;
use crate::listening::{Heard, Row, Stretch, TaskRow, Verdict};
use crate::told::after_name;

/// The column of names is no wider, and longer names push the rest of their line.
const MOST_NAME: usize = 48;
/// Of answers.
const TASK_WIDTH: usize = 24;
/// Tags that are shown; the other forms have them all.
const TAGS_SHOWN: usize = 6;
/// A second class is shown from here on.
const WORTH_SHOWING: f32 = 0.1;

/// Columns as wide as the names of files and tasks want.
pub struct Terminal {
    name_width: usize,
    tasks: Vec<String>,
    has_tags: bool,
}

impl Terminal {
    /// Columns for these files.
    pub fn new(labels: &Labels, files: &[PathBuf]) -> Self {
        let longest = files.iter().map(|file| width(&name(file))).max().unwrap_or(0);
        Self {
            name_width: longest.clamp(4, MOST_NAME),
            tasks: labels.tasks.iter().map(|task| task.task.clone()).collect(),
            has_tags: !labels.tags.is_empty(),
        }
    }

    /// What stands above.
    pub fn head(&self) -> String {
        let tags = self.has_tags.then(|| "tags".to_owned());
        self.line("file", self.tasks.iter().cloned().chain(tags))
    }

    /// A file: its line, and lines of what is odd, unsure, and of its stretches.
    pub fn row(&self, row: &Row) -> String {
        let name = name(&row.file);
        let heard = match &row.heard {
            Ok(heard) => heard,
            Err(reason) => return self.line(&name, [format!("no answer: {}", after_name(&name, reason))]),
        };
        let tags = self.has_tags.then(|| tags(&heard.tags));
        let mut lines = vec![self.line(&name, heard.tasks.iter().map(said).chain(tags))];
        lines.extend(heard.timeline.iter().map(|stretch| self.stretch(stretch)));
        lines.extend(remarks(heard).into_iter().map(|remark| format!("  {remark}")));
        lines.join("\n")
    }

    fn stretch(&self, stretch: &Stretch) -> String {
        let name = format!("  {} to {}", clock(stretch.start_s), clock(stretch.end_s));
        let heard = match &stretch.heard {
            Ok(heard) => heard,
            Err(reason) => return self.line(&name, [format!("no answer: {reason}")]),
        };
        let tags = self.has_tags.then(|| tags(&heard.tags));
        self.line(&name, heard.tasks.iter().map(|(_, classes)| first_two(&ranked(classes))).chain(tags))
    }

    fn line(&self, name: &str, cells: impl IntoIterator<Item = String>) -> String {
        let mut line = padded(name, self.name_width);
        for (at, cell) in cells.into_iter().enumerate() {
            line += "  ";
            line += &if at < self.tasks.len() { padded(&cell, TASK_WIDTH) } else { cell };
        }
        line.trim_end().to_owned()
    }
}

fn name(file: &Path) -> String {
    file.display().to_string()
}

fn said(task: &TaskRow) -> String {
    match &task.verdict {
        Verdict::Sure { .. } => first_two(&task.ranked()),
        Verdict::NotSure { .. } => "not sure".to_owned(),
    }
}

fn first_two(ranked: &[(&str, f32)]) -> String {
    let shown = ranked.iter().take(2).enumerate().filter(|(at, (_, probability))| *at == 0 || *probability >= WORTH_SHOWING);
    shown.map(|(_, (class, probability))| format!("{class} {probability:.2}")).collect::<Vec<_>>().join("  ")
}

fn tags(tags: &[(String, f32)]) -> String {
    ranked(tags).iter().take(TAGS_SHOWN).map(|(tag, likelihood)| format!("{tag} {likelihood:.2}")).collect::<Vec<_>>().join("  ")
}

fn remarks(heard: &Heard) -> Vec<String> {
    let doubt = |task: &TaskRow| match &task.verdict {
        Verdict::Sure { .. } => None,
        Verdict::NotSure { reason } => Some(format!("{}: not sure: {reason}", task.task)),
    };
    heard.tasks.iter().filter_map(doubt).chain(heard.note.iter().map(|note| format!("note: {note}"))).collect()
}

/// Seconds as minutes and seconds.
fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}
