//! Learning curves, a row of the table each.

use maud::{Markup, html};

use super::tables::svg;
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
            }
            @for row in &report.rows {
                @let groups: Vec<&CurveGroup> = report.curves.iter().filter(|group| group.row == row.id).collect();
                @if !groups.is_empty() {
                    h3 { (row.label) }
                    @if let Some(reason) = without_any(&groups) { p.gap { "No learning curves: " (reason) "." } }
                    @else { div.curves { @for group in groups { (curve(&row.label, group)) } } }
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
            @for panel in [Panel::Loss, Panel::Accuracy] {
                @if let Some(drawn) = plot::curves(group, panel) {
                    div.panel {
                        span.panelname { (panel.name()) }
                        (svg("curve", &format!("{} of {label} under {}, over epochs", panel.name(), group.protocol), drawn))
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
