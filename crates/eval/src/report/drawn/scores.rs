//! Accuracies beside the paper's, the leak, clips beside tracks: a row of marks each.

use super::{Figure, Key, Numbers, Panel, file_name};
use crate::{
    metrics::Level,
    report::{
        model::{Report, TaskReport},
        plot::{Drawing, PAPER, protocol_class, protocol_ink, protocol_mark},
        plot_rows::{Axis, Dot, Line, rows},
        scores::{Measure, ScoreCell, ScoreTable},
        text,
    },
};

/// The key of the protocol in column `column`.
pub(super) fn key(column: usize, name: &str) -> Key {
    Key::new(protocol_mark(column), name, protocol_class(column), protocol_ink(column))
}

/// The protocols that have a mark in some line.
fn protocol_keys(report: &Report, lines: &[Line]) -> Vec<Key> {
    let drawn = |column: &usize| lines.iter().flat_map(|line| &line.dots).any(|dot| dot.column == *column);
    let columns = report.protocols.iter().enumerate().filter(|(column, _)| drawn(column));
    columns.map(|(column, entry)| key(column, &entry.name)).collect()
}

/// A title with the task before it where a report has several.
pub(super) fn task_name(report: &Report, task: &str, what: &str) -> String {
    text::of_task(task, report.tasks.len(), what)
}

fn table(task: &TaskReport, level: Level) -> Option<&ScoreTable> {
    task.tables.iter().find(|table| (table.level, table.measure) == (level, Measure::Accuracy))
}

fn label(report: &Report, id: &str) -> String {
    let variant = report.row(id).is_some_and(|row| row.variant_of.is_some());
    format!("{}{}", if variant { "↳ " } else { "" }, report.label(id))
}

fn one(drawn: Result<Drawing, String>) -> Result<Vec<Panel>, String> {
    drawn.map(|drawing| vec![Panel { name: None, drawing }])
}

/// The number of a cell with its interval, over tracks where there is one, else over seeds.
fn dot(column: usize, cell: &ScoreCell) -> Option<Dot> {
    let ends = cell.over_tracks.or(cell.summary.interval);
    Some(Dot { column, ink: protocol_ink(column), value: cell.summary.mean?, ends, from: None })
}

fn numbers_of(cell: &ScoreCell, digits: usize) -> [String; 3] {
    let ends = |ends| text::interval(ends, digits).unwrap_or_else(|| text::DASH.to_owned());
    [text::mean_sd(&cell.summary, digits), ends(cell.summary.interval), ends(cell.over_tracks)]
}

const INTERVALS: &str = "Lines are 95 % intervals over tracks; where there is none, over seeds. They are cut at the ends of the axis.";

/// Clip accuracy a row and protocol, and the paper's.
pub(in crate::report) fn accuracies(report: &Report, task: &TaskReport) -> Option<Figure> {
    let table = table(task, Level::Clip)?;
    let shown = || table.rows.iter().filter(|row| row.cells.iter().any(|cell| cell.summary.n > 0));
    let lines: Vec<Line> = shown()
        .map(|row| Line {
            label: label(report, &row.row),
            dots: row.cells.iter().enumerate().filter_map(|(column, cell)| dot(column, cell)).collect(),
            bar: report.row(&row.row).and_then(|facts| facts.paper.get(&task.task).copied()),
        })
        .collect();
    let numbers = shown().flat_map(|row| {
        row.cells.iter().filter(|cell| cell.summary.n > 0).map(|cell| {
            let paper = text::paper(report.row(&row.row).and_then(|facts| facts.paper.get(&task.task)));
            let [mean, seeds, tracks] = numbers_of(cell, 3);
            vec![label(report, &row.row), cell.column.clone(), paper, mean, seeds, tracks]
        })
    });
    let of = report.paper_corpus.as_ref().map_or_else(String::new, |corpus| format!(", of {corpus}"));
    let mut keys = protocol_keys(report, &lines);
    if lines.iter().any(|line| line.bar.is_some()) {
        keys.push(Key::new("❙", format!("the paper’s figure{of}"), "paper", &PAPER));
    }
    (!lines.is_empty()).then(|| Figure {
        name: file_name(&["accuracy", &task.task]),
        title: task_name(report, &task.task, "clip accuracy and the paper’s"),
        caption: INTERVALS.to_owned(),
        keys,
        panels: one(rows(&lines, &Axis::UNIT)),
        numbers: Numbers {
            heads: ["Row", "Protocol", "Paper", "Mean ± sd", "Over seeds", "Over tracks"].map(str::to_owned).into(),
            texts: 2,
            rows: numbers.collect(),
        },
    })
}

