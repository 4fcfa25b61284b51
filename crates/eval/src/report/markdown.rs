//! The report as Markdown, for a repository's documents.

use super::{
    corpus::unaccounted_for,
    glossary::TERMS,
    markdown_best::best_section,
    markdown_figures::figures,
    markdown_scores::{grids, score_section},
    model::{Difference, Report},
    text,
};

/// The whole report but its plots and matrices of shares, as GitHub-flavoured Markdown.
///
/// Names from the corpus are escaped: neither markup nor HTML in them comes through.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for banner in &report.banners {
        out += &format!("**{}**\n\n", escape(banner));
    }
    out += &format!("# {}\n\n", escape(&report.title));
    for finding in report.tasks.iter().filter_map(|task| task.finding.as_ref()) {
        out += &format!("{}\n\n", escape(finding));
    }
    if !report.notes.is_empty() {
        out.extend(report.notes.iter().map(|note| format!("- {}\n", escape(note))));
        out.push('\n');
    }
    for task in &report.tasks {
        for (index, table) in task.tables.iter().enumerate() {
            out += &score_section(report, &task.task, table);
            if index == 0 {
                out += &grids(report, task);
            }
        }
        out += &best_section(report, task);
    }
    out += &figures(report);
    out += &differences_section(report);
    out += "## The protocols\n\n";
    for protocol in &report.protocols {
        out += &format!("- **{}**: {}\n", escape(&protocol.name), escape(&protocol.description));
        out.extend(protocol.notes.iter().map(|note| format!("  - {}\n", escape(note))));
    }
    out += "\n## Terms\n\n";
    out.extend(TERMS.iter().map(|(term, meaning)| format!("- **{}**: {}\n", escape(term), escape(meaning))));
    out += &corpus_section(report);
    out + &recompute_section(report)
}

fn differences_section(report: &Report) -> String {
    let mut out = "## What we do otherwise than the paper\n\n".to_owned();
    for group in &report.differences {
        out += &format!("{}:\n\n", escape(&whose(report, group)));
        out.extend(group.texts.iter().map(|text| format!("- {}\n", escape(text))));
        out.push('\n');
    }
    let head = ["row", "features", "training"].map(str::to_owned);
    let rows: Vec<Vec<String>> =
        report.rows.iter().map(|row| [&row.label, &row.features, &row.training].map(|text| escape(text)).into()).collect();
    out + &pipe_table(3, &head, &rows) + "\n"
}

/// The rows that a group of differences is about, in words.
pub(super) fn whose(report: &Report, group: &Difference) -> String {
    if group.every_row {
        return "Every row".to_owned();
    }
    let labels: Vec<&str> = group.rows.iter().map(|id| report.label(id)).collect();
    labels.join(", ")
}

fn corpus_section(report: &Report) -> String {
    let corpus = &report.corpus;
    let of = corpus.expected_tracks.map_or_else(String::new, |expected| format!(" of {expected}"));
    let mut out = format!("\n## The corpus\n\n- {}: {}{of} tracks\n", escape(&corpus.name), corpus.tracks_used);
    out += &format!("- citation: {}\n- licence: {}\n", escape(&corpus.citation), escape(&corpus.licence));
    out.extend(corpus.left_out.iter().map(|group| format!("- left out, {}: {}\n", escape(&group.reason), escape(&group.in_short()))));
    if corpus.unaccounted_for > 0 {
        out += &format!("- {}\n", unaccounted_for(corpus.unaccounted_for));
    }
    out + "\n"
}

fn recompute_section(report: &Report) -> String {
    let mut out = format!("## Computing it again\n\n{}\n", fenced(&report.command));
    out.extend(report.environment.iter().map(|(name, value)| format!("- {}: {}\n", escape(name), escape(value))));
    if !report.stages.is_empty() {
        let head = ["stage", "time"].map(str::to_owned);
        let rows: Vec<Vec<String>> = report.stages.iter().map(|(stage, seconds)| vec![escape(stage), text::duration(*seconds)]).collect();
        out += &format!("\n{}", pipe_table(1, &head, &rows));
    }
    let head = ["row", "task", "protocol", "seed", "clips", "accuracy", "tracks", "accuracy", "predictions"].map(str::to_owned);
    let rows: Vec<Vec<String>> = report
        .runs
        .iter()
        .map(|run| {
            vec![
                escape(report.label(&run.row)),
                escape(&run.task),
                escape(&run.protocol),
                run.seed.to_string(),
                run.clip.n.to_string(),
                text::fraction(run.clip.accuracy),
                run.track.n.to_string(),
                text::fraction(run.track.accuracy),
                escape(&run.predictions_file),
            ]
        })
        .collect();
    out + &format!("\n{}", pipe_table(3, &head, &rows))
}

/// A table whose first `texts` columns are set to the left, the others to the right.
pub(crate) fn pipe_table(texts: usize, head: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<String> = (0..head.len()).map(|column| if column < texts { "---" } else { "---:" }.to_owned()).collect();
    let mut out = line(head) + &line(&rule);
    out.extend(rows.iter().map(|row| line(row)));
    out
}

/// A code block whose fence is longer than any run of backticks within.
pub(crate) fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}sh\n{code}\n{fence}\n")
}

/// Text that stays text: no markup, no HTML, no line break, no end of a table cell.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(escape("a|b\n<i>*x*</i> [y](z)"), "a\\|b &lt;i&gt;\\*x\\*&lt;/i&gt; \\[y\\](z)");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("a ```` b"), "`````sh\na ```` b\n`````\n");
        assert_eq!(fenced("a"), "```sh\na\n```\n");
    }
}
