//! What a protocol does and what its splits let through, in words: for `segno split` and for the report.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use segno_dataset::{Folding, LeftOutLabel, Manifest, Part, Protocol, Split};
use segno_eval::report::{ProtocolFacts, Run};

use crate::experiment::Experiment;
use crate::layout::Layout;

/// How many names a sentence has before it counts the rest.
const NAMES: usize = 8;

/// What a protocol does, in a sentence.
fn description(protocol: Protocol, folds: u32) -> String {
    let text = match protocol {
        Protocol::Published => "Clips drawn at random, as the paper drew them: clips of one track land on both sides, so the figure leaks.",
        Protocol::Track => "No track on two sides, stratified by label; byte-identical copies stay together.",
        Protocol::ArtistOnce => {
            "No artist on two sides, drawn once; stratified by label as far as artists allow; byte-identical copies stay together."
        }
        Protocol::Artist => {
            return format!(
                "No artist on two sides, in {folds} folds that test every track once and are scored together; stratified by label as far \
                 as artists allow; byte-identical copies and the near duplicates of an audit stay together."
            );
        }
        Protocol::FaultFiltered => "The corpus's public split with faulty and repeated tracks left out; it is not free of shared artists.",
    };
    text.to_owned()
}

/// A protocol and what to know of its splits, for the report.
///
/// # Errors
/// The split of a run cannot be read.
pub fn facts(layout: &Layout, experiment: &Experiment, manifest: &Manifest, protocol: Protocol, runs: &[Run]) -> Result<ProtocolFacts> {
    let seeds: BTreeSet<u64> = runs.iter().filter(|run| run.protocol == protocol).map(|run| run.seed).collect();
    let mut notes = vec![];
    for seed in seeds {
        for fold in experiment.folds_of(protocol)? {
            let split = Split::read(&layout.split(protocol, seed, fold))?;
            if let Some(folding) = &split.folding {
                // The same for every seed and fold, so told once.
                let once = folding_notes(folding).into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>();
                notes.splice(0..0, once);
            }
            let [train, valid, test] = Part::ALL.map(|part| split.part(part).count());
            let which = fold.map_or_else(|| format!("seed {seed}"), |fold| format!("seed {seed}, fold {} of {}", fold.index(), fold.of()));
            notes.push(format!("{which}: {train} / {valid} / {test} clips; {}", leaks(&split, manifest)));
            for (task, classes) in missing(&split, manifest, &experiment.tasks) {
                notes.push(format!(
                    "{which}: no training clip is of {task} {}: their test clips cannot be answered right",
                    classes.join(", ")
                ));
            }
        }
    }
    if notes.is_empty() {
        notes.push("not run: one of its parts has no clips in this corpus, or no row was asked for".to_owned());
    } else if protocol.has_folds() {
        notes.push("no learning curves and no accuracy of training: each fold has its own, and they cannot be scored together".to_owned());
    }
    Ok(ProtocolFacts { protocol, description: description(protocol, experiment.folds), notes })
}

/// What a protocol with folds left out and kept together: the same for each of its folds.
pub fn folding_notes(folding: &Folding) -> Vec<String> {
    let mut notes: Vec<String> = left_out_note(folding).into_iter().collect();
    notes.push(match &folding.near_duplicates {
        None => "near duplicates were not looked for: run `segno audit`, then `segno split` again".to_owned(),
        Some(table) => {
            let digest: String = table.digest.chars().take(12).collect();
            format!("{} of near duplicates of an audit kept together (table {digest})", counted(table.pairs, "pair"))
        }
    });
    notes
}