/// The leak a row, in points, against each stricter protocol.
pub(in crate::report) fn leaks(report: &Report, task: &TaskReport) -> Option<Figure> {
    let table = table(task, Level::Clip)?;
    let column = |cell: &ScoreCell| {
        let against = cell.against.as_deref()?;
        report.protocols.iter().position(|entry| entry.name == against)
    };
    let shown = || table.rows.iter().filter(|row| row.leaks.iter().any(|cell| cell.summary.n > 0));
    let lines: Vec<Line> = shown()
        .map(|row| Line {
            label: label(report, &row.row),
            dots: row.leaks.iter().filter_map(|cell| dot(column(cell)?, cell)).collect(),
            bar: None,
        })
        .collect();
    let values = lines.iter().flat_map(|line| &line.dots).flat_map(|dot| {
        // Intervals of few seeds are wide: they do not set the axis, but for what is within the unit.
        let within = |value: &f64| (-100.0..=100.0).contains(value);
        let ends = dot.ends.into_iter().flat_map(|ends| [ends.low, ends.high]).filter(within);
        [dot.value].into_iter().chain(ends).collect::<Vec<_>>()
    });
    let axis = Axis::around(values);
    let numbers = shown().flat_map(|row| {
        row.leaks.iter().filter(|cell| cell.summary.n > 0).map(|cell| {
            let [mean, seeds, tracks] = numbers_of(cell, 1);
            vec![label(report, &row.row), cell.against.clone().unwrap_or_default(), mean, seeds, tracks]
        })
    });
    let strict: Vec<usize> = table.rows.iter().flat_map(|row| row.leaks.iter().filter_map(column)).collect();
    let keys = report.protocols.iter().enumerate().filter(|(index, _)| strict.contains(index));
    (!lines.is_empty()).then(|| Figure {
        name: file_name(&["leak", &task.task]),
        title: task_name(report, &task.task, "the leak, in points"),
        caption: format!("How many points of clip accuracy go when the split is strict. {INTERVALS}"),
        keys: keys.map(|(index, entry)| key(index, &format!("published − {}", entry.name))).collect(),
        panels: one(rows(&lines, &axis)),
        numbers: Numbers {
            heads: ["Row", "Against", "Mean ± sd", "Over seeds", "Over tracks"].map(str::to_owned).into(),
            texts: 2,
            rows: numbers.collect(),
        },
    })
}

/// Accuracy clip by clip beside track by track.
pub(in crate::report) fn levels(report: &Report, task: &TaskReport) -> Option<Figure> {
    let (clips, tracks, votes) = (table(task, Level::Clip)?, table(task, Level::Track)?, table(task, Level::Vote));
    let mut lines = vec![];
    let mut numbers = vec![];
    for (place, (clip, track)) in clips.rows.iter().zip(&tracks.rows).enumerate() {
        let mut dots = vec![];
        for (column, (one, other)) in clip.cells.iter().zip(&track.cells).enumerate() {
            let (Some(from), Some(value)) = (one.summary.mean, other.summary.mean) else { continue };
            dots.push(Dot { column, ink: protocol_ink(column), value, ends: None, from: Some(from) });
            let vote = votes.and_then(|votes| votes.rows.get(place)?.cells.get(column)?.summary.mean);
            let shown = [Some(from), Some(value), vote].map(text::fraction);
            let mut row = vec![label(report, &clip.row), one.column.clone()];
            row.extend(shown);
            row.push(text::decimals(100.0 * (value - from), 1));
            numbers.push(row);
        }
        if !dots.is_empty() {
            lines.push(Line { label: label(report, &clip.row), dots, bar: None });
        }
    }
    (!lines.is_empty()).then(|| Figure {
        name: file_name(&["clips-and-tracks", &task.task]),
        title: task_name(report, &task.task, "clip by clip and track by track"),
        caption: "A ring is the accuracy clip by clip, the mark tied to it that track by track, by the mean of a track’s probabilities."
            .to_owned(),
        keys: protocol_keys(report, &lines),
        panels: one(rows(&lines, &Axis::UNIT)),
        numbers: Numbers {
            heads: ["Row", "Protocol", "Clip by clip", "Track by track", "By majority vote", "Gain, points"].map(str::to_owned).into(),
            texts: 2,
            rows: numbers,
        },
    })
}
