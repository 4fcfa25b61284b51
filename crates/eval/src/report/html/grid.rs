//! A grid of settings, each cell with the paper's figure and ours.

use segno_page::{Markup, html};

use super::scrolling;
use crate::report::{
    grid::Grid,
    model::{Report, TaskReport},
    text,
};

/// The grids of settings at one task.
pub(super) fn grids(report: &Report, task: &TaskReport) -> Markup {
    html! { @for grid in &report.grids { h3 { (grid.table) ", as a grid" } (table(report, task, grid)) } }
}

fn table(report: &Report, task: &TaskReport, grid: &Grid) -> Markup {
    let name = text::of_task(&task.task, report.tasks.len(), &format!("{} as a grid", grid.table));
    let inner = html! {
        table.grid {
            caption { "Clip accuracy: the paper’s, below it ours by protocol" }
            thead { tr { th scope="col" { "Setting" } @for column in &grid.columns { th.num scope="col" { (column) } } } }
            tbody {
                @for (line, cells) in grid.lines.iter().zip(&grid.cells) {
                    tr { th scope="row" { (line) } @for id in cells { (cell(report, task, id.as_deref())) } }
                }
            }
        }
    };
    scrolling(&name, &inner)
}

fn cell(report: &Report, task: &TaskReport, id: Option<&str>) -> Markup {
    let row = id.and_then(|id| task.tables.first()?.rows.iter().find(|row| row.row == id));
    let (Some(id), Some(row)) = (id, row) else { return html! { td.num { (text::DASH) } } };
    html! {
        td.num {
            "paper " (text::paper(report.row(id).and_then(|facts| facts.paper.get(&task.task))))
            @for cell in &row.cells { small { (cell.column) " " (text::mean_sd(&cell.summary, 3)) } }
        }
    }
}