/// Of each protocol with folds that was run (protocol and seed of a run) what its splits left out: the same for every row, seed and fold.
///
/// # Errors
/// The split of a run cannot be read.
pub fn left_out(layout: &Layout, experiment: &Experiment, runs: impl Iterator<Item = (Protocol, u64)>) -> Result<Vec<(Protocol, Folding)>> {
    let mut found: Vec<(Protocol, Folding)> = vec![];
    for (protocol, seed) in runs.filter(|(protocol, _)| protocol.has_folds()) {
        if found.iter().all(|(known, _)| *known != protocol) {
            let split = Split::read(&layout.split(protocol, seed, experiment.folds_of(protocol)?[0]))?;
            found.extend(split.folding.map(|folding| (protocol, folding)));
        }
    }
    Ok(found)
}

/// The labels that a protocol with folds left out, where there are any.
pub fn left_out_note(folding: &Folding) -> Option<String> {
    let LeftOutLabel { task, .. } = folding.left_out.first()?;
    let labels: Vec<String> = folding.left_out.iter().map(|LeftOutLabel { label, artists, .. }| format!("{label} ({artists})")).collect();
    Some(format!(
        "left out whole, with fewer artists than the {} folds: {task} {}; neither trained on nor tested",
        folding.fold.of(),
        labels.join(", ")
    ))
}

/// How many test tracks training has something of.
pub fn leaks(split: &Split, manifest: &Manifest) -> String {
    let tested = split.part(Part::Test).map(|row| row.track_id.as_str()).collect::<BTreeSet<_>>().len();
    let recordings = split.shared_recordings(manifest);
    let artists = split.shared_artists(manifest, Part::Test, Part::Train);
    let shared: usize = artists.values().sum();
    let names = if artists.is_empty() { String::new() } else { format!(" ({})", names(&artists)) };
    format!("of {} {recordings} have a clip or a byte-identical copy in training, {shared} an artist{names}", counted(tested, "test track"))
}

/// Task → its classes that no training clip has, where there are such.
pub fn missing(split: &Split, manifest: &Manifest, tasks: &[String]) -> BTreeMap<String, Vec<String>> {
    let missing = tasks.iter().map(|task| (task.clone(), split.classes_missing_from_train(manifest, task)));
    missing.filter(|(_, classes)| !classes.is_empty()).collect()
}

/// `Burning Spear 7, Anthrax 2 and 3 more`: those with the most tracks.
fn names(artists: &BTreeMap<String, usize>) -> String {
    let mut order: Vec<(&String, &usize)> = artists.iter().collect();
    order.sort_by_key(|(_, n)| std::cmp::Reverse(**n)); // stable: equals stay in the order of their names
    let named: Vec<String> = order.iter().take(NAMES).map(|(name, n)| format!("{name} {n}")).collect();
    let rest = order.len().saturating_sub(NAMES);
    if rest == 0 { named.join(", ") } else { format!("{} and {rest} more", named.join(", ")) }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use segno_dataset::{Fold, NearDuplicates};

    use super::*;

    #[test]
    fn what_was_left_out_and_looked_for_is_said() {
        let left_out = vec![LeftOutLabel { task: "genre".into(), label: "blues".into(), artists: 1 }];
        let folding = Folding { fold: Fold::new(1, 5).unwrap(), left_out, near_duplicates: None };
        let notes = folding_notes(&folding).join("\n");
        assert!(notes.contains("fewer artists than the 5 folds: genre blues (1);") && notes.contains("not looked for"), "{notes}");
        let near_duplicates = Some(NearDuplicates { pairs: 1, digest: "0123456789abcdef".into() });
        let notes = folding_notes(&Folding { left_out: vec![], near_duplicates, ..folding });
        assert_eq!(notes, ["1 pair of near duplicates of an audit kept together (table 0123456789ab)"]);
    }

    #[test]
    fn artists_with_most_tracks_are_named_first() {
        let artists: BTreeMap<String, usize> = (0..10).map(|n| (format!("a{n}"), n)).collect();
        assert_eq!(names(&artists), "a9 9, a8 8, a7 7, a6 6, a5 5, a4 4, a3 3, a2 2 and 2 more");
        assert_eq!(names(&[("B".to_owned(), 2), ("A".to_owned(), 2)].into()), "A 2, B 2");
    }
}
