//! A task's classes, and which of the table's tracks are of them.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use segno_dataset::{CrossFolds, CrossPlan, Duplicates, LeftOutLabel, Manifest, Part, Protocol};
use segno_models::TaskClasses;

use super::{Data, Table};

/// A task's classes and labels, and the labels that are no classes of it: those that too few groups have tracks of, which can be
/// neither tested nor trusted; under `fault-filtered`, where tracks without a public split have no part, those that no track of its
/// train and valid parts has.
///
/// # Errors
/// No track that could be heard has a label; fewer than two classes; no track to test.
pub fn of_task<'a>(
    table: &'a Table,
    manifest: &'a Manifest,
    near: Option<&'a Duplicates>,
    plan: &CrossPlan<'_>,
) -> Result<(Data<'a>, Vec<LeftOutLabel>)> {
    let is_public = plan.protocol == Protocol::FaultFiltered;
    let has_part = |track: &str| !is_public || part(manifest, track).is_some();
    let tracks: Vec<&str> =
        table.tracks.iter().map(String::as_str).filter(|track| manifest.label(track, plan.task).is_some() && has_part(track)).collect();
    ensure!(!tracks.is_empty(), "no track that could be heard has a {}", plan.task);
    let mut left_out = if is_public { vec![] } else { CrossFolds::draw(plan, near, manifest, &tracks)?.left_out };
    // Tracks of each label that are there to learn from; of a label whose tracks could not be heard there are none.
    let mut learnt: BTreeMap<String, usize> = manifest.classes(plan.task).into_iter().map(|label| (label, 0)).collect();
    for track in tracks.iter().filter(|track| !is_public || part(manifest, track) != Some(Part::Test)) {
        *learnt.entry(manifest.label(track, plan.task).unwrap_or_default().to_owned()).or_default() += 1;
    }
    let none = learnt.iter().filter(|(_, n)| **n == 0);
    left_out.extend(none.map(|(label, _)| LeftOutLabel { task: plan.task.to_owned(), label: label.clone(), artists: 0 }));
    let classes: Vec<String> = learnt.into_keys().filter(|class| left_out.iter().all(|label| label.label != *class)).collect();
    ensure!(
        classes.len() > 1,
        "fewer than two classes of {} have tracks to learn from: {} left out",
        plan.task,
        left_out.iter().map(|label| label.label.as_str()).collect::<Vec<_>>().join(", ")
    );
    let class_of = |track: &String| {
        let label = manifest.label(track, plan.task).filter(|_| has_part(track))?;
        classes.binary_search_by(|class| class.as_str().cmp(label)).ok()
    };
    let labels = table.tracks.iter().map(class_of).collect();
    Ok((Data { table, manifest, near, labels, task: TaskClasses { task: plan.task.to_owned(), classes } }, left_out))
}

/// Tracks of the task with an earlier track of the same bytes and another class.
pub fn contradictions<'a>(data: &'a Data<'_>) -> Vec<(&'a str, &'a str)> {
    let of_task = data.table.tracks.iter().zip(&data.labels).filter_map(|(track, label)| Some((track.as_str(), (*label)?)));
    let class_of: BTreeMap<&str, usize> = of_task.collect();
    let pair = |(track, class): (&&'a str, &usize)| {
        let original = data.manifest.track(track)?.duplicate_of.as_deref()?;
        class_of.get(original).is_some_and(|of| of != class).then_some((*track, original))
    };
    class_of.iter().filter_map(pair).collect()
}

/// Where the corpus's own public split has a track.
pub fn part(manifest: &Manifest, track: &str) -> Option<Part> {
    manifest.track(track)?.public_split
}
