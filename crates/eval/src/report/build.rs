//! From predictions and facts to a report.

use segno_dataset::{Prediction, Predictions};

use super::{
    best::{best, choose, finding},
    check::check,
    corpus,
    curves::curves,
    differences::differences,
    figures::{EmbeddingFacts, HistogramFacts},
    grid::grids,
    input::{ReportInput, RowFacts, Run},
    model::{ProtocolEntry, REPORT_FORMAT, Report, RunScores, TaskReport},
    resampled::over_tracks,
    score_table::score_table,
    scores::{ScoreTable, TABLES},
};
use crate::{
    EvalError,
    metrics::{Level, Metrics, sums::TrackSums},
    stats::Bootstrap,
};

/// A run and its scores at one task.
pub(super) struct Scored<'a> {
    pub(super) run: &'a Run,
    pub(super) task: &'a str,
    pub(super) clip: Metrics,
    pub(super) track: Metrics,
    pub(super) vote: Metrics,
    pub(super) sums: TrackSums,
    /// Clip by clip, of the training part.
    pub(super) train: Option<Metrics>,
}

/// Computes a report. Its numbers come from `input.runs` alone; the order of the runs leaves no trace.
///
/// # Errors
/// If facts do not fit together (a run of an unlisted row or protocol, predictions filed under another seed) or
/// predictions cannot be scored.
pub fn build(input: &ReportInput) -> Result<Report, EvalError> {
    build_with(input, &Bootstrap::default())
}

/// As [`build`], with the bootstrap of your choice behind the intervals over tracks.
///
/// # Errors
/// As [`build`].
pub fn build_with(input: &ReportInput, bootstrap: &Bootstrap) -> Result<Report, EvalError> {
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
    let chosen = choose(&input.tasks[0], &rows, &protocols, &scored);
    let tasks = input.tasks.iter().map(|task| {
        let runs: Vec<&RunScores> = runs.iter().filter(|run| run.task == *task).collect();
        let scored: Vec<&Scored<'_>> = scored.iter().filter(|one| one.task == task).collect();
        let over_tracks = over_tracks(bootstrap, &rows, &protocols, &scored);
        let table = |(level, measure)| score_table(level, measure, &rows, &protocols, &runs, &over_tracks);
        let tables: Vec<ScoreTable> = TABLES.map(table).into();
        let best = chosen.as_ref().and_then(|chosen| best(chosen, &protocols, &scored));
        let finding = best.as_ref().and_then(|best| finding(task, input.tasks.len(), best, &tables));
        TaskReport { task: task.clone(), finding, tables, best }
    });
    Ok(Report {
        banners: corpus::banners(&input.corpus, input.paper_corpus.as_deref()),
        format: REPORT_FORMAT,
        title: input.title.clone(),
        paper_corpus: input.paper_corpus.clone(),
        bootstrap: *bootstrap,
        command: input.command.clone(),
        corpus: corpus::grouped(&input.corpus),
        tasks: tasks.collect(),
        curves: curves(&rows, &protocols, input),
        differences: differences(&rows),
        grids: grids(&rows),
        histogram: input.histogram.as_ref().map(HistogramFacts::counted),
        embedding: input.embedding.as_ref().map(EmbeddingFacts::placed),
        notes: input.notes.clone(),
        protocols,
        rows,
        open_rows: input.open_rows.clone(),
        stages: input.stages.clone(),
        environment: input.environment.clone(),
        runs,
    })
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

/// The runs in the order of rows, protocols and seeds.
pub(super) fn runs_in_order<'a>(input: &'a ReportInput, rows: &[RowFacts]) -> Vec<&'a Run> {
    let mut runs: Vec<&Run> = input.runs.iter().collect();
    runs.sort_by_key(|run| {
        let row = rows.iter().position(|row| row.id == run.row);
        let protocol = input.protocols.iter().position(|facts| facts.protocol == run.protocol);
        (row, protocol, run.seed)
    });
    runs
}

fn score<'a>(input: &'a ReportInput, rows: &[RowFacts]) -> Result<Vec<Scored<'a>>, EvalError> {
    let runs = runs_in_order(input, rows);
    let pairs = input.tasks.iter().flat_map(|task| runs.iter().map(move |run| (task, *run)));
    pairs
        .map(|(task, run)| {
            let test = of_task(run, &run.predictions, task)?;
            let train = run.train_predictions.as_ref().map(|train| of_task(run, train, task)).transpose()?;
            let of = |level, (classes, rows): &TaskRows<'_>| Metrics::of(level, classes, rows);
            Ok(Scored {
                run,
                task,
                clip: of(Level::Clip, &test)?,
                track: of(Level::Track, &test)?,
                vote: of(Level::Vote, &test)?,
                sums: TrackSums::of(test.0, &test.1)?,
                train: train.map(|train| of(Level::Clip, &train)).transpose()?,
            })
        })
        .collect()
}

/// Classes and rows.
type TaskRows<'a> = (&'a [String], Vec<&'a Prediction>);

/// The classes and rows of a task: the classes are the predictions' own, whatever another protocol has.
fn of_task<'a>(run: &Run, predictions: &'a Predictions, task: &str) -> Result<TaskRows<'a>, EvalError> {
    let classes = predictions.classes.get(task).ok_or_else(|| EvalError::NoSuchTask {
        row: run.row.clone(),
        protocol: run.protocol,
        seed: run.seed,
        task: task.to_owned(),
        found: predictions.classes.keys().cloned().collect(),
    })?;
    Ok((classes, predictions.rows.iter().filter(|row| row.task == task).collect()))
}

fn run_scores(scored: &Scored<'_>) -> RunScores {
    let (run, source) = (scored.run, &scored.run.predictions.source);
    RunScores {
        row: run.row.clone(),
        protocol: run.protocol.name().to_owned(),
        seed: run.seed,
        task: scored.task.to_owned(),
        classes: run.predictions.classes.get(scored.task).cloned().unwrap_or_default(),
        predictions_file: run.predictions_file.clone(),
        model_digest: source.model_digest.clone(),
        split_digest: source.split_digest.clone(),
        shards_digest: source.shards_digest.clone(),
        clip: (&scored.clip).into(),
        track: (&scored.track).into(),
        vote: (&scored.vote).into(),
        train: scored.train.as_ref().map(Into::into),
    }
}
