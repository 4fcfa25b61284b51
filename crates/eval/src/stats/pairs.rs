//! Two models' predictions put side by side: clip by clip, or track by track where they cut tracks differently.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::{Prediction, Predictions, Protocol};

use crate::{
    EvalError,
    metrics::{Level, judge},
};

/// An item that both models have answered.
pub(super) struct Item<'a> {
    pub(super) track_id: &'a str,
    pub(super) a: bool,
    pub(super) b: bool,
}

/// What two models' answers have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// Both answer the same clips.
    Clips,
    /// They cut the same tracks differently, into clips of 3 s and of 9 s, or not at all: they can be paired by track alone.
    Tracks,
}

/// How many clips both models answered (of the one with fewer, where they differ in that), and the items of them.
pub(super) fn items_of_seed<'a>(
    a: &'a Predictions,
    b: &'a Predictions,
    task: &str,
    level: Level,
    pairing: Pairing,
) -> Result<(u64, Vec<Item<'a>>), EvalError> {
    let [rows_a, rows_b] = [rows(a, task)?, rows(b, task)?];
    if level != Level::Clip && pairing == Pairing::Tracks {
        same_tracks(a, [&rows_a, &rows_b])?;
    } else {
        same_clips(a, &rows_a, &rows_b)?;
    }
    let [right_a, right_b] = [right(a, task, level, &rows_a)?, right(b, task, level, &rows_b)?];
    let items = right_a.into_iter().zip(right_b).map(|((track_id, a), (_, b))| Item { track_id, a, b });
    Ok((rows_a.len().min(rows_b.len()) as u64, items.collect()))
}

pub(super) type BySeed<'a> = BTreeMap<u64, &'a Predictions>;

/// The two sides by seed, and the protocol of all of them.
pub(super) fn by_seed<'a>(sides: [&[&'a Predictions]; 2]) -> Result<(Protocol, [BySeed<'a>; 2]), EvalError> {
    let protocols: BTreeSet<Protocol> = sides.into_iter().flatten().map(|predictions| predictions.source.protocol).collect();
    let protocol = match Vec::from_iter(protocols).as_slice() {
        [one] => *one,
        found => return Err(EvalError::NotOneProtocol { found: found.to_vec() }),
    };
    let mut found = [BySeed::new(), BySeed::new()];
    for (place, side) in sides.into_iter().enumerate() {
        for predictions in side {
            let seed = predictions.source.seed;
            if found[place].insert(seed, predictions).is_some() {
                return Err(EvalError::RepeatedSeed { protocol, seed, experiment: predictions.source.experiment.clone() });
            }
        }
    }
    Ok((protocol, found))
}

/// The rows of a task, by clip.
fn rows<'a>(predictions: &'a Predictions, task: &str) -> Result<Vec<&'a Prediction>, EvalError> {
    let mut rows: Vec<&Prediction> = predictions.rows.iter().filter(|row| row.task == task).collect();
    rows.sort_by(|one, other| one.clip_id.cmp(&other.clip_id));
    if rows.is_empty() { Err(no_such_task(predictions, task)) } else { Ok(rows) }
}

fn no_such_task(predictions: &Predictions, task: &str) -> EvalError {
    let source = &predictions.source;
    EvalError::NoSuchTask {
        row: source.experiment.clone(),
        protocol: source.protocol,
        seed: source.seed,
        task: task.to_owned(),
        found: predictions.classes.keys().cloned().collect(),
    }
}

/// Whether both sides have the same tracks, each with one label.
fn same_tracks(source: &Predictions, sides: [&[&Prediction]; 2]) -> Result<(), EvalError> {
    let differ = |track_id: &str, found: String| {
        let (protocol, seed) = (source.source.protocol, source.source.seed);
        Err(EvalError::UnpairedTrack { protocol, seed, track_id: track_id.to_owned(), found })
    };
    let [a, b] = sides.map(|side| {
        let label = |row: &&Prediction| (row.track_id.clone(), row.true_label.clone());
        side.iter().map(label).collect::<BTreeMap<String, String>>()
    });
    if let Some((track_id, _)) = a.iter().find(|(track, _)| !b.contains_key(*track)) {
        return differ(track_id, format!("the first model has {} tracks, this among them, the second {} without it", a.len(), b.len()));
    }
    if let Some((track_id, _)) = b.iter().find(|(track, _)| !a.contains_key(*track)) {
        return differ(track_id, format!("the second model has {} tracks, this among them, the first {} without it", b.len(), a.len()));
    }
    let other = sides.into_iter().flatten().find(|row| a[&row.track_id] != row.true_label || b[&row.track_id] != row.true_label);
    other.map_or(Ok(()), |row| differ(&row.track_id, format!("it has the labels `{}` and `{}`", a[&row.track_id], b[&row.track_id])))
}

fn same_clips(source: &Predictions, a: &[&Prediction], b: &[&Prediction]) -> Result<(), EvalError> {
    let differ = |clip_id: &str, found: String| {
        let (protocol, seed) = (source.source.protocol, source.source.seed);
        Err(EvalError::UnpairedClip { protocol, seed, clip_id: clip_id.to_owned(), found })
    };
    let [ids_a, ids_b] = [a, b].map(|rows| rows.iter().map(|row| row.clip_id.as_str()).collect::<BTreeSet<_>>());
    if let Some(clip_id) = ids_a.symmetric_difference(&ids_b).next() {
        let (with, n, without, m) =
            if ids_a.contains(clip_id) { ("first", a.len(), "second", b.len()) } else { ("second", b.len(), "first", a.len()) };
        return differ(clip_id, format!("it is among the {n} clips of the {with} model and not among the {m} of the {without}"));
    }
    for (one, other) in a.iter().zip(b) {
        if (&one.true_label, &one.track_id) != (&other.true_label, &other.track_id) {
            let told = |row: &Prediction| format!("track `{}`, label `{}`", row.track_id, row.true_label);
            return differ(&one.clip_id, format!("it is of {} for the first model and of {} for the second", told(one), told(other)));
        }
    }
    Ok(())
}

/// Each item's track, and whether it was answered rightly; in an order that clips alone decide.
fn right<'a>(source: &'a Predictions, task: &str, level: Level, rows: &[&'a Prediction]) -> Result<Vec<(&'a str, bool)>, EvalError> {
    let classes = source.classes.get(task).ok_or_else(|| no_such_task(source, task))?;
    judge::check(classes, rows)?;
    Ok(judge::items(level, classes, rows)?.into_iter().map(|item| (item.track_id, classes[item.answer] == item.truth)).collect())
}
