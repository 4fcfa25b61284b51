//! A table of one measure: a row an experiment, a column a protocol, and the leak.

use segno_dataset::Protocol;

use super::{
    input::RowFacts,
    model::{ProtocolEntry, RunScores},
    scores::{Measure, ScoreCell, ScoreRow, ScoreTable},
};
use crate::{
    metrics::Level,
    stats::{Summary, leak_points},
};

const LEAK: &str = "leak";

/// The protocols that `published` is held against: those of them that the report has, `track` where it has neither.
pub(super) fn stricter(protocols: &[ProtocolEntry]) -> Vec<Protocol> {
    let has = |wanted: &Protocol| protocols.iter().any(|entry| entry.name == wanted.name());
    let found: Vec<Protocol> = [Protocol::Track, Protocol::ArtistOnce].into_iter().filter(has).collect();
    if found.is_empty() { vec![Protocol::Track] } else { found }
}

pub(super) fn score_table(
    level: Level,
    measure: Measure,
    rows: &[RowFacts],
    protocols: &[ProtocolEntry],
    runs: &[&RunScores],
) -> ScoreTable {
    let by_seed = |row: &str, protocol: &str| -> Vec<(u64, Option<f64>)> {
        runs.iter()
            .filter(|run| run.row == row && run.protocol == protocol)
            .map(|run| {
                let scores = match level {
                    Level::Clip => &run.clip,
                    Level::Track => &run.track,
                    Level::Vote => &run.vote,
                };
                (run.seed, measure.of(scores))
            })
            .collect()
    };
    // Of the training part clips alone are scored, as the paper does.
    let trained = |row: &str, protocol: &str| {
        let here = runs.iter().filter(|run| level == Level::Clip && run.row == row && run.protocol == protocol);
        let values: Vec<f64> = here.filter_map(|run| measure.of(run.train.as_ref()?)).collect();
        (!values.is_empty()).then(|| Summary::of(&values))
    };
    let table: Vec<ScoreRow> = rows
        .iter()
        .map(|row| ScoreRow {
            row: row.id.clone(),
            cells: protocols
                .iter()
                .map(|entry| ScoreCell { train: trained(&row.id, &entry.name), ..cell(&entry.name, &by_seed(&row.id, &entry.name)) })
                .collect(),
            leaks: stricter(protocols)
                .into_iter()
                .map(|strict| leak_cell(strict, &by_seed(&row.id, Protocol::Published.name()), &by_seed(&row.id, strict.name())))
                .collect(),
        })
        .collect();
    let gaps = gaps(&table, rows);
    ScoreTable { level, measure, rows: table, gaps }
}

fn cell(column: &str, by_seed: &[(u64, Option<f64>)]) -> ScoreCell {
    let values: Vec<f64> = by_seed.iter().filter_map(|(_, value)| *value).collect();
    let reason = match (by_seed.len(), values.len()) {
        (0, _) => Some("not run under this protocol"),
        (runs, defined) if defined < runs => Some("undefined for some seeds: their test part is empty"),
        (_, 1) => Some("a single seed: spread and interval are undefined"),
        _ => None,
    };
    let (column, reason) = (column.to_owned(), reason.map(str::to_owned));
    ScoreCell { column, against: None, summary: Summary::of(&values), train: None, reason }
}

fn leak_cell(strict: Protocol, published: &[(u64, Option<f64>)], other: &[(u64, Option<f64>)]) -> ScoreCell {
    let defined =
        |side: &[(u64, Option<f64>)]| -> Vec<(u64, f64)> { side.iter().filter_map(|(seed, value)| Some((*seed, (*value)?))).collect() };
    let (high, low) = (defined(published), defined(other));
    let summary = leak_points(&high, &low);
    let reason = match (high.is_empty() || low.is_empty(), summary.n) {
        (true, _) => Some(format!("the leak needs runs under both published and {strict}")),
        (false, 0) => Some(format!("no seed was run under both published and {strict}")),
        (false, 1) => Some("a single seed: spread and interval are undefined".to_owned()),
        _ => None,
    };
    ScoreCell { column: LEAK.to_owned(), against: Some(strict.name().to_owned()), summary, train: None, reason }
}

/// Columns, each with the labels of its rows.
type Places<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// Each reason once, with where it applies: `track, leak: every row`, `fault-filtered: RNN 1×125`.
fn gaps(rows: &[ScoreRow], facts: &[RowFacts]) -> Vec<(String, String)> {
    let mut reasons: Vec<(&str, Places<'_>)> = Vec::new();
    for (row, facts) in rows.iter().zip(facts) {
        for cell in row.cells.iter().chain(&row.leaks) {
            let Some(reason) = cell.reason.as_deref() else { continue };
            let columns = match reasons.iter().position(|(known, _)| *known == reason) {
                Some(index) => &mut reasons[index].1,
                None => {
                    reasons.push((reason, Vec::new()));
                    let last = reasons.len() - 1;
                    &mut reasons[last].1
                }
            };
            match columns.iter_mut().find(|(column, _)| *column == cell.column) {
                Some((_, labels)) => labels.push(&facts.label),
                None => columns.push((&cell.column, vec![&facts.label])),
            }
        }
    }
    let place = |ids: &[&str]| if ids.len() == rows.len() { "every row".to_owned() } else { ids.join(", ") };
    reasons
        .into_iter()
        .map(|(reason, columns)| {
            let mut places: Vec<(String, Vec<&str>)> = Vec::new();
            for (column, ids) in columns {
                let ids = place(&ids);
                match places.iter_mut().find(|(known, _)| *known == ids) {
                    Some((_, columns)) => columns.push(column),
                    None => places.push((ids, vec![column])),
                }
            }
            let places: Vec<String> = places.into_iter().map(|(ids, columns)| format!("{}: {ids}", columns.join(", "))).collect();
            (reason.to_owned(), places.join("; "))
        })
        .collect()
}
