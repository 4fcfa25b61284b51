//! From a specification to a folder of audio files.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::math::gain_of_db;
use crate::stamp::{STAMP_FILE, Stamp};
use crate::track::{PlannedTrack, SynthTrack, plan};
use crate::{SynthError, SynthSpec, sound, tables};

/// Renders the corpus of `spec` into `dir`: `audio/<genre>/<genre>.NNNNN.<ext>`, `tracks.csv` and `planted.csv`.
///
/// Tracks are rendered on rayon's current pool; the bytes depend on `spec` and the version of this crate alone, not on
/// the number of threads. `on_track` is called after each track with how many are done, in no particular order.
///
/// A folder that holds all of this very corpus, by its stamp and its files' sizes, is left as it is. One that holds
/// another or an unfinished corpus of this crate is cleared of it and rendered anew.
///
/// # Errors
///
/// [`SynthError::BadSpec`] where `spec` leaves its ranges; [`SynthError::Foreign`] where `dir` holds files in the way
/// that this crate did not put there; [`SynthError::Io`] and [`SynthError::Encode`] where a file could not be made.
pub fn render(dir: &Path, spec: &SynthSpec, on_track: impl Fn(usize) + Sync) -> Result<Vec<SynthTrack>, SynthError> {
    spec.check()?;
    let planned = plan(spec);
    let tracks: Vec<SynthTrack> = planned.iter().map(|planned| planned.track.clone()).collect();
    match Stamp::read(dir)? {
        Some(stamp) if stamp.holds(dir, spec) => {
            (1..=tracks.len()).for_each(on_track);
            return Ok(tracks);
        }
        Some(stamp) => stamp.clear(dir)?,
        None => refuse_foreign(dir)?,
    }

    let texts = [("tracks.csv", tables::tracks_csv(&tracks)), ("planted.csv", tables::planted_csv(&tracks))];
    let mut paths: Vec<&str> = tracks.iter().map(|track| track.path.as_str()).collect();
    paths.extend(texts.iter().map(|(name, _)| *name));
    fs::create_dir_all(dir).map_err(SynthError::io("create", dir))?;
    Stamp::write(dir, spec, &paths, None)?;
    for folder in paths.iter().filter_map(|path| dir.join(path).parent().map(Path::to_owned)) {
        fs::create_dir_all(&folder).map_err(SynthError::io("create", &folder))?;
    }

    let done = AtomicUsize::new(0);
    let mut sizes = planned
        .par_iter()
        .map(|planned| {
            let size = render_track(dir, spec, planned)?;
            on_track(done.fetch_add(1, Ordering::Relaxed) + 1);
            Ok(size)
        })
        .collect::<Result<Vec<u64>, SynthError>>()?;
    for (name, text) in &texts {
        let path = dir.join(name);
        fs::write(&path, text).map_err(SynthError::io("write", &path))?;
        sizes.push(text.len() as u64);
    }
    Stamp::write(dir, spec, &paths, Some(&sizes))?;
    Ok(tracks)
}

/// Writes one track's file; its size in bytes.
fn render_track(dir: &Path, spec: &SynthSpec, planned: &PlannedTrack) -> Result<u64, SynthError> {
    let PlannedTrack { track, recording } = planned;
    let mut sound = sound::render(recording, spec.seed, spec.sample_rate_hz, spec.n_samples());
    if let Some(planted) = &track.planted {
        let gain = gain_of_db(planted.how.level_db());
        sound.channels.iter_mut().flatten().for_each(|sample| *sample *= gain);
    }
    let path = dir.join(&track.path);
    // Nothing of the track id in it: a planted copy has the same bytes.
    let note = format!("{} by {}; synthetic, made by segno-synth", track.title, track.artist);
    let bytes = track.format.encode(&sound, &note).map_err(|reason| SynthError::Encode { path: path.clone(), reason })?;
    fs::write(&path, &bytes).map_err(SynthError::io("write", &path))?;
    Ok(bytes.len() as u64)
}

/// Without a stamp, nothing may be where the corpus goes.
fn refuse_foreign(dir: &Path) -> Result<(), SynthError> {
    for name in ["audio", "tracks.csv", "planted.csv"] {
        let path = dir.join(name);
        if path.symlink_metadata().is_ok() {
            return Err(SynthError::Foreign { path, stamp: STAMP_FILE });
        }
    }
    Ok(())
}
