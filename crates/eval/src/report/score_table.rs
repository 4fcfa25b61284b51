//! A table of one measure: a row an experiment, a column a protocol, and the leak.

use std::collections::BTreeMap;

use segno_dataset::Protocol;

use super::{
    gaps::gaps,
    input::RowFacts,
    model::{ProtocolEntry, RunScores},
    resampled::OverTracks,
    scores::{Measure, ScoreCell, ScoreRow, ScoreTable},
};
use crate::{
    metrics::Level,
    stats::{Summary, leak_points},
};

const LEAK: &str = "leak";
const SINGLE_SEED: &str = "a single seed: spread and interval are undefined";

/// The protocols that `published` is held against: those of them that the report has, `track` where it has neither.
pub(super) fn stricter(protocols: &[ProtocolEntry]) -> Vec<Protocol> {
    let has = |wanted: &Protocol| protocols.iter().any(|entry| entry.name == wanted.name());
    let found: Vec<Protocol> = [Protocol::Track, Protocol::ArtistOnce, Protocol::Artist].into_iter().filter(has).collect();
    if found.is_empty() { vec![Protocol::Track] } else { found }
}

pub(super) fn score_table(
    level: Level,
    measure: Measure,
    rows: &[RowFacts],
    protocols: &[ProtocolEntry],
    runs: &[&RunScores],
    over_tracks: &BTreeMap<Place<'_>, OverTracks>,
) -> ScoreTable {
    let scores = |row: &str, protocol: &str| -> Vec<(u64, Option<f64>)> {
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
    let classes =
        |row: &str, protocol: Protocol| runs.iter().find(|run| run.row == row && run.protocol == protocol.name()).map(|run| &run.classes);
    let resampled = |cell: ScoreCell, row, column| with_tracks(cell, level, measure, over_tracks.get(&(row, column)));
    let table: Vec<ScoreRow> = rows
        .iter()
        .map(|row| ScoreRow {
            row: row.id.clone(),
            cells: protocols
                .iter()
                .map(|entry| {
                    let cell = cell(&entry.name, measure, &scores(&row.id, &entry.name));
                    let train = trained(&row.id, &entry.name);
                    resampled(ScoreCell { train, ..cell }, row.id.as_str(), Column::Protocol(entry.name.as_str()))
                })
                .collect(),
            leaks: stricter(protocols)
                .into_iter()
                .map(|strict| {
                    let (high, low) = (scores(&row.id, Protocol::Published.name()), scores(&row.id, strict.name()));
                    let fewer = classes(&row.id, Protocol::Published).zip(classes(&row.id, strict)).is_some_and(|(all, left)| all != left);
                    resampled(leak_cell(strict, measure, fewer, &high, &low), row.id.as_str(), Column::Leak(strict.name()))
                })
                .collect(),
        })
        .collect();
    let gaps = gaps(&table, rows);
    ScoreTable { level, measure, rows: table, gaps }
}

/// The `id` of a row, and a column.
pub(super) type Place<'a> = (&'a str, Column<'a>);

/// A column of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column<'a> {
    /// The scores under a protocol.
    Protocol(&'a str),
    /// `published` against a stricter protocol.
    Leak(&'a str),
}

fn cell(column: &str, measure: Measure, by_seed: &BySeed) -> ScoreCell {
    let values: Vec<f64> = by_seed.iter().filter_map(|(_, value)| *value).collect();
    let reason = match (by_seed.len(), values.len()) {
        (0, _) => Some("not run under this protocol"),
        (runs, defined) if defined < runs => Some(measure.undefined()),
        (_, 1) => Some(SINGLE_SEED),
        _ => None,
    };
    ScoreCell { column: column.to_owned(), summary: Summary::of(&values), reason: reason.map(str::to_owned), ..ScoreCell::default() }
}

/// A seed each: its score, where it is defined.
type BySeed = [(u64, Option<f64>)];

/// None where `strict` scores `fewer` classes: they are easier to tell apart, so that a difference says nothing.
fn leak_cell(strict: Protocol, measure: Measure, fewer: bool, published: &BySeed, other: &BySeed) -> ScoreCell {
    let defined = |side: &BySeed| -> Vec<(u64, f64)> {
        let share = side.iter().filter(|_| measure.in_points() && !fewer);
        share.filter_map(|(seed, value)| Some((*seed, (*value)?))).collect()
    };
    let (high, low) = (defined(published), defined(other));
    let summary = leak_points(&high, &low);
    let reason = match (high.is_empty() || low.is_empty(), summary.n) {
        _ if fewer => Some(format!("{strict} leaves classes out that published has: another task, with no leak to be read from it")),
        _ if !measure.in_points() => Some(format!("{} is no share: its leak has no points", measure.name())),
        (true, _) => Some(format!("the leak needs runs under both published and {strict}")),
        (false, 0) => Some(format!("no seed was run under both published and {strict}")),
        (false, 1) => Some(SINGLE_SEED.to_owned()),
        _ => None,
    };
    ScoreCell { column: LEAK.to_owned(), against: Some(strict.name().to_owned()), summary, reason, ..ScoreCell::default() }
}

/// The cell with its interval over tracks, or with the reason why there is none.
fn with_tracks(cell: ScoreCell, level: Level, measure: Measure, found: Option<&OverTracks>) -> ScoreCell {
    let over_tracks = found.and_then(|found| found.interval(level, measure)).filter(|_| cell.summary.n > 0);
    let tracks = found.map_or(0, |found| found.tracks);
    let reason = match tracks {
        _ if cell.summary.n == 0 || over_tracks.is_some() => None,
        _ if measure.not_resampled().is_some() => measure.not_resampled(),
        0 | 1 => Some("no interval over tracks: a single one was tested"),
        _ => Some("no interval over tracks: undefined in more than 5 % of the resamples"),
    };
    ScoreCell { over_tracks, tracks, over_tracks_reason: reason.map(str::to_owned), ..cell }
}
