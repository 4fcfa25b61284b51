//! All parts, written in parallel: what is there already is kept, what does not belong is removed.

use std::{
    fs, io,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use super::{Parts, ShardHeader, ShardPart, ShardWriter, Share, part_path, set::open_footer};
use crate::{DatasetError, Track, atomic::TEMPORARY_SUFFIX};

/// Extracts the features of `tracks` into the parts of `cut`, on every thread of rayon's current pool.
///
/// `init` makes a thread's own state (a decoder, an FFT plan); `fill` pushes a track's clips, or notes with
/// [`ShardWriter::fail`] why it has none; `on_done` is told how many more tracks are done. Parts of this header and
/// these tracks that are there already are kept, other files `part-*` in `dir` are removed. A part's bytes depend on
/// its tracks and the header alone: jobs with a [`Share`] each, on one machine or many, write what one job with all of it
/// would. Returns how many parts were written.
///
/// # Errors
/// `fill`'s error, or the disk's: that of the first part that has one. Parts finished before it stay.
///
/// # Panics
/// `cut.tracks` is 0.
pub fn write_shards<S, E>(
    dir: &Path,
    header: &ShardHeader,
    tracks: &[&Track],
    cut: Parts,
    init: impl Fn() -> S + Sync,
    fill: impl Fn(&mut S, &Track, &mut ShardWriter) -> Result<(), E> + Sync,
    on_done: impl Fn(usize) + Sync,
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
    fs::create_dir_all(dir).map_err(DatasetError::io(dir))?;
    remove_strangers(dir, parts.len(), cut.share)?;
    let mut open = Vec::new();
    for (part, tracks) in parts.iter().filter(|(part, _)| cut.share.takes(part.index)) {
        if is_there(dir, header, part) {
            on_done(tracks.len());
        } else {
            open.push((part, *tracks));
        }
    }
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let errors = Mutex::new(Vec::new());
    // Each thread takes the next part and keeps its state from one to the next.
    rayon::broadcast(|_| {
        let mut state = None;
        while !stopped.load(Ordering::Relaxed) {
            let Some((part, tracks)) = open.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let state = state.get_or_insert_with(&init);
            if let Err(error) = write_part(dir, header, part, tracks, state, &fill, &on_done) {
                stopped.store(true, Ordering::Relaxed);
                let mut errors = errors.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                errors.push((part.index, error));
            }
        }
    });
    let errors = errors.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    match errors.into_iter().min_by_key(|(index, _)| *index) {
        Some((_, error)) => Err(error),
        None => Ok(open.len()),
    }
}

fn write_part<S, E: From<DatasetError>>(
    dir: &Path,
    header: &ShardHeader,
    part: &ShardPart,
    tracks: &[&Track],
    state: &mut S,
    fill: &impl Fn(&mut S, &Track, &mut ShardWriter) -> Result<(), E>,
    on_done: &impl Fn(usize),
) -> Result<(), E> {
    let mut writer = ShardWriter::create(dir, header, part)?;
    for track in tracks {
        fill(state, track, &mut writer)?;
        on_done(1);
    }
    Ok(writer.finish()?)
}

/// Whether the part on disk is whole and of this extraction. One that cannot be read is written again.
fn is_there(dir: &Path, header: &ShardHeader, part: &ShardPart) -> bool {
    open_footer(&part_path(dir, part.index)).is_ok_and(|footer| footer.header == *header && footer.part == *part)
}

/// Removes parts beyond the last, and what a killed run of this share left under a temporary name.
fn remove_strangers(dir: &Path, n_parts: usize, share: Share) -> Result<(), DatasetError> {
    for entry in fs::read_dir(dir).map_err(DatasetError::io(dir))? {
        let path = entry.map_err(DatasetError::io(dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some((digits, ending)) = name.strip_prefix("part-").and_then(|rest| rest.split_once(".parquet")) else { continue };
        let part = digits.parse::<usize>().ok().filter(|part| *part < n_parts);
        let stranger = match part {
            None => true,
            Some(part) => ending.ends_with(TEMPORARY_SUFFIX) && share.takes(part),
        };
        if stranger {
            match fs::remove_file(&path) {
                // Another job was first.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed.map_err(DatasetError::io(&path))?,
            }
        }
    }
    Ok(())
}
