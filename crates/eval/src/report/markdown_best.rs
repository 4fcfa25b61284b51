//! The model looked at closely in Markdown: every measure, each class, the matrices, how sure it is.

use super::{
    markdown::{escape, pipe_table},
    model::{Pooled, Report, TaskReport},
    scores::ScoreTable,
    text,
};
use crate::metrics::{ClassScore, ProbabilityScores, ReliabilityBin};

pub(super) fn best_section(report: &Report, task: &TaskReport) -> String {
    let Some(best) = &task.best else { return String::new() };
    let heading = text::of_task(&task.task, report.tasks.len(), &format!("{}, class by class", best.label));
    let by = if report.tasks.len() > 1 { format!(" at {}", report.tasks[0].task) } else { String::new() };
    let out = format!(
        "## {}\n\n{}{} under {} ({}).\n\n{}\n",
        escape(&heading),
        best.told(),
        escape(&by),
        escape(&best.chosen_under),
        text::fraction(Some(best.accuracy)),
        measures(report, task, &best.row),
    );
    best.protocols.iter().fold(out, |out, pooled| out + &protocol_section(pooled))
}

/// Every measure under every protocol, clips beside tracks.
fn measures(report: &Report, task: &TaskReport, row: &str) -> String {
    let head = ["measure", "item"].map(str::to_owned).into_iter().chain(report.protocols.iter().map(|entry| escape(&entry.name)));
    let line = |table: &ScoreTable| -> Option<Vec<String>> {
        let found = table.rows.iter().find(|found| found.row == row)?;
        let cells = found.cells.iter().map(|cell| text::mean_sd(&cell.summary, 3));
        Some([table.measure.name(), table.level.name()].map(str::to_owned).into_iter().chain(cells).collect())
    };
    pipe_table(2, &head.collect::<Vec<_>>(), &task.tables.iter().filter_map(line).collect::<Vec<_>>())
}

fn protocol_section(pooled: &Pooled) -> String {
    let seeds = text::counted(pooled.seeds.len(), "seed", "seeds");
    let mut out = format!("### {}\n\nClip by clip; the counts of {seeds} added up.\n\n", escape(&pooled.protocol));
    out += &format!("{}\n", pipe_table(1, &class_head(), &class_rows(pooled)));
    let undefined = &pooled.metrics.undefined;
    out.extend(undefined.iter().map(|(score, reason)| format!("- {} {}: {}\n", text::DASH, escape(score), escape(reason))));
    out += if undefined.is_empty() { "" } else { "\n" };
    out += &format!("Rows: the true class; columns: the answer; counts.\n\n{}\n", confusion(pooled));
    out + &pooled.metrics.probabilities.as_ref().map_or_else(String::new, reliability)
}

/// The bins that hold something.
fn reliability(scores: &ProbabilityScores) -> String {
    let head = ["highest probability", "clips", "its mean", "accuracy"].map(str::to_owned);
    let bins = scores.reliability.iter().filter(|bin| bin.n > 0);
    let row = |bin: &ReliabilityBin| {
        let ends = format!("{} to {}", text::decimals(bin.low, 3), text::decimals(bin.high, 3));
        vec![ends, bin.n.to_string(), text::fraction(bin.confidence), text::fraction(bin.accuracy)]
    };
    format!(
        "Reliability, of all seeds together: expected calibration error {}, log loss {}, Brier score {}; empty bins are left out.\n\n{}\n",
        text::fraction(scores.ece),
        text::fraction(scores.log_loss),
        text::fraction(scores.brier),
        pipe_table(1, &head, &bins.map(row).collect::<Vec<_>>())
    )
}

fn class_head() -> Vec<String> {
    ["class", "precision", "recall", "F1", "clips"].map(str::to_owned).into()
}

fn class_rows(pooled: &Pooled) -> Vec<Vec<String>> {
    let row = |score: &ClassScore| {
        let unknown = if score.class.known { "" } else { " (unknown to the model)" };
        let numbers = [score.precision, score.recall, score.f1].map(text::fraction);
        let mut line = vec![format!("{}{unknown}", escape(&score.class.name))];
        line.extend(numbers);
        line.push(score.support.to_string());
        line
    };
    pooled.metrics.classes.iter().map(row).collect()
}

fn confusion(pooled: &Pooled) -> String {
    let matrix = &pooled.metrics.confusion;
    let names: Vec<String> = matrix.classes.iter().map(|class| escape(&class.name)).collect();
    let head: Vec<String> = [String::new()].into_iter().chain(names.iter().cloned()).collect();
    let rows: Vec<Vec<String>> = names
        .iter()
        .zip(&matrix.counts)
        .map(|(name, counts)| [name.clone()].into_iter().chain(counts.iter().map(u64::to_string)).collect())
        .collect();
    pipe_table(1, &head, &rows)
}
