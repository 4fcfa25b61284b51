//! The report as one page that needs nothing else: no scripts, no other files, light and dark.

mod curves;
mod facts;
mod figures;
mod grid;
mod matrix;
mod style;
mod tables;

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
            @if !report.notes.is_empty() { ul.notes { @for note in &report.notes { li { (note) } } } }
            (contents(&sections(report)))
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
    Page { title: report.title.clone(), style: style::style(), body, ..Page::default() }.render()
}

/// The sections of the page: id and name.
fn sections(report: &Report) -> Vec<(String, String)> {
    let mut links: Vec<(String, String)> = Vec::new();
    let mut link = |target: String, name: &str| links.push((target, name.to_owned()));
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
    links
}

/// The name of a section of the task of this index; the first task's are plain.
fn anchor(section: &str, task: usize) -> String {
    if task == 0 { section.to_owned() } else { format!("{section}-{}", task + 1) }
}
