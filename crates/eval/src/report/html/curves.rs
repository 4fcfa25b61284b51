//! Learning curves, a row of the table each.

use segno_page::{Markup, html};

use super::{scrolling, tables::svg};
use crate::report::{
    model::{CurveGroup, Report},
    plot::{self, Panel},
    text,
};

/// The learning curves of every row and protocol.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section id="curves" {
            h2 { "Learning curves" }
            p {
                "A thin line a seed, over epochs. "
                span.key.train { span aria-hidden="true" { "━" } " training (with dropout)" } " "
                span.key.k1 { span aria-hidden="true" { "━" } " validation" } " "
                span.key.k1 { span aria-hidden="true" { "●" } " the epoch that was kept" }
                " Every epoch’s numbers stand in report.json."
            }
            @for row in &report.rows {
                @let groups: Vec<&CurveGroup> = report.curves.iter().filter(|group| group.row == row.id).collect();
                @if !groups.is_empty() {
                    h3 { (row.label) }
                    @if let Some(reason) = without_any(&groups) { p.gap { "No learning curves: " (reason) "." } }
                    @else {
                        div.curves { @for group in &groups { (curve(&row.label, group)) } }
                        details { summary { "The numbers at the epoch that was kept and at the last" } (scrolling(&format!("{}, epochs", row.label), &numbers(&row.label, &groups))) }
                    }
                }
            }
        }
    }
}

/// Why a row has no curve at all, if it has none.
fn without_any<'a>(groups: &[&'a CurveGroup]) -> Option<&'a str> {
    let all = groups.iter().all(|group| group.reason.is_some());
    groups.first().filter(|_| all)?.reason.as_deref()
}

fn curve(label: &str, group: &CurveGroup) -> Markup {
    let kept: Vec<String> = group.runs.iter().map(|run| run.best_epoch.to_string()).collect();
    html! {
        figure {
            @for panel in Panel::of(group) {
                @if let Some(drawn) = plot::curves(group, panel) {
                    div.panel {
                        span.panelname { (panel.name(&group.tasks)) }
                        (svg("curve", &format!("{} of {label} under {}, over epochs", panel.name(&group.tasks), group.protocol), drawn))
                    }
                }
            }
            figcaption {
                strong { (group.protocol) }
                @match &group.reason {
                    Some(reason) => { ": no curves, " (reason) },
                    None => { ": " (text::counted(kept.len(), "seed", "seeds")) ", kept epoch " (kept.join(", ")) },
                }
            }
        }
    }
}

/// The kept and the last epoch of every run.
fn numbers(label: &str, groups: &[&CurveGroup]) -> Markup {
    let Some(first) = groups.first() else { return html! {} };
    let heads = Panel::of(first).into_iter().map(|panel| panel.name(&first.tasks));
    let heads: Vec<String> = heads.flat_map(|name| [format!("train {name}"), format!("valid {name}")]).collect();
    let number = |value: f32| if value.is_finite() { text::decimals(f64::from(value), 3) } else { text::DASH.to_owned() };
    html! {
        table {
            caption { (label) ": loss and accuracy at the epoch that was kept and at the last" }
            thead { tr { @for head in ["Protocol", "Seed", "Epoch"] { th scope="col" { (head) } } @for head in &heads { th.num scope="col" { (head) } } } }
            tbody {
                @for group in groups {
                    @for run in &group.runs {
                        @for epoch in run.epochs.iter().enumerate().filter(|(index, epoch)| epoch.epoch == run.best_epoch || index + 1 == run.epochs.len()).map(|(_, epoch)| epoch) {
                            tr {
                                td { (group.protocol) } td { (run.seed) }
                                td { (epoch.epoch) @if epoch.epoch == run.best_epoch { ", kept" } @else { ", last" } }
                                td.num { (number(epoch.train_loss)) } td.num { (number(epoch.valid_loss)) }
                                @for (train, valid) in epoch.train_accuracy.iter().zip(&epoch.valid_accuracy) {
                                    td.num { (number(*train)) } td.num { (number(*valid)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
