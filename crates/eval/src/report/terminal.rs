//! The main table for a terminal: aligned, at most 110 columns.

use segno_dataset::Protocol;

use super::{
    model::{Report, TaskReport},
    score_table::stricter,
    scores::{Measure, ScoreRow, ScoreTable},
    text,
};
use crate::metrics::Level;

const WIDTH: usize = 110;
const GAP: &str = "  ";
/// Protocols and leaks in one block; more of them go into a further block below.
const COLUMNS: usize = 4;
/// `0.892 ± 0.013`, `[−0.060, 0.924]`.
const CELL: usize = 15;
const PAPER: usize = 9;
const LABEL: usize = 30;

/// The tables of clip accuracies, one a task: each row's paper figure, ours per protocol and the leaks, with the
/// intervals below, and below these the training accuracy where it is known.
///
/// Banners come first, reasons for what is missing last. Control characters are replaced, so that no name can steer
/// the terminal.
pub fn terminal_table(report: &Report) -> String {
    let mut lines: Vec<String> = report.banners.clone();
    for task in &report.tasks {
        if let Some(table) = task.tables.first() {
            push_task(&mut lines, report, task, table);
        }
    }
    lines.extend(report.notes.iter().flat_map(|note| wrapped(&format!("! {note}"), WIDTH)));
    let clean = |line: &String| line.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect::<String>();
    lines.iter().map(|line| clean(line).trim_end().to_owned() + "\n").collect()
}

fn push_task(lines: &mut Vec<String>, report: &Report, task: &TaskReport, table: &ScoreTable) {
    let strict = stricter(&report.protocols);
    let columns: Vec<usize> = (0..report.protocols.len() + strict.len()).collect();
    if report.tasks.len() > 1 {
        lines.extend([String::new(), text::capitalised(&task.task)]);
    }
    for (block, columns) in columns.chunks(COLUMNS).enumerate() {
        // The paper's figure stands in the first block.
        let first = block == 0;
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut head = vec![if first { "paper".to_owned() } else { String::new() }];
        head.extend(columns.iter().map(|&column| column_head(report, &strict, column)));
        push_row(lines, "row", &[head]);
        lines.push("─".repeat(lines.last().map_or(0, |line| line.chars().count())));
        for row in &table.rows {
            push_row(lines, &row_label(report, row), &cells(report, &task.task, row, columns, first));
        }
    }
    for row in &report.open_rows {
        push_row(lines, &row.label, &[vec![text::paper(row.paper.get(&task.task)), row.comes_with.clone()]]);
    }
    lines.extend([String::new(), legend(table)]);
    lines.extend(best(task).into_iter().flat_map(|line| wrapped(&line, WIDTH)));
    for (reason, places) in &table.gaps {
        lines.extend(wrapped(&format!("{} {reason} ({places})", text::DASH), WIDTH));
    }
}

/// The protocols first, then the leaks.
fn column_head(report: &Report, strict: &[Protocol], column: usize) -> String {
    match report.protocols.get(column) {
        Some(protocol) => protocol.name.clone(),
        None => {
            let head = text::leak_head(strict, column - report.protocols.len());
            if head.len() <= CELL { head } else { head.replace(", points", "") }
        }
    }
}

/// What the two lines of a cell are, and over how many seeds.
fn legend(table: &ScoreTable) -> String {
    let counts = || table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.summary.n).filter(|&n| n > 0);
    match (counts().min(), counts().max()) {
        (Some(least), Some(most)) => {
            let seeds = if least == most { text::counted(most, "seed", "seeds") } else { format!("{least} to {most} seeds") };
            format!("clip accuracy: mean ± sd, below it the 95 % interval of the mean, over {seeds}")
        }
        _ => "nothing was run yet".to_owned(),
    }
}

