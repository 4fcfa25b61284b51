//! The model looked at closely, and what it shows.

use segno_dataset::Protocol;

use super::{
    build::Scored,
    input::RowFacts,
    model::{BestModel, Pooled, ProtocolEntry, Report},
    text,
};
use crate::{
    metrics::{Confusion, Metrics},
    stats::Summary,
};

/// The row of the highest mean clip accuracy under `published`, or under the first protocol that was run at all.
pub(super) fn best(rows: &[RowFacts], protocols: &[ProtocolEntry], scored: &[Scored<'_>]) -> Option<BestModel> {
    let of = |row: &str, protocol: &str| -> Vec<&Scored<'_>> {
        scored.iter().filter(|one| one.run.row == row && one.run.protocol.name() == protocol).collect()
    };
    let accuracy = |row: &RowFacts, protocol: &str| {
        let values: Vec<f64> = of(&row.id, protocol).iter().filter_map(|one| one.clip.accuracy).collect();
        Summary::of(&values).mean
    };
    let published = protocols.iter().filter(|entry| entry.name == Protocol::Published.name());
    let others = protocols.iter().filter(|entry| entry.name != Protocol::Published.name());
    let chosen_under = &published.chain(others).find(|entry| rows.iter().any(|row| accuracy(row, &entry.name).is_some()))?.name;
    let mut best: Option<(&RowFacts, f64)> = None;
    for row in rows {
        if let Some(accuracy) = accuracy(row, chosen_under).filter(|&found| best.is_none_or(|(_, highest)| found > highest)) {
            best = Some((row, accuracy));
        }
    }
    let (row, accuracy) = best?;
    let pooled = protocols.iter().filter_map(|entry| {
        let runs = of(&row.id, &entry.name);
        let sum = runs.iter().map(|one| one.clip.confusion.clone()).reduce(|sum, next| Confusion::merged(sum, &next))?;
        Some(Pooled {
            protocol: entry.name.clone(),
            seeds: runs.iter().map(|one| one.run.seed).collect(),
            metrics: Metrics::from_confusion(sum),
        })
    });
    Some(BestModel {
        row: row.id.clone(),
        label: row.label.clone(),
        chosen_under: chosen_under.clone(),
        accuracy,
        protocols: pooled.collect(),
    })
}

/// The best model's leak in a sentence, where both protocols were run.
pub(super) fn finding(report: &Report) -> Option<String> {
    let best = report.best.as_ref()?;
    let row = report.tables.first()?.rows.iter().find(|row| row.row == best.row)?;
    let mean = |protocol: Protocol| row.cells.iter().find(|cell| cell.column == protocol.name())?.summary.mean;
    let (published, track, leak) = (mean(Protocol::Published)?, mean(Protocol::Track)?, row.leak.summary.mean?);
    let ends = row.leak.summary.interval;
    let interval =
        text::interval(ends, 1).map_or_else(|| "no interval from a single seed".to_owned(), |ends| format!("95 % interval {ends}"));
    let told_from_none = ends.is_none_or(|ends| !ends.contains(0.0));
    Some(format!(
        "{} answers {} of the test clips rightly when clips are split at random, and {} when no track is on two sides of the \
         split: a leak of {} points ({interval}, {}){}.",
        best.label,
        text::fraction(Some(published)),
        text::fraction(Some(track)),
        text::decimals(leak, 1),
        text::counted(row.leak.summary.n, "seed", "seeds"),
        if told_from_none { "" } else { ", which so few seeds cannot tell from none" },
    ))
}
