//! The report as one page that needs nothing else: no scripts, no other files, light and dark.

mod curves;
mod facts;
mod matrix;
mod style;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html as page};

use super::model::Report;

/// Nothing may be loaded from anywhere and no script may run, whatever a name in the corpus tries.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole report as a self-contained HTML page.
pub fn html(report: &Report) -> String {
    let body = page! {
        @for banner in &report.banners {
            p.banner role="note" { (banner) }
        }
        header {
            h1 { (report.title) }
            p.by {
                (report.corpus.name) " · " (report.task) " · " (report.corpus.tracks_used)
                @if let Some(expected) = report.corpus.expected_tracks { " of " (expected) }
                " tracks"
            }
            @if let Some(finding) = &report.finding { p.finding { (finding) } }
            (contents(report))
        }
        main {
            (tables::accuracies(report))
            (tables::scores(report))
            (matrix::best(report))
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
    let mut links = vec![("#accuracy", "Accuracy"), ("#tracks", "Track by track")];
    links.extend(report.best.as_ref().map(|_| ("#best", "Class by class")));
    links.extend([("#curves", "Learning curves"), ("#differs", "Otherwise than the paper"), ("#terms", "Protocols and terms")]);
    links.extend([("#corpus", "Corpus"), ("#again", "Computing it again")]);
    page! {
        nav aria-label="Contents" {
            ul { @for (target, name) in links { li { a href=(target) { (name) } } } }
        }
    }
}

/// A table that scrolls sideways by itself, also from the keyboard.
fn scrolling(name: &str, table: &Markup) -> Markup {
    page! { div.scroll role="region" aria-label=(name) tabindex="0" { (table) } }
}
