//! The numbers of the figures in Markdown; the drawings are in the page.

use super::{
    figures::{Embedding, Histogram},
    markdown::{escape, pipe_table},
    model::Report,
    text,
};

pub(super) fn figures(report: &Report) -> String {
    let histogram = report.histogram.as_ref().map_or_else(String::new, histogram);
    let embedding = report.embedding.as_ref().map_or_else(String::new, |embedding| plane(report, embedding));
    histogram + &embedding
}

fn histogram(histogram: &Histogram) -> String {
    let classes: Vec<String> = histogram.classes.iter().map(|(class, n)| format!("{} {n}", escape(class))).collect();
    let cuts: Vec<String> = histogram.cuts.iter().map(f64::to_string).collect();
    let rows: Vec<Vec<String>> =
        histogram.bars.iter().map(|bar| vec![format!("{:.2} to {:.2}", bar.low, bar.high), bar.count.to_string()]).collect();
    let head = [escape(&histogram.name), "tracks".to_owned()];
    format!(
        "## Distribution of {}\n\n{} tracks, cut at {}: {}.\n\n{}\n",
        escape(&histogram.name),
        histogram.n,
        cuts.join(" and "),
        classes.join(", "),
        pipe_table(1, &head, &rows)
    )
}

fn plane(report: &Report, embedding: &Embedding) -> String {
    let head = ["task", "class", "clips", "middle, x", "middle, y"].map(str::to_owned);
    let mut rows = Vec::new();
    for task in &report.tasks {
        for class in embedding.classes(&task.task) {
            let (n, middle) = embedding.middle(&task.task, class);
            let [x, y] = middle.map(|value| text::decimals(f64::from(value), 1));
            rows.push(vec![escape(&task.task), escape(class), n.to_string(), x, y]);
        }
    }
    let made = escape(&embedding.made);
    format!("## The clips in the plane\n\n{made} Every clip's place stands in report.json.\n\n{}\n", pipe_table(2, &head, &rows))
}
