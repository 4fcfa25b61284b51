//! The report as one page that needs nothing else: no scripts, no other files, light and dark.

mod curves;
mod facts;
mod figures;
mod grid;
mod matrix;
mod style;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html as page};

use super::{model::Report, text};

/// Nothing may be loaded from anywhere and no script may run, whatever a name in the corpus tries.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole report as a self-contained HTML page.
pub fn html(report: &Report) -> String {
    let names: Vec<&str> = report.tasks.iter().map(|task| task.task.as_str()).collect();
    let body = page! {
        @for banner in &report.banners {
            p.banner role="note" { (banner) }
        }
        header {
            h1 { (report.title) }
            p.by {
                (report.corpus.name) " · " (names.join(", ")) " · " (report.corpus.tracks_used)
                @if let Some(expected) = report.corpus.expected_tracks { " of " (expected) }
                " tracks"
            }
            @for finding in report.tasks.iter().filter_map(|task| task.finding.as_ref()) { p.finding { (finding) } }
            @if !report.notes.is_empty() { ul.notes { @for note in &report.notes { li { (note) } } } }
            (contents(report))
        }
        main {
            @for task in &report.tasks {
                (tables::accuracies(report, task))
                (tables::scores(report, task))
                (matrix::best(report, task))
            }
            (figures::section(report))
            (curves::section(report))
            (facts::differences(report))
            (facts::glossary(report))
            (facts::corpus(report))
            (facts::stages(report))
            (facts::recompute(report))
        }
        footer { p { "Every number on this page was computed from the predictions listed above; report.json holds them all." } }
    };
    let whole = page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (report.title) }
                style { (PreEscaped(style::style())) }
            }
            body { (body) }
        }
    };
    whole.into_string() + "\n"
}

fn contents(report: &Report) -> Markup {
    let mut links: Vec<(String, String)> = Vec::new();
    let mut link = |target: String, name: &str| links.push((format!("#{target}"), name.to_owned()));
    for (index, task) in report.tasks.iter().enumerate() {
        let name = |what: &str| text::of_task(&task.task, report.tasks.len(), what);
        link(anchor("accuracy", index), &name("accuracy"));
        link(anchor("tracks", index), &name("track by track"));
        if task.best.is_some() {
            link(anchor("best", index), &name("class by class"));
        }
    }
    if report.histogram.is_some() || report.embedding.is_some() {
        link("data".to_owned(), "The data, drawn");
    }
    for (target, name) in [("curves", "Learning curves"), ("differs", "Otherwise than the paper"), ("terms", "Protocols and terms")] {
        link(target.to_owned(), name);
    }
    link("corpus".to_owned(), "Corpus");
    link("again".to_owned(), "Computing it again");
    page! {
        nav aria-label="Contents" {
            ul { @for (target, name) in links { li { a href=(target) { (name) } } } }
        }
    }
}

/// The name of a section of the task of this index; the first task's are plain.
fn anchor(section: &str, task: usize) -> String {
    if task == 0 { section.to_owned() } else { format!("{section}-{}", task + 1) }
}

/// A table that scrolls sideways by itself, also from the keyboard.
fn scrolling(name: &str, table: &Markup) -> Markup {
    page! { div.scroll role="region" aria-label=(name) tabindex="0" { (table) } }
}
