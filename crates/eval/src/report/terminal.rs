//! The main table for a terminal: aligned, at most 110 columns.

use super::{
    model::Report,
    scores::{ScoreCell, ScoreRow, ScoreTable},
    text,
};

const WIDTH: usize = 110;
const GAP: &str = "  ";
/// Protocols in one block; more of them go into a further block below.
const COLUMNS: usize = 3;
/// `0.892 ± 0.013`, `[−0.060, 0.924]`.
const CELL: usize = 15;
const PAPER: usize = 9;
const LABEL: usize = 30;

/// The table of clip accuracies: each row's paper figure, ours per protocol and the leak, with the intervals below.
///
/// Banners come first, reasons for what is missing last. Control characters are replaced, so that no name can steer
/// the terminal.
pub fn terminal_table(report: &Report) -> String {
    let mut lines: Vec<String> = report.banners.clone();
    if let Some(table) = report.tables.first() {
        let columns: Vec<usize> = (0..report.protocols.len()).collect();
        for (block, columns) in columns.chunks(COLUMNS).enumerate() {
            // The paper's figure and the leak stand in the first block.
            let first = block == 0;
            if !lines.is_empty() {
                lines.push(String::new());
            }
            let names = columns.iter().map(|&column| report.protocols[column].name.clone());
            let mut head: Vec<String> = [if first { "paper".to_owned() } else { String::new() }].into_iter().chain(names).collect();
            if first {
                head.push("leak, points".to_owned());
            }
            push_row(&mut lines, "row", &[head]);
            lines.push("─".repeat(lines.last().map_or(0, |line| line.chars().count())));
            for row in &table.rows {
                push_row(&mut lines, &row_label(report, row), &cells(report, row, columns, first));
            }
        }
        for row in &report.open_rows {
            push_row(&mut lines, &row.label, &[vec![text::paper(row.paper_accuracy), row.comes_with.clone()]]);
        }
        lines.extend([String::new(), legend(table)]);
        for (reason, places) in &table.gaps {
            lines.extend(wrapped(&format!("{} {reason} ({places})", text::DASH), WIDTH));
        }
    }
    let clean = |line: &String| line.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect::<String>();
    lines.iter().map(|line| clean(line).trim_end().to_owned() + "\n").collect()
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

fn row_label(report: &Report, row: &ScoreRow) -> String {
    let variant = report.row(&row.row).is_some_and(|facts| facts.variant_of.is_some());
    format!("{}{}", if variant { "  ↳ " } else { "" }, report.label(&row.row))
}

/// The row's two lines of cells: means, then intervals.
fn cells(report: &Report, row: &ScoreRow, columns: &[usize], first: bool) -> [Vec<String>; 2] {
    let facts = report.row(&row.row);
    let mut means = vec![text::paper(facts.filter(|_| first).and_then(|facts| facts.paper_accuracy))];
    let place = facts.filter(|facts| first && facts.paper_accuracy.is_some()).map(|facts| facts.place.clone());
    let mut ends = vec![place.unwrap_or_default()];
    let mut push = |cell: &ScoreCell, digits: usize| {
        means.push(text::mean_sd(&cell.summary, digits));
        ends.push(text::interval(cell.summary.interval, digits).unwrap_or_default());
    };
    for &column in columns {
        push(&row.cells[column], 3);
    }
    if first {
        push(&row.leak, 1);
    }
    [means, ends]
}

/// Lays the label beside the cells, wrapped over as many lines as it needs.
fn push_row(lines: &mut Vec<String>, label: &str, cells: &[Vec<String>]) {
    let label = wrapped(label, LABEL);
    for index in 0..label.len().max(cells.len()) {
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
        assert!(LABEL + GAP.len() + PAPER + (COLUMNS + 1) * (GAP.len() + CELL) <= WIDTH, "the leak is a column more");
    }
}
