//! From predictions and facts to a report.

use segno_dataset::Prediction;

use super::{
    best::{best, finding},
    check::check,
    corpus,
    curves::curves,
    differences::differences,
    input::{ReportInput, RowFacts, Run},
    model::{ProtocolEntry, REPORT_FORMAT, Report, RunScores},
    score_table::score_table,
    scores::Measure,
};
use crate::{
    EvalError,
    metrics::{Level, Metrics},
};

/// A run and its scores.
pub(super) struct Scored<'a> {
    pub(super) run: &'a Run,
    pub(super) clip: Metrics,
    pub(super) track: Metrics,
}

/// Computes a report. Its numbers come from `input.runs` alone; the order of the runs leaves no trace.
///
/// # Errors
/// If facts do not fit together (a run of an unlisted row or protocol, predictions filed under another seed) or
/// predictions cannot be scored.
pub fn build(input: &ReportInput) -> Result<Report, EvalError> {
    check(input)?;
    let rows = in_order(&input.rows);
    let scored = score(input, &rows)?;
    let runs: Vec<RunScores> = scored.iter().map(run_scores).collect();
    let protocols: Vec<ProtocolEntry> = input
        .protocols
        .iter()
        .map(|facts| ProtocolEntry {
            name: facts.protocol.name().to_owned(),
            description: facts.description.clone(),
            notes: facts.notes.clone(),
        })
        .collect();
    let tables = [
        (Level::Clip, Measure::Accuracy),
        (Level::Track, Measure::Accuracy),
        (Level::Clip, Measure::MacroF1),
        (Level::Clip, Measure::BalancedAccuracy),
    ]
    .map(|(level, measure)| score_table(level, measure, &rows, &protocols, &runs))
    .into();
    let mut report = Report {
        banners: corpus::banners(&input.corpus),
        format: REPORT_FORMAT,
        title: input.title.clone(),
        task: input.task.clone(),
        command: input.command.clone(),
        finding: None,
        corpus: corpus::grouped(&input.corpus),
        best: best(&rows, &protocols, &scored),
        curves: curves(&rows, &protocols, &scored),
        differences: differences(&rows),
        protocols,
        rows,
        open_rows: input.open_rows.clone(),
        tables,
        stages: input.stages.clone(),
        environment: input.environment.clone(),
        runs,
    };
    report.finding = finding(&report);
    Ok(report)
}

/// Rows by family, in the order the families first come up, each variant after the row that it varies.
fn in_order(rows: &[RowFacts]) -> Vec<RowFacts> {
    let mut families: Vec<&str> = Vec::new();
    for row in rows {
        if !families.contains(&row.family.as_str()) {
            families.push(&row.family);
        }
    }
    let root = |row: &RowFacts| row.variant_of.clone().unwrap_or_else(|| row.id.clone());
    let place = |id: &str| rows.iter().position(|row| row.id == id);
    let mut ordered = rows.to_vec();
    ordered.sort_by_key(|row| {
        let family = families.iter().position(|family| *family == row.family);
        (family, place(&root(row)), row.variant_of.is_some(), place(&row.id))
    });
    ordered
}

fn score<'a>(input: &'a ReportInput, rows: &[RowFacts]) -> Result<Vec<Scored<'a>>, EvalError> {
    let mut runs: Vec<&Run> = input.runs.iter().collect();
    runs.sort_by_key(|run| {
        let row = rows.iter().position(|row| row.id == run.row);
        let protocol = input.protocols.iter().position(|facts| facts.protocol == run.protocol);
        (row, protocol, run.seed)
    });
    runs.into_iter()
        .map(|run| {
            let classes = run.predictions.classes.get(&input.task).ok_or_else(|| EvalError::NoSuchTask {
                row: run.row.clone(),
                protocol: run.protocol,
                seed: run.seed,
                task: input.task.clone(),
                found: run.predictions.classes.keys().cloned().collect(),
            })?;
            let rows: Vec<&Prediction> = run.predictions.rows.iter().filter(|row| row.task == input.task).collect();
            let clip = Metrics::of(Level::Clip, classes, &rows)?;
            let track = Metrics::of(Level::Track, classes, &rows)?;
            Ok(Scored { run, clip, track })
        })
        .collect()
}

fn run_scores(scored: &Scored<'_>) -> RunScores {
    let (run, source) = (scored.run, &scored.run.predictions.source);
    RunScores {
        row: run.row.clone(),
        protocol: run.protocol.name().to_owned(),
        seed: run.seed,
        predictions_file: run.predictions_file.clone(),
        model_digest: source.model_digest.clone(),
        split_digest: source.split_digest.clone(),
        shards_digest: source.shards_digest.clone(),
        clip: (&scored.clip).into(),
        track: (&scored.track).into(),
    }
}
