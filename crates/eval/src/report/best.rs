//! The model looked at closely, and what it shows.

use segno_dataset::Protocol;

use super::{
    build::Scored,
    input::RowFacts,
    model::{BestModel, Pooled, ProtocolEntry},
    scores::{Measure, ScoreCell, ScoreTable},
    text,
};
use crate::{
    metrics::{Level, Metrics},
    stats::Summary,
};

/// The families of rows that a paper's are to be seen beside.
const SANITY: &str = "sanity";
const OURS: &str = "ours";

/// The row that is looked at closely, and the protocol that it was chosen under.
pub(super) struct Chosen {
    row: RowFacts,
    under: String,
}

/// The row of the highest mean clip accuracy at `task` under `published`, or, with none there, of the highest mean track accuracy under the
/// first protocol that was run at all, where rows may cut tracks differently; a variant of ours or a sanity row only where no row of the
/// paper's was run.
pub(super) fn choose(task: &str, rows: &[RowFacts], protocols: &[ProtocolEntry], scored: &[Scored<'_>]) -> Option<Chosen> {
    let accuracy = |row: &RowFacts, protocol: &str| {
        let here = scored.iter().filter(|one| one.task == task && one.run.row == row.id && one.run.protocol.name() == protocol);
        mean_accuracy(here, protocol)
    };
    let published = protocols.iter().filter(|entry| entry.name == Protocol::Published.name());
    let others = protocols.iter().filter(|entry| entry.name != Protocol::Published.name());
    let under = &published.chain(others).find(|entry| rows.iter().any(|row| accuracy(row, &entry.name).is_some()))?.name;
    let is_ours = |row: &RowFacts| row.variant_of.is_some() || row.family == SANITY;
    let highest = |ours: bool| {
        let mut best: Option<(&RowFacts, f64)> = None;
        for row in rows.iter().filter(|row| is_ours(row) == ours) {
            if let Some(accuracy) = accuracy(row, under).filter(|&found| best.is_none_or(|(_, highest)| found > highest)) {
                best = Some((row, accuracy));
            }
        }
        best
    };
    highest(false).or_else(|| highest(true)).map(|(row, _)| Chosen { row: row.clone(), under: under.clone() })
}

/// Of clips under `published`, where all rows have the same; of tracks elsewhere.
fn mean_accuracy<'a>(scored: impl Iterator<Item = &'a Scored<'a>>, protocol: &str) -> Option<f64> {
    let by_clip = protocol == Protocol::Published.name();
    let values: Vec<f64> = scored.filter_map(|one| if by_clip { one.clip.accuracy } else { one.track.accuracy }).collect();
    Summary::of(&values).mean
}

/// The chosen row at the task that `scored` is of, its seeds added up.
pub(super) fn best(chosen: &Chosen, protocols: &[ProtocolEntry], scored: &[&Scored<'_>]) -> Option<BestModel> {
    let of = |protocol: &str| -> Vec<&Scored<'_>> {
        scored.iter().copied().filter(|one| one.run.row == chosen.row.id && one.run.protocol.name() == protocol).collect()
    };
    let pooled = protocols.iter().filter_map(|entry| {
        let runs = of(&entry.name);
        Some(Pooled {
            protocol: entry.name.clone(),
            seeds: runs.iter().map(|one| one.run.seed).collect(),
            metrics: added(runs.iter().map(|one| &one.clip))?,
            track: added(runs.iter().map(|one| &one.track))?,
            vote: added(runs.iter().map(|one| &one.vote))?,
        })
    });
    Some(BestModel {
        row: chosen.row.id.clone(),
        label: chosen.row.label.clone(),
        chosen_under: chosen.under.clone(),
        of_paper: chosen.row.variant_of.is_none() && ![SANITY, OURS].contains(&chosen.row.family.as_str()),
        accuracy: mean_accuracy(of(&chosen.under).into_iter(), &chosen.under)?,
        protocols: pooled.collect(),
    })
}

fn added<'a>(mut all: impl Iterator<Item = &'a Metrics>) -> Option<Metrics> {
    let first = all.next()?.clone();
    Some(all.fold(first, |sum, next| sum.merged(next)))
}

/// The leak of the model looked at closely, in a sentence or two, where both protocols were run.
pub(super) fn finding(task: &str, of_tasks: usize, best: &BestModel, tables: &[ScoreTable]) -> Option<String> {
    let of = |level| tables.iter().find(|table| (table.level, table.measure) == (level, Measure::Accuracy));
    let row = |level| of(level)?.rows.iter().find(|row| row.row == best.row);
    let mean = |level, protocol: &str| row(level)?.cells.iter().find(|cell| cell.column == protocol)?.summary.mean;
    let leak = row(Level::Clip)?.leaks.iter().find(|leak| leak.summary.mean.is_some())?;
    let against = leak.against.as_deref()?;
    let (published, points) = (Protocol::Published.name(), leak.summary.mean?);
    let apart = if against == Protocol::Track.name() { "track" } else { "artist" };
    let task = if of_tasks > 1 { format!("{}: ", text::capitalised(task)) } else { String::new() };
    let clips = format!(
        "{task}{} answers {} of the test clips rightly when clips are split at random, and {} when no {apart} is on two sides of the \
         split: a leak of {} points ({}).",
        best.label,
        text::fraction(Some(mean(Level::Clip, published)?)),
        text::fraction(Some(mean(Level::Clip, against)?)),
        text::decimals(points, 1),
        how_sure(leak),
    );
    let by_track = mean(Level::Track, published).zip(mean(Level::Track, against)).map_or_else(String::new, |(high, low)| {
        format!(
            " Track by track, by the mean of a track's probabilities, the two are {} and {}.",
            text::fraction(Some(high)),
            text::fraction(Some(low))
        )
    });
    Some(clips + &by_track)
}

/// Both intervals of a leak, and whether they tell it from none.
fn how_sure(leak: &ScoreCell) -> String {
    let ends = leak.summary.interval;
    let none = ends.is_some_and(|ends| ends.contains(0.0));
    let seeds = text::interval(ends, 1).map_or_else(
        || "no interval from a single seed".to_owned(),
        |ends| {
            let unsure = if none { ", which so few seeds cannot tell from none" } else { "" };
            format!("95 % interval {ends} over {}{unsure}", text::counted(leak.summary.n, "seed", "seeds"))
        },
    );
    let tracks = text::interval(leak.over_tracks, 1).map(|ends| format!("; {ends} over {}", text::counted(leak.tracks, "track", "tracks")));
    seeds + &tracks.unwrap_or_default()
}
