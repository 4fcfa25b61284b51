//! The best model class by class: its matrices side by side, its precision and recall.

use segno_page::{Markup, html};

use super::{anchor, figure::show, scrolling};
use crate::{
    metrics::{ClassScore, Confusion},
    report::{
        drawn,
        model::{Pooled, Report, TaskReport},
        plot_classes::percentage,
        ramp::step,
        text,
    },
};

/// The matrices and tables of the best row.
pub(super) fn best(report: &Report, task: &TaskReport) -> Markup {
    let Some(best) = &task.best else { return html! {} };
    let index = report.tasks.iter().position(|known| known.task == task.task).unwrap_or(0);
    let tasks = report.tasks.len();
    html! {
        section id=(anchor("best", index)) {
            h2 { (text::of_task(&task.task, tasks, &format!("{}, class by class", best.label))) }
            p {
                (best.told()) @if tasks > 1 { " at " (report.tasks[0].task) } " under " em { (best.chosen_under) } " (" (text::fraction(Some(best.accuracy)))
                "), chosen on the test part, as the paper chose. Counts of all seeds are added up. A row of a matrix is a true class, a "
                "column an answer, a cell the percentage of its row; the count shows on pointing at it."
            }
            div.matrices { @for pooled in &best.protocols { (matrix(pooled)) } }
            @for found in [drawn::recalls(report, task), drawn::reliability(report, task)].into_iter().flatten() { (show(&found)) }
            details {
                summary { "Precision, recall and F1 of each class" }
                div.classes { @for pooled in &best.protocols { (classes(pooled)) } }
            }
        }
    }
}

fn matrix(pooled: &Pooled) -> Markup {
    let confusion = &pooled.metrics.confusion;
    let name = format!("Confusion under {}", pooled.protocol);
    let table = html! {
        table.matrix {
            caption { strong { (pooled.protocol) } ": " (counts(pooled)) }
            thead {
                tr {
                    th scope="col" { span.corner { "true ↓ answer →" } }
                    @for class in &confusion.classes { th.up scope="col" { span { (class.name) } } }
                }
            }
            tbody {
                @for (row, class) in confusion.classes.iter().enumerate() {
                    tr {
                        th scope="row" { (class.name) @if !class.known { span.unknown { " unknown to the model" } } }
                        @for column in 0..confusion.classes.len() { (cell(confusion, row, column)) }
                    }
                }
            }
        }
    };
    scrolling(&name, &table)
}

fn counts(pooled: &Pooled) -> String {
    let clips = text::counted(usize::try_from(pooled.metrics.n).unwrap_or(usize::MAX), "clip", "clips");
    format!("{clips} over {}", text::counted(pooled.seeds.len(), "seed", "seeds"))
}

fn cell(confusion: &Confusion, row: usize, column: usize) -> Markup {
    let (count, support) = (confusion.counts[row][column], confusion.support(row));
    let (truth, answer) = (&confusion.classes[row].name, &confusion.classes[column].name);
    let Some(share) = confusion.share(row, column) else {
        return html! { td.empty title={ "no clip of " (truth) " in the test part" } { (text::DASH) } };
    };
    let shown = percentage(count, Some(share));
    html! {
        td class={ "h" (step(share)) @if row == column { " hit" } } title={ (truth) " answered as " (answer) ": " (count) " of " (support) } {
            (shown)
        }
    }
}

fn classes(pooled: &Pooled) -> Markup {
    let name = format!("Scores a class under {}", pooled.protocol);
    let metrics = &pooled.metrics;
    let table = html! {
        table {
            caption { strong { (pooled.protocol) } ": accuracy " (text::fraction(metrics.accuracy)) ", macro F1 " (text::fraction(metrics.macro_f1)) }
            thead { tr { th scope="col" { "Class" } @for head in ["Precision", "Recall", "F1", "Clips"] { th.num scope="col" { (head) } } } }
            tbody { @for score in &metrics.classes { (class_row(score)) } }
        }
    };
    scrolling(&name, &table)
}

fn class_row(score: &ClassScore) -> Markup {
    let never = score.precision.is_none().then_some("never answered");
    let absent = score.recall.is_none().then_some("no clip of it in the test part");
    html! {
        tr {
            th scope="row" {
                (score.class.name)
                @if !score.class.known { span.unknown { " unknown to the model" } }
                @else if let Some(reason) = absent.or(never) { span.unknown { " " (reason) } }
            }
            td.num title=[never] { (text::fraction(score.precision)) }
            td.num title=[absent] { (text::fraction(score.recall)) }
            td.num { (text::fraction(score.f1)) }
            td.num { (score.support) }
        }
    }
}
