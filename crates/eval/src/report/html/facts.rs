//! What is no score: differences from the paper, protocols, corpus, times, and how to compute it all again.

use segno_page::{Markup, html};

use super::scrolling;
use crate::report::{
    corpus::unaccounted_for,
    glossary::TERMS,
    markdown::whose,
    model::{Difference, LeftOutGroup, Report},
    text,
};

/// What a reader must know beside the banners; many at once are folded.
pub(super) fn notes(report: &Report) -> Markup {
    let list = html! { ul.notes { @for note in &report.notes { li { (note) } } } };
    if report.notes.len() <= 3 {
        return list;
    }
    html! { details { summary { (report.notes.len()) " notes: runs left out, fits that did not converge, figures not drawn" } (list) } }
}

/// What we do otherwise than the paper, and each row's features and training.
pub(super) fn differences(report: &Report) -> Markup {
    let table = html! {
        table.facts {
            caption { "Features and training of each row" }
            thead { tr { th scope="col" { "Row" } th scope="col" { "Features" } th scope="col" { "Training" } } }
            tbody { @for row in &report.rows { tr { th scope="row" { (row.label) } td { (row.features) } td { (row.training) } } } }
        }
    };
    html! {
        section id="differs" {
            h2 { "What we do otherwise than the paper" }
            @if report.differences.is_empty() { p { "Nothing that the experiments state." } }
            @for group in &report.differences {
                (heads(report, group))
                ul { @for text in &group.texts { li { (text) } } }
            }
            details { summary { "Features and training, row by row" } (scrolling("Features and training", &table)) }
        }
    }
}

/// Which rows a group of differences is about: by name where they are few, else by the others where those are few.
fn heads(report: &Report, group: &Difference) -> Markup {
    if group.every_row || group.rows.len() <= 2 {
        return html! { h3 { (whose(report, group)) } };
    }
    let others: Vec<&str> = report.rows.iter().filter(|row| !group.rows.contains(&row.id)).map(|row| row.label.as_str()).collect();
    html! {
        h3 { (group.rows.len()) " of " (report.rows.len()) " rows" }
        @if others.len() < group.rows.len() { p.whose { "All but " (others.join("; ")) } }
        @else { p.whose { (whose(report, group)) } }
    }
}

/// The protocols, and what words and signs mean.
pub(super) fn glossary(report: &Report) -> Markup {
    html! {
        section id="terms" {
            h2 { "Protocols and terms" }
            dl {
                @for protocol in &report.protocols {
                    dt { (protocol.name) }
                    dd {
                        (protocol.description)
                        @if !protocol.notes.is_empty() { ul { @for note in &protocol.notes { li { (note) } } } }
                    }
                }
            }
            details {
                summary { "What words and signs mean: leak, intervals, scores" }
                dl { @for (term, meaning) in TERMS { dt { (term) } dd { (meaning) } } }
            }
        }
    }
}

/// More reasons for leaving tracks out are folded.
const REASONS: usize = 12;

/// The corpus, and the tracks that took no part.
pub(super) fn corpus(report: &Report) -> Markup {
    let corpus = &report.corpus;
    html! {
        section id="corpus" {
            h2 { "The corpus" }
            dl {
                dt { "name" } dd { (corpus.name) @if corpus.synthetic { " (synthetic)" } }
                dt { "tracks" } dd { (corpus.tracks_used) @if let Some(expected) = corpus.expected_tracks { " of " (expected) } }
                dt { "citation" } dd { (corpus.citation) }
                dt { "licence" } dd { (corpus.licence) }
            }
            @if corpus.unaccounted_for > 0 { p.gap { (unaccounted_for(corpus.unaccounted_for)) } }
            @if !corpus.left_out.is_empty() {
                h3 { "Tracks left out" }
                @let list = html! { ul { @for group in &corpus.left_out { li { (left_out(group)) } } } };
                @if corpus.left_out.len() <= REASONS { (list) }
                @else { details { summary { (corpus.left_out.len()) " reasons" } (list) } }
            }
        }
    }
}

fn left_out(group: &LeftOutGroup) -> Markup {
    html! {
        strong { (group.reason) } ": " (group.in_short())
        @if group.tracks.len() > LeftOutGroup::NAMED {
            details { summary { "all " (group.tracks.len()) " of them" } p.ids { (group.names()) } }
        }
    }
}

/// Where the time went.
pub(super) fn stages(report: &Report) -> Markup {
    if report.stages.is_empty() {
        return html! {};
    }
    let total: f64 = report.stages.iter().map(|(_, seconds)| seconds).sum();
    let table = html! {
        table.stages {
            caption { "Wall-clock time" }
            thead { tr { th scope="col" { "Stage" } th.num scope="col" { "Time" } th.num scope="col" { "Share" } } }
            tbody {
                @for (stage, seconds) in &report.stages {
                    tr { th scope="row" { (stage) } td.num { (text::duration(*seconds)) } td.num { (share(*seconds, total)) } }
                }
            }
            tfoot { tr { th scope="row" { "together" } td.num { (text::duration(total)) } td {} } }
        }
    };
    html! { section id="time" { h2 { "Time a stage" } p { "A stage that was skipped, since its inputs are unchanged, takes next to none." } (scrolling("Time a stage", &table)) } }
}

fn share(seconds: f64, total: f64) -> String {
    if total > 0.0 { format!("{:.0} %", 100.0 * seconds / total) } else { text::DASH.to_owned() }
}

/// The command, the machine, and every run's predictions.
pub(super) fn recompute(report: &Report) -> Markup {
    let table = html! {
        table.runs {
            caption { "Each run’s scores, and the predictions that they were computed from" }
            thead {
                tr {
                    @for head in ["Row", "Task", "Protocol"] { th scope="col" { (head) } }
                    @for head in ["Seed", "Clips", "Accuracy", "Macro F1", "Tracks", "Accuracy"] { th.num scope="col" { (head) } }
                    @for head in ["Predictions", "Model", "Split", "Shards"] { th scope="col" { (head) } }
                }
            }
            tbody {
                @for run in &report.runs {
                    tr {
                        th scope="row" { (report.label(&run.row)) }
                        td { (run.task) }
                        td { (run.protocol) }
                        td.num { (run.seed) }
                        td.num { (run.clip.n) } td.num { (text::fraction(run.clip.accuracy)) } td.num { (text::fraction(run.clip.macro_f1)) }
                        td.num { (run.track.n) } td.num { (text::fraction(run.track.accuracy)) }
                        td { code { (run.predictions_file) } }
                        @for digest in [&run.model_digest, &run.split_digest, &run.shards_digest] {
                            td { code title=(digest) { (text::short(digest)) } }
                        }
                    }
                }
            }
        }
    };
    html! {
        section id="again" {
            h2 { "Computing it again" }
            pre { code { (report.command) } }
            @if !report.environment.is_empty() {
                dl { @for (name, value) in &report.environment { dt { (name) } dd { (value) } } }
            }
            details { summary { "Runs and their predictions (" (report.runs.len()) ")" } (scrolling("Runs", &table)) }
        }
    }
}
