//! The audit in a few lines.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::Kind;
use crate::model::{Audit, Siblings, SplitAudit};

/// The audit as a short table: kinds down, protocols across, and in each cell how many test tracks have a sibling in
/// training, least to most over the splits of the protocol.
pub fn table(audit: &Audit) -> String {
    let mut text = format!("audit of {}: {} tracks take part", audit.corpus, audit.tracks);
    let silent = audit.tracks - audit.heard;
    let _ = match (audit.heard, silent) {
        (0, _) => writeln!(text, "; none was listened to, so identical audio and near duplicates are not known"),
        (_, 0) => writeln!(text, ", all were listened to"),
        (heard, _) => writeln!(text, ", {heard} were listened to, {} could not be decoded", audit.undecodable.len()),
    };
    let protocols = by_protocol(audit);
    if !protocols.is_empty() {
        text += "by protocol: test tracks with a sibling in training, least to most over its splits; a kind of duplicate counts the stricter too\n";
    }
    let mut rows = vec![header(&protocols)];
    for kind in Kind::SIDES {
        let siblings = |split: &SplitAudit| {
            split.kinds.iter().find(|touched| touched.kind == kind).map(|touched| touched.siblings).unwrap_or_default()
        };
        let count = match kind {
            Kind::SameTrack => String::new(),
            _ => counted(audit, kind),
        };
        rows.push(row(kind.name(), count, &protocols, siblings));
    }
    rows.push(row("the recording", String::new(), &protocols, |split| split.recording));
    rows.push(row("anything", String::new(), &protocols, |split| split.any));
    rows.push(vec![Kind::LabelConflict.name().to_owned(), counted(audit, Kind::LabelConflict)]);
    text += &aligned(&rows);
    text
}

/// A count with its unit.
pub(crate) fn counted(audit: &Audit, kind: Kind) -> String {
    let n = audit.found.iter().find(|found| found.kind == kind).map_or(0, |found| found.count);
    let unit = match (kind, n) {
        (Kind::SameSong | Kind::SameTitle | Kind::SameArtist, 1) => "group",
        (Kind::SameSong | Kind::SameTitle | Kind::SameArtist, _) => "groups",
        (_, 1) => "pair",
        _ => "pairs",
    };
    format!("{n} {unit}")
}

fn by_protocol(audit: &Audit) -> BTreeMap<&str, Vec<&SplitAudit>> {
    let mut protocols: BTreeMap<&str, Vec<&SplitAudit>> = BTreeMap::new();
    for split in &audit.splits {
        protocols.entry(&split.protocol).or_default().push(split);
    }
    protocols
}

fn header(protocols: &BTreeMap<&str, Vec<&SplitAudit>>) -> Vec<String> {
    let mut cells = vec!["kind".to_owned(), "in the corpus".to_owned()];
    cells.extend(protocols.iter().map(|(name, splits)| {
        let tracks = range(splits.iter().map(|split| split.test_tracks));
        match splits.len() {
            1 => format!("{name} (of {tracks})"),
            n => format!("{name} x{n} (of {tracks})"),
        }
    }));
    cells
}

fn row(name: &str, count: String, protocols: &BTreeMap<&str, Vec<&SplitAudit>>, of: impl Fn(&SplitAudit) -> Siblings) -> Vec<String> {
    let cell = |splits: &Vec<&SplitAudit>| range(splits.iter().map(|split| of(split).train_tracks));
    [name.to_owned(), count].into_iter().chain(protocols.values().map(cell)).collect()
}

/// Least to most.
fn range(values: impl Iterator<Item = usize> + Clone) -> String {
    match (values.clone().min(), values.max()) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most}"),
        (least, _) => least.unwrap_or(0).to_string(),
    }
}

fn aligned(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
