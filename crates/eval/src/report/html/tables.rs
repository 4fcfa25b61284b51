//! The tables of scores, and their drawing.

use segno_page::{Markup, PreEscaped, html};

use super::{anchor, grid, scrolling};
use crate::{
    metrics::Level,
    report::{
        input::OpenRow,
        model::{Report, TaskReport},
        plot,
        score_table::stricter,
        scores::{Measure, ScoreCell, ScoreRow, ScoreTable},
        text,
    },
};

/// Ours beside the paper's, at a glance.
pub(super) fn accuracies(report: &Report, task: &TaskReport) -> Markup {
    let name = text::of_task(&task.task, report.tasks.len(), "clip accuracy");
    html! {
        @if let Some(drawn) = plot::accuracies(report, task) {
            figure.wide {
                div.scroll role="region" aria-label={ (name) ", drawn" } tabindex="0" {
                    (svg("plot", &format!("{name} per row and protocol; the numbers stand in the next table"), drawn))
                }
                figcaption {
                    @if report.tasks.len() > 1 { strong { (text::capitalised(&task.task)) ": " } }
                    "clip accuracy with its 95 % interval over seeds, cut at 0 and 1. "
                    @for (column, protocol) in report.protocols.iter().enumerate() {
                        span class={ "key k" (column.min(3)) } { span aria-hidden="true" { (plot::protocol_mark(column)) } " " (protocol.name) } " "
                    }
                    span.key { span aria-hidden="true" { "❙" } " the paper’s figure" @if let Some(corpus) = &report.paper_corpus { ", of " (corpus) } }
                }
            }
        }
    }
}

/// A drawing with a name for who cannot see it; where drawing failed, the reason.
pub(super) fn svg(class: &str, name: &str, drawn: Result<plot::Drawing, String>) -> Markup {
    match drawn {
        Ok(drawing) => html! {
            svg class=(class) viewBox={ "0 0 " (drawing.width) " " (drawing.height) } role="img" aria-label=(name) xmlns="http://www.w3.org/2000/svg" {
                (PreEscaped(drawing.elements))
            }
        },
        Err(reason) => html! { p.gap { "This could not be drawn: " (reason) } },
    }
}

/// Every table of scores of a task.
pub(super) fn scores(report: &Report, task: &TaskReport) -> Markup {
    let index = report.tasks.iter().position(|known| known.task == task.task).unwrap_or(0);
    let find = |level, measure| task.tables.iter().find(|table| table.level == level && table.measure == measure);
    let further = [Measure::MacroF1, Measure::BalancedAccuracy].map(|measure| find(Level::Clip, measure));
    let heading = |what: &str| text::of_task(&task.task, report.tasks.len(), what);
    html! {
        section id=(anchor("accuracy", index)) {
            h2 { (heading("accuracy, clip by clip")) }
            p { "As the paper scores: every clip of the test part is one item." }
            @if let Some(table) = find(Level::Clip, Measure::Accuracy) { (score_table(report, task, table, true)) }
            (grid::grids(report, task))
        }
        section id=(anchor("tracks", index)) {
            h2 { (heading("accuracy, track by track")) }
            p { "A track is one item: the class of the highest mean probability over its clips in the test part." }
            @if let Some(table) = find(Level::Track, Measure::Accuracy) { (score_table(report, task, table, false)) }
            details {
                summary { "Macro F1 and balanced accuracy, clip by clip" }
                @for table in further.into_iter().flatten() { (score_table(report, task, table, false)) }
            }
        }
    }
}

fn score_table(report: &Report, task: &TaskReport, table: &ScoreTable, with_paper: bool) -> Markup {
    let level = if table.level == Level::Clip { "clip by clip" } else { "track by track" };
    let name = text::of_task(&task.task, report.tasks.len(), &format!("{}, {level}", table.measure.name()));
    let strict = stricter(&report.protocols);
    let columns = report.protocols.len() + strict.len() + 1 + usize::from(with_paper);
    let mut family = None;
    let inner = html! {
        table.scores {
            caption { (text::capitalised(table.measure.name())) ": mean ± sd; below, 95 % interval" }
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
                (score_row(report, &task.task, row, with_paper))
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
            ul.gap { @for (reason, places) in &table.gaps { li { (text::DASH) " " (reason) ": " (places) } } }
        }
    }
}

fn score_row(report: &Report, task: &str, row: &ScoreRow, with_paper: bool) -> Markup {
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
            @for leak in &row.leaks { (score_cell(leak, 1)) }
        }
    }
}

fn score_cell(cell: &ScoreCell, digits: usize) -> Markup {
    let summary = &cell.summary;
    html! {
        td.num.leak[cell.column == "leak"] title=[cell.reason.as_deref()] {
            (text::mean_sd(summary, digits))
            @if summary.n > 0 {
                @if let Some(ends) = text::interval(summary.interval, digits) { small { (ends) } }
                small { (text::counted(summary.n, "seed", "seeds")) }
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
