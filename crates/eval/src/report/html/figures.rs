//! The sections that are drawings: the leak, clips beside tracks, the data, learning curves.

use segno_page::{Markup, html};

use super::figure::{body, legend, show};
use crate::report::{
    drawn,
    model::{CurveGroup, Report},
};

/// What the published figures owe to the split, all tasks together.
pub(super) fn leak(report: &Report) -> Markup {
    let shown = report.tasks.iter().map(|task| (drawn::accuracies(report, task), drawn::leaks(report, task)));
    let shown: Vec<_> = shown.collect();
    let none = shown.iter().all(|(_, leaks)| leaks.is_none());
    html! {
        section id="leak" {
            h2 { "The leak" }
            p {
                "Where clips are drawn at random, clips of one track stand on both sides of the split, and a model may know the track \
                 again instead of its class. The leak is what accuracy loses when no track, or no artist, is on two sides."
            }
            @if none { p.gap { "No leak to draw: it needs runs under published and under a stricter protocol." } }
            div.tiles {
                @for (accuracies, leaks) in &shown {
                    @for found in [leaks, accuracies].into_iter().flatten() { (show(found)) }
                }
            }
        }
    }
}

/// The drawings of the data, where there are any.
pub(super) fn data(report: &Report) -> Markup {
    let planes = report.tasks.iter().filter_map(|task| drawn::plane(report, &task.task));
    let shown: Vec<_> = report.histogram.iter().filter_map(drawn::histogram).chain(planes).collect();
    if shown.is_empty() {
        return html! {};
    }
    html! {
        section id="data" {
            h2 { "The data, drawn" }
            div.tiles { @for found in &shown { (show(found)) } }
        }
    }
}

/// The learning curves of every row and protocol.
pub(super) fn curves(report: &Report) -> Markup {
    let of_rows: Vec<_> = report.rows.iter().map(|row| (row, drawn::of_row(report, &row.id))).collect();
    let keys = of_rows.iter().flat_map(|(_, found)| found).map(|found| &found.keys).next();
    html! {
        section id="curves" {
            h2 { "Learning curves" }
            p { "A thin line a seed, over epochs. " @for key in keys.into_iter().flatten() { (legend(key)) " " } "Every epoch’s numbers stand in report.json." }
            @for (row, found) in &of_rows {
                @if !found.is_empty() {
                    h3 { (row.label) }
                    div.curves {
                        @for found in found {
                            // The legend stands above all of them.
                            @let plain = drawn::Figure { keys: vec![], caption: format!("{}: {}", protocol(&found.title), found.caption), ..found.clone() };
                            (body(&plain))
                        }
                    }
                }
            }
            @for (reason, rows) in without(report) { p.gap { "No curves, " (reason) ": " (rows.join(", ")) "." } }
        }
    }
}

/// The last part of a title, which names the protocol.
fn protocol(title: &str) -> &str {
    title.rsplit(", ").next().unwrap_or(title)
}

/// Why rows have no curve at all, a reason once.
fn without(report: &Report) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = vec![];
    for row in &report.rows {
        let groups: Vec<&CurveGroup> = report.curves.iter().filter(|group| group.row == row.id).collect();
        let all = groups.iter().all(|group| group.reason.is_some());
        let Some(reason) = groups.first().filter(|_| all).and_then(|group| group.reason.as_deref()) else { continue };
        match found.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, rows)) => rows.push(&row.label),
            None => found.push((reason, vec![&row.label])),
        }
    }
    found
}
