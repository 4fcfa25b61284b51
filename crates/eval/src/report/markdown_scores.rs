//! Scores in Markdown: a table a level and measure, and grids of settings.

use super::{
    grid::Grid,
    input::RowFacts,
    markdown::{escape, pipe_table},
    model::{Report, TaskReport},
    score_table::stricter,
    scores::{Measure, ScoreCell, ScoreTable},
    text,
};
use crate::{metrics::Level, stats::Interval};

/// One table of scores.
pub(super) fn score_section(report: &Report, task: &str, table: &ScoreTable) -> String {
    // The paper scores clips by accuracy: no other table has a figure of its own to stand beside.
    let as_paper = table.level == Level::Clip && table.measure == Measure::Accuracy;
    let mut head = vec!["row".to_owned()];
    head.extend(as_paper.then(|| "paper".to_owned()));
    head.extend(report.protocols.iter().map(|protocol| escape(&protocol.name)));
    let strict = stricter(&report.protocols);
    head.extend((0..strict.len()).map(|index| text::leak_head(&strict, index)));
    let mut rows = Vec::new();
    for row in &table.rows {
        let facts = report.row(&row.row);
        let variant = facts.is_some_and(|facts| facts.variant_of.is_some());
        let mut line = vec![format!("{}{}", if variant { "↳ " } else { "" }, escape(report.label(&row.row)))];
        let paper = facts.and_then(|facts| Some(format!("{}{} ({})", facts.paper.get(task)?, trained(facts, task), escape(&facts.place))));
        line.extend(as_paper.then(|| paper.unwrap_or_else(|| text::DASH.to_owned())));
        line.extend(row.cells.iter().map(|cell| score(cell, 3)));
        line.extend(row.leaks.iter().map(|leak| score(leak, 1)));
        rows.push(line);
    }
    for row in report.open_rows.iter().filter(|_| as_paper) {
        let paper = format!("{} ({})", text::paper(row.paper.get(task)), escape(&row.place));
        let mut line = vec![escape(&row.label), paper, escape(&row.comes_with)];
        line.resize(head.len(), String::new());
        rows.push(line);
    }
    let heading = text::of_task(task, report.tasks.len(), &format!("{}, {}", table.measure.name(), table.level.name()));
    let mut out = format!("## {}\n\n{}\n", escape(&heading), pipe_table(1, &head, &rows));
    out.extend(table.gaps.iter().map(|(reason, places)| format!("- {}: {} ({})\n", text::DASH, escape(reason), escape(places))));
    if !table.gaps.is_empty() {
        out.push('\n');
    }
    out
}

fn score(cell: &ScoreCell, digits: usize) -> String {
    let over = |ends: Option<Interval>, n: usize, one: &str, many: &str| {
        text::interval(ends, digits).map(|ends| format!("{ends} over {}", text::counted(n, one, many)))
    };
    let summary = &cell.summary;
    if summary.n == 0 {
        return text::DASH.to_owned();
    }
    let seeds = over(summary.interval, summary.n, "seed", "seeds").unwrap_or_else(|| text::counted(summary.n, "seed", "seeds"));
    let tracks = over(cell.over_tracks, cell.tracks, "track", "tracks");
    let train = cell.train.as_ref().map(|train| format!("train {}", text::mean_sd(train, digits)));
    let lines = [text::mean_sd(summary, digits), seeds].into_iter().chain(tracks).chain(train);
    lines.collect::<Vec<_>>().join("<br>")
}

/// `, train 0.908`, where the paper states it.
fn trained(facts: &RowFacts, task: &str) -> String {
    facts.paper_train.get(task).map_or_else(String::new, |value| format!(", train {value}"))
}

/// The grids of settings at one task, each under each protocol.
pub(super) fn grids(report: &Report, task: &TaskReport) -> String {
    report.grids.iter().map(|grid| grid_section(report, task, grid)).collect()
}

fn grid_section(report: &Report, task: &TaskReport, grid: &Grid) -> String {
    let heading = text::of_task(&task.task, report.tasks.len(), &format!("{}, as a grid", grid.table));
    let head: Vec<String> = [String::new()].into_iter().chain(grid.columns.iter().map(|column| escape(column))).collect();
    let rows: Vec<Vec<String>> = grid
        .lines
        .iter()
        .zip(&grid.cells)
        .map(|(line, cells)| [escape(line)].into_iter().chain(cells.iter().map(|cell| grid_cell(report, task, cell.as_deref()))).collect())
        .collect();
    format!("## {}\n\nClip accuracy: the paper's, then ours by protocol.\n\n{}\n", escape(&heading), pipe_table(1, &head, &rows))
}

fn grid_cell(report: &Report, task: &TaskReport, id: Option<&str>) -> String {
    let row = id.and_then(|id| task.tables.first()?.rows.iter().find(|row| row.row == id));
    let (Some(id), Some(row)) = (id, row) else { return text::DASH.to_owned() };
    let paper = text::paper(report.row(id).and_then(|facts| facts.paper.get(&task.task)));
    let ours = row.cells.iter().map(|cell| format!("{} {}", escape(&cell.column), text::mean_sd(&cell.summary, 3)));
    [format!("paper {paper}")].into_iter().chain(ours).collect::<Vec<_>>().join("<br>")
}
