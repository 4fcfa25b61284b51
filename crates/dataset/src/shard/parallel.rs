//! All parts, written in parallel: what is there already is kept, what does not belong is removed.

use std::{
    collections::BTreeSet,
    ops::ControlFlow,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rayon::prelude::*;
use segno_store::{Store, StoreError};

use super::{Parts, ShardHeader, ShardPart, ShardWriter, part_name, set::open_footer};
use crate::{DatasetError, Track};

/// Extracts the features of `tracks` into the parts of `cut`, on every thread of rayon's current pool.
///
/// `init` makes a thread's own state (a decoder, an FFT plan); `fill` pushes a track's clips, or notes with
/// [`ShardWriter::fail`] why it has none; `on_done` is told how many more tracks are done, and may break: the parts at hand
/// are finished then, and no more are begun. Parts of this header and
/// these tracks that are there already are kept, other files `part-*` in the store are removed. A part's bytes depend on
/// its tracks and the header alone: jobs with a [`Share`](crate::Share) each, on one machine or many, write what one job with all of it
/// would. Returns how many parts were written.
///
/// # Errors
/// `fill`'s error, or the store's: that of the first part that has one. [`DatasetError::Stopped`] where `on_done` broke
/// before the end. Parts finished before it stay.
///
/// # Panics
/// `cut.tracks` is 0.
pub fn write_shards<S, E>(
    store: impl Into<Store>,
    header: &ShardHeader,
    tracks: &[&Track],
    cut: Parts,
    init: impl Fn() -> S + Sync,
    fill: impl Fn(&mut S, &Track, &mut ShardWriter) -> Result<(), E> + Sync,
    on_done: impl Fn(usize) -> ControlFlow<()> + Sync,
) -> Result<usize, E>
where
    E: From<DatasetError> + Send,
{
    let chunks: Vec<&[&Track]> = match tracks {
        // An extraction of nothing is one empty part, so that the next stage can say so.
        [] => vec![&[]],
        tracks => tracks.chunks(cut.tracks).collect(),
    };
    let parts: Vec<(ShardPart, &[&Track])> =
        chunks.iter().enumerate().map(|(index, tracks)| (ShardPart::new(index, chunks.len(), tracks), *tracks)).collect();
    let store = &store.into();
    let there = remove_strangers(store, parts.len())?;
    let ours: Vec<_> = parts.iter().filter(|(part, _)| cut.share.takes(part.index)).collect();
    let is_done = |(part, _): &&(ShardPart, _)| Ok(there.contains(&part_name(part.index)) && is_there(store, header, part)?);
    let done = ours.par_iter().map(is_done).collect::<Result<Vec<bool>, DatasetError>>()?;
    let stopped = AtomicBool::new(false);
    let on_done = |tracks| {
        if on_done(tracks).is_break() {
            stopped.store(true, Ordering::Relaxed);
        }
    };
    let mut open = Vec::new();
    for ((part, tracks), done) in ours.into_iter().zip(done) {
        if done {
            on_done(tracks.len());
        } else {
            open.push((part, *tracks));
        }
    }
    let (next, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let errors = Mutex::new(Vec::new());
    // Each thread takes the next part and keeps its state from one to the next.
    rayon::broadcast(|_| {
        let mut state = None;
        while !stopped.load(Ordering::Relaxed) {
            let Some((part, tracks)) = open.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let state = state.get_or_insert_with(&init);
            match write_part(store, header, part, tracks, state, &fill, &on_done) {
                Ok(()) => _ = written.fetch_add(1, Ordering::Relaxed),
                Err(error) => {
                    stopped.store(true, Ordering::Relaxed);
                    let mut errors = errors.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                    errors.push((part.index, error));
                }
            }
        }
    });
    let errors = errors.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    match errors.into_iter().min_by_key(|(index, _)| *index) {
        Some((_, error)) => Err(error),
        None if written.load(Ordering::Relaxed) < open.len() => {
            Err(DatasetError::Stopped { written: written.into_inner(), parts: open.len() }.into())
        }
        None => Ok(open.len()),
    }
}

fn write_part<S, E: From<DatasetError>>(
    store: &Store,
    header: &ShardHeader,
    part: &ShardPart,
    tracks: &[&Track],
    state: &mut S,
    fill: &impl Fn(&mut S, &Track, &mut ShardWriter) -> Result<(), E>,
    on_done: &impl Fn(usize),
) -> Result<(), E> {
    let mut writer = ShardWriter::create(store, header, part)?;
    for track in tracks {
        fill(state, track, &mut writer)?;
        on_done(1);
    }
    Ok(writer.finish()?)
}

/// Whether the part in the store is whole and of this extraction. One that is not whole is written again; a store that cannot
/// be read is an error.
fn is_there(store: &Store, header: &ShardHeader, part: &ShardPart) -> Result<bool, DatasetError> {
    match open_footer(store, &part_name(part.index)) {
        Ok(footer) => Ok(footer.header == *header && footer.part == *part),
        // Another job was here after the names were listed.
        Err(DatasetError::Store(StoreError::Missing { .. })) => Ok(false),
        Err(error @ DatasetError::Store(_)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// Removes parts beyond the last, and what killed runs left; returns the names that stay.
fn remove_strangers(store: &Store, n_parts: usize) -> Result<BTreeSet<String>, DatasetError> {
    store.clear_leftovers()?;
    let mut names: BTreeSet<String> = store.names()?.into_iter().collect();
    let is_stranger = |name: &String| {
        let digits = name.strip_prefix("part-").and_then(|rest| rest.split_once(".parquet"));
        digits.is_some_and(|(digits, _)| digits.parse::<usize>().map_or(true, |part| part >= n_parts))
    };
    for stranger in names.extract_if(.., is_stranger) {
        store.remove(&stranger)?;
    }
    Ok(names)
}