/// The model looked at closely: clips beside tracks, and how sure it is, a line a protocol.
fn best(task: &TaskReport) -> Vec<String> {
    let Some(best) = &task.best else { return vec![] };
    let mean = |level, measure, protocol: &str| {
        let table = task.tables.iter().find(|table| (table.level, table.measure) == (level, measure))?;
        let row = table.rows.iter().find(|row| row.row == best.row)?;
        row.cells.iter().find(|cell| cell.column == protocol)?.summary.mean
    };
    let line = |protocol: &str| {
        let of = |level, measure| text::fraction(mean(level, measure, protocol));
        format!(
            "{}, {protocol}: clips {}, tracks {} by mean and {} by vote; macro F1 {}, top-2 {}, log loss {}, ECE {}",
            best.label,
            of(Level::Clip, Measure::Accuracy),
            of(Level::Track, Measure::Accuracy),
            of(Level::Vote, Measure::Accuracy),
            of(Level::Clip, Measure::MacroF1),
            of(Level::Clip, Measure::Top2),
            of(Level::Clip, Measure::LogLoss),
            of(Level::Clip, Measure::CalibrationError),
        )
    };
    best.protocols.iter().map(|pooled| line(&pooled.protocol)).collect()
}

fn row_label(report: &Report, row: &ScoreRow) -> String {
    let variant = report.row(&row.row).is_some_and(|facts| facts.variant_of.is_some());
    format!("{}{}", if variant { "  ↳ " } else { "" }, report.label(&row.row))
}

/// The row's lines of cells: means, intervals, and training accuracies where there are any.
fn cells(report: &Report, task: &str, row: &ScoreRow, columns: &[usize], first: bool) -> [Vec<String>; 3] {
    let facts = report.row(&row.row).filter(|_| first);
    let paper = facts.and_then(|facts| facts.paper.get(task));
    let mut means = vec![if first { text::paper(paper) } else { String::new() }];
    let mut ends = vec![facts.filter(|_| paper.is_some()).map(|facts| facts.place.clone()).unwrap_or_default()];
    let mut train = vec![facts.and_then(|facts| facts.paper_train.get(task)).map(|value| format!("tr {value}")).unwrap_or_default()];
    for &column in columns {
        let leak = column.checked_sub(row.cells.len());
        let (cell, digits) = leak.map_or_else(|| (&row.cells[column], 3), |leak| (&row.leaks[leak], 1));
        means.push(text::mean_sd(&cell.summary, digits));
        ends.push(text::interval(cell.summary.interval, digits).unwrap_or_default());
        train.push(
            cell.train.as_ref().and_then(|train| train.mean).map(|mean| format!("train {}", text::decimals(mean, 3))).unwrap_or_default(),
        );
    }
    if train.iter().all(String::is_empty) {
        train.clear();
    }
    [means, ends, train]
}

/// Lays the label beside the cells, wrapped over as many lines as it needs.
fn push_row(lines: &mut Vec<String>, label: &str, cells: &[Vec<String>]) {
    let label = wrapped(label, LABEL);
    let filled = cells.iter().take_while(|line| !line.is_empty()).count();
    for index in 0..label.len().max(filled) {
        let mut line = format!("{:<LABEL$}", label.get(index).map_or("", String::as_str));
        for (column, cell) in cells.get(index).into_iter().flatten().enumerate() {
            let width = if column == 0 { PAPER } else { CELL };
            line += &format!("{GAP}{cell:<width$}");
        }
        lines.push(line.chars().take(WIDTH).collect::<String>().trim_end().to_owned());
    }
}

/// Breaks at spaces into lines of at most `width` characters; a longer word is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let indent: String = text.chars().take_while(|c| *c == ' ').collect();
    for word in text.split_whitespace() {
        let pieces: Vec<char> = word.chars().collect();
        for piece in pieces.chunks(width) {
            let piece: String = piece.iter().collect();
            let last = lines.len() - 1;
            let used = lines[last].chars().count();
            if used == 0 {
                lines[last] = if last == 0 { format!("{indent}{piece}") } else { piece };
            } else if used + 1 + piece.chars().count() <= width {
                lines[last] = format!("{} {piece}", lines[last]);
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_every_word_and_the_width() {
        let lines = wrapped("  ↳ LSTM 2×250 on raw magnitudes without standardisation", 30);
        assert_eq!(lines, ["  ↳ LSTM 2×250 on raw", "magnitudes without", "standardisation"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("", 3), [""]);
    }

    #[test]
    fn the_widest_block_fits() {
        assert!(LABEL + GAP.len() + PAPER + COLUMNS * (GAP.len() + CELL) <= WIDTH);
    }
}
