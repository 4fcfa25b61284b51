//! The report as one page that needs nothing else: no scripts, no other files, light and dark.

mod facts;
mod figure;
mod figures;
mod grid;
mod matrix;
mod style;
mod tables;

pub(crate) use {figure::show as figure_markup, style::style as page_style};

use segno_page::{Page, contents, html as page, scrolling};

use super::{model::Report, text};

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
            @if !report.notes.is_empty() { (facts::notes(report)) }
            (contents(&sections(report)))
        }
        main {
            @for task in &report.tasks { (tables::accuracy(report, task)) }
            (figures::leak(report))
            @for task in &report.tasks {
                (tables::tracks(report, task))
                (matrix::best(report, task))
            }
            (figures::data(report))
            (figures::curves(report))
            (facts::differences(report))
            (facts::recompute(report))
            (facts::glossary(report))
            (facts::corpus(report))
            (facts::stages(report))
        }
        footer { p { "Every number on this page was computed from the predictions listed above; report.json holds them all." } }
    };
    Page { title: report.title.clone(), style: style::style(), body, ..Page::default() }.render()
}

/// The sections of the page: id and name.
fn sections(report: &Report) -> Vec<(String, String)> {
    let mut links: Vec<(String, String)> = Vec::new();
    let mut link = |target: String, name: &str| links.push((target, name.to_owned()));
    let name = |task: &str, what: &str| text::of_task(task, report.tasks.len(), what);
    for (index, task) in report.tasks.iter().enumerate() {
        link(anchor("accuracy", index), &name(&task.task, "accuracy"));
    }
    link("leak".to_owned(), "The leak");
    for (index, task) in report.tasks.iter().enumerate() {
        link(anchor("tracks", index), &name(&task.task, "track by track"));
        if task.best.is_some() {
            link(anchor("best", index), &name(&task.task, "class by class"));
        }
    }
    if report.histogram.is_some() || report.embedding.is_some() {
        link("data".to_owned(), "The data, drawn");
    }
    let last = [
        ("curves", "Learning curves"),
        ("differs", "Otherwise than the paper"),
        ("again", "Computing it again"),
        ("terms", "Protocols and terms"),
        ("corpus", "Corpus"),
    ];
    for (target, name) in last {
        link(target.to_owned(), name);
    }
    links
}

/// The name of a section of the task of this index; the first task's are plain.
fn anchor(section: &str, task: usize) -> String {
    if task == 0 { section.to_owned() } else { format!("{section}-{}", task + 1) }
}
