//! The paper's figures of its data, from our run: a histogram, clips in the plane; each with its numbers.

use segno_page::{Markup, html};

use super::{scrolling, tables::svg};
use crate::report::{
    figures::{Embedding, Histogram},
    model::Report,
    plot_figures, text,
};

/// The drawings of the data, where there are any.
pub(super) fn section(report: &Report) -> Markup {
    if report.histogram.is_none() && report.embedding.is_none() {
        return html! {};
    }
    html! {
        section id="data" {
            h2 { "The data, drawn" }
            @if let Some(found) = &report.histogram { (histogram(found)) }
            @if let Some(found) = &report.embedding { (plane(report, found)) }
        }
    }
}

fn histogram(found: &Histogram) -> Markup {
    let name = format!("Distribution of {} over the tracks", found.name);
    let table = html! {
        table {
            caption { (name) }
            thead { tr { th scope="col" { (text::capitalised(&found.name)) } th.num scope="col" { "Tracks" } } }
            tbody { @for bar in &found.bars { tr { th scope="row" { (format!("{:.2} to {:.2}", bar.low, bar.high)) } td.num { (bar.count) } } } }
        }
    };
    html! {
        h3 { (name) }
        @if let Some(drawn) = plot_figures::histogram(found) {
            figure.wide { div.scroll role="region" aria-label=(name) tabindex="0" { (svg("plot", &name, drawn)) } }
        }
        p {
            (text::counted(found.n, "track", "tracks")) ". The lines are the cuts between the classes; a value on a cut is of the upper one."
            @if found.outside > 0 { " " (found.outside) " values lie outside the range and are in no bar." }
        }
        details { summary { "The numbers, bar by bar" } (scrolling(&name, &table)) }
    }
}

fn plane(report: &Report, found: &Embedding) -> Markup {
    html! {
        h3 { "The clips in the plane (t-SNE)" }
        p { (found.made) " Clips whose features are alike lie close together; the axes, and distances from group to group, mean nothing." }
        div.planes {
            @for task in &report.tasks {
                @let name = format!("Clips in the plane by {}", task.task);
                @if let Some(drawn) = plot_figures::plane(found, &task.task) {
                    figure {
                        figcaption {
                            strong { (text::capitalised(&task.task)) } ": "
                            @for (index, class) in found.classes(&task.task).iter().enumerate() {
                                span class={ "key c" (index % 10) } { span aria-hidden="true" { (plot_figures::class_mark(index)) } " " (class) } " "
                            }
                        }
                        (svg("plane", &name, drawn))
                    }
                }
            }
        }
        details { summary { "The numbers: each class’s middle, each clip’s place" } (scrolling("Middles of the classes", &middles(report, found))) (scrolling("Places of the clips", &places(report, found))) }
    }
}

fn number(value: f32) -> String {
    text::decimals(f64::from(value), 1)
}

fn middles(report: &Report, found: &Embedding) -> Markup {
    html! {
        table {
            caption { "Each class’s number of clips, and the mean of their places" }
            thead { tr { @for head in ["Task", "Class"] { th scope="col" { (head) } } @for head in ["Clips", "x", "y"] { th.num scope="col" { (head) } } } }
            tbody {
                @for task in &report.tasks {
                    @for class in found.classes(&task.task) {
                        @let (n, [x, y]) = found.middle(&task.task, class);
                        tr { td { (task.task) } th scope="row" { (class) } td.num { (n) } td.num { (number(x)) } td.num { (number(y)) } }
                    }
                }
            }
        }
    }
}

fn places(report: &Report, found: &Embedding) -> Markup {
    html! {
        table {
            caption { "Each clip’s place" }
            thead {
                tr {
                    th scope="col" { "Clip" }
                    @for task in &report.tasks { th scope="col" { (text::capitalised(&task.task)) } }
                    @for head in ["x", "y"] { th.num scope="col" { (head) } }
                }
            }
            tbody {
                @for clip in &found.clips {
                    tr {
                        th scope="row" { (clip.clip_id) }
                        @for task in &report.tasks { td { (clip.labels.get(&task.task).map_or(text::DASH, String::as_str)) } }
                        @for value in clip.at { td.num { (number(value)) } }
                    }
                }
            }
        }
    }
}
