//! The tables of scores.

use segno_page::{Markup, PreEscaped, html};

use super::{anchor, figure::show, grid, scrolling};
use crate::{
    metrics::Level,
    report::{
        drawn,
        input::OpenRow,
        model::{Report, TaskReport},
        score_table::stricter,
        scores::{Measure, ScoreCell, ScoreRow, ScoreTable},
        text,
    },
};

/// The table that a paper has: accuracy clip by clip, ours and its own.
pub(super) fn accuracy(report: &Report, task: &TaskReport) -> Markup {
    html! {
        section id=(anchor("accuracy", place(report, task))) {
            h2 { (text::of_task(&task.task, report.tasks.len(), "accuracy, clip by clip")) }
            p { "As the paper scores: every clip of the test part is one item." }
            @if let Some(table) = find(task, Level::Clip, Measure::Accuracy) { (score_table(report, task, table, true)) }
            (grid::grids(report, task))
        }
    }
}

/// Accuracy a track, drawn beside that of clips; every further table.
pub(super) fn tracks(report: &Report, task: &TaskReport) -> Markup {
    let further = |levels: &[Level]| -> Vec<&ScoreTable> {
        task.tables
            .iter()
            .filter(|table| {
                levels.contains(&table.level) && (table.level, table.measure) != FIRST && (table.level, table.measure) != SECOND
            })
            .collect()
    };
    html! {
        section id=(anchor("tracks", place(report, task))) {
            h2 { (text::of_task(&task.task, report.tasks.len(), "accuracy, track by track")) }
            p { "A track is one item: the class of the highest mean probability over its clips in the test part." }
            @if let Some(table) = find(task, SECOND.0, SECOND.1) { (score_table(report, task, table, false)) }
            @if let Some(found) = drawn::levels(report, task) { (show(&found)) }
            @for (name, tables) in [("By majority vote", further(&[Level::Track, Level::Vote])), ("Further scores, clip by clip", further(&[Level::Clip]))] {
                @if !tables.is_empty() { details { summary { (name) } @for table in tables { (score_table(report, task, table, false)) } } }
            }
        }
    }
}

const FIRST: (Level, Measure) = (Level::Clip, Measure::Accuracy);
const SECOND: (Level, Measure) = (Level::Track, Measure::Accuracy);

fn find(task: &TaskReport, level: Level, measure: Measure) -> Option<&ScoreTable> {
    task.tables.iter().find(|table| (table.level, table.measure) == (level, measure))
}

fn place(report: &Report, task: &TaskReport) -> usize {
    report.tasks.iter().position(|known| known.task == task.task).unwrap_or(0)
}

fn score_table(report: &Report, task: &TaskReport, table: &ScoreTable, with_paper: bool) -> Markup {
    let level = table.level.name();
    let leaks = table.measure.in_points();
    let name = text::of_task(&task.task, report.tasks.len(), &format!("{}, {level}", table.measure.name()));
    let strict = if leaks { stricter(&report.protocols) } else { vec![] };
    let columns = report.protocols.len() + strict.len() + 1 + usize::from(with_paper);
    let mut family = None;
    let inner = html! {
        table.scores.pinned.wide.long {
            caption { (text::capitalised(table.measure.name())) ": mean ± sd; below, 95 % intervals" }
            thead {
                tr {
                    th scope="col" { "Row" }
                    @if with_paper { th.num scope="col" { "Paper" } }
                    @for protocol in &report.protocols { th.num scope="col" { (protocol.name) } }
                    @for index in 0..strict.len() { th.num scope="col" { (text::capitalised(&text::leak_head(&strict, index))) } }
                }
            }
            @for row in &table.rows {
                @let facts = report.row(&row.row);
                @if family != facts.map(|facts| facts.family.as_str()) {
                    ({ family = facts.map(|facts| facts.family.as_str()); PreEscaped("") })
                    tr.family { th colspan=(columns) scope="colgroup" { (family.unwrap_or_default()) } }
                }
                (score_row(report, &task.task, row, with_paper, leaks))
            }
            @if with_paper && !report.open_rows.is_empty() {
                tr.family { th colspan=(columns) scope="colgroup" { "not reproduced yet" } }
                @for row in &report.open_rows { (open_row(row, &task.task, columns)) }
            }
        }
    };
    html! {
        (scrolling(&name, &inner))
        @if !table.gaps.is_empty() {
            details.gaps { summary { "Why some numbers are not there" } ul.gap { @for (reason, places) in &table.gaps { li { (text::DASH) " " (reason) ": " (places) } } } }
        }
    }
}

fn score_row(report: &Report, task: &str, row: &ScoreRow, with_paper: bool, leaks: bool) -> Markup {
    let facts = report.row(&row.row);
    let variant = facts.is_some_and(|facts| facts.variant_of.is_some());
    html! {
        tr {
            th.variant[variant] scope="row" { (report.label(&row.row)) }
            @if with_paper {
                @match facts.and_then(|facts| Some((facts.paper.get(task)?, facts))) {
                    Some((accuracy, facts)) => {
                        td.num {
                            (accuracy)
                            @if let Some(train) = facts.paper_train.get(task) { small { "train " (train) } }
                            small { (facts.place) }
                            @if let Some(corpus) = &report.paper_corpus { small { "of " (corpus) } }
                        }
                    },
                    None => { td.num { (text::DASH) small { "not in the paper" } } },
                }
            }
            @for cell in &row.cells { (score_cell(cell, 3)) }
            @for leak in row.leaks.iter().filter(|_| leaks) { (score_cell(leak, 1)) }
        }
    }
}

fn score_cell(cell: &ScoreCell, digits: usize) -> Markup {
    let summary = &cell.summary;
    html! {
        td.num.leak[cell.column == "leak"] title=[cell.reason.as_deref()] {
            (text::mean_sd(summary, digits))
            @if summary.n > 0 {
                small { @if let Some(ends) = text::interval(summary.interval, digits) { span.ends { (ends) } " " } span.ends { (text::counted(summary.n, "seed", "seeds")) } }
                @if let Some(ends) = text::interval(cell.over_tracks, digits) { small { span.ends { (ends) } " " span.ends { (text::counted(cell.tracks, "track", "tracks")) } } }
                @if let Some(train) = &cell.train { small { "train " (text::mean_sd(train, digits)) } }
            }
        }
    }
}

fn open_row(row: &OpenRow, task: &str, columns: usize) -> Markup {
    html! {
        tr.open {
            th scope="row" { (row.label) }
            td.num { (text::paper(row.paper.get(task))) small { (row.place) } }
            td colspan=(columns - 2) { (row.comes_with) }
        }
    }
}
