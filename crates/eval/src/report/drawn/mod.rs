//! The report's figures: each a drawing, what it shows in words, and its numbers.

mod classes;
mod curves;
mod data;
mod file;
mod pair;
mod scores;

use std::collections::BTreeSet;

pub use super::plot::Drawing;
pub(crate) use file::wrapped;
pub(crate) use pair::paired_figure;
use scores::{key, task_name};
pub(super) use {
    classes::recalls, classes::reliability, curves::of_row, data::histogram, data::plane, scores::accuracies, scores::leaks, scores::levels,
};

use super::{
    model::Report,
    plot::{Ink, curve_inks},
};

/// A figure: what the page shows, and what stands in a file of its own.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The name of its file without the ending, e.g. `leak-genre`: lower-case letters, digits and hyphens.
    pub name: String,
    /// What it is.
    pub title: String,
    /// How to read it.
    pub caption: String,
    /// The legend.
    pub keys: Vec<Key>,
    /// One drawing, or several side by side; else why there is none.
    pub panels: Result<Vec<Panel>, String>,
    /// The same as numbers.
    pub numbers: Numbers,
}

/// An entry of a legend.
#[derive(Clone, Debug)]
pub struct Key {
    /// The mark, as a letter.
    pub mark: &'static str,
    /// What it stands for.
    pub text: String,
    /// Red, green and blue as `#RRGGBB`, on a light ground.
    pub color: String,
    /// The class that colours it on a page of either theme.
    pub class: String,
}

/// One drawing of a figure.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it shows, where there are several.
    pub name: Option<String>,
    /// The drawing.
    pub drawing: Drawing,
}

/// The numbers of a figure.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// One a column.
    pub heads: Vec<String>,
    /// How many columns, from the left, are text.
    pub texts: usize,
    /// One cell a column.
    pub rows: Vec<Vec<String>>,
}

/// Every figure of a report, in the order of the page.
pub fn figures(report: &Report) -> Vec<Figure> {
    let of_tasks = report.tasks.iter().flat_map(|task| {
        let scores = [accuracies(report, task), leaks(report, task), levels(report, task)];
        let best = [recalls(report, task), classes::confusions(report, task), reliability(report, task)];
        scores.into_iter().chain(best).flatten()
    });
    let data = report.histogram.iter().filter_map(histogram).chain(report.tasks.iter().filter_map(|task| plane(report, &task.task)));
    let curves = report.rows.iter().flat_map(|row| of_row(report, &row.id));
    let mut all: Vec<Figure> = of_tasks.chain(data).chain(curves).collect();
    // Names of tasks and rows that differ in signs alone would share a file.
    let mut names = BTreeSet::new();
    for figure in &mut all {
        let plain = figure.name.clone();
        let mut number = 2;
        while !names.insert(figure.name.clone()) {
            figure.name = format!("{plain}-{number}");
            number += 1;
        }
    }
    all
}

impl Key {
    fn new(mark: &'static str, text: impl Into<String>, class: impl Into<String>, ink: &Ink) -> Self {
        Self { mark, text: text.into(), color: ink.hex().0, class: class.into() }
    }

    fn of_curves() -> Vec<Self> {
        let (train, valid) = curve_inks();
        vec![
            Self::new("━", "training (with dropout)", "train", train),
            Self::new("━", "validation", "k1", valid),
            Self::new("●", "the epoch that was kept", "k1", valid),
        ]
    }
}

/// A name for a file: what is no letter or digit becomes a hyphen.
fn file_name(parts: &[&str]) -> String {
    let mut name = String::new();
    for part in parts {
        for c in part.chars().flat_map(char::to_lowercase) {
            let c = if c.is_ascii_alphanumeric() { c } else { '-' };
            if c != '-' || !(name.is_empty() || name.ends_with('-')) {
                name.push(c);
            }
        }
        if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_leads_nowhere_else() {
        assert_eq!(file_name(&["leak", "../Genre/ ö"]), "leak-genre");
        assert_eq!(file_name(&["curves", "lstm-2x250", "published"]), "curves-lstm-2x250-published");
    }
}
