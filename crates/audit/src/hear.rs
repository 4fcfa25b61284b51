//! The loop over a corpus: what was heard already is kept, the rest is listened to on every core.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use segno_dataset::{DatasetError, Failure, FingerprintRow, Fingerprints, Manifest, Track};

use crate::Listener;

/// Tracks listened to between two looks at the clock.
const BATCH: usize = 256;
/// How much listening a killed run can lose.
const SAVE_EVERY: Duration = Duration::from_secs(30);

/// Why listening ended early.
pub type HearError = DatasetError;

/// Listens to every track of `manifest` that takes part and that `kept` has not heard from the same file by the same versions.
///
/// `decode` gives a track's samples, mono at [`crate::SAMPLE_RATE_HZ`], to the listener, or the reason why it has none: such
/// tracks come back as failures, and are tried again by the next run. `save` is given all that is known
/// every half minute and at the end, where something is new. `on_track` is called after each track.
///
/// # Errors
/// What `save` gives.
pub fn hear(
    manifest: &Manifest,
    kept: Option<Fingerprints>,
    made_by: &str,
    decode: impl Fn(&Track, &mut Listener) -> Result<(), String> + Sync,
    on_track: impl Fn() + Sync,
    mut save: impl FnMut(&Fingerprints) -> Result<(), HearError>,
) -> Result<(Fingerprints, Vec<Failure>), HearError> {
    let mut rows = still_true(manifest, kept, made_by);
    let n_kept = rows.len();
    let missing: Vec<&Track> = manifest.present().filter(|track| !rows.contains_key(&track.track_id)).collect();
    manifest.present().take(n_kept).for_each(|_| on_track());
    let listen = |track: &&Track| {
        let mut listener = Listener::new();
        let result = decode(track, &mut listener);
        on_track();
        match result {
            Ok(()) => {
                let heard = listener.finish();
                Ok(FingerprintRow {
                    track_id: track.track_id.clone(),
                    checksum: track.checksum.clone(),
                    digest: heard.digest,
                    seconds: heard.seconds,
                    items: heard.items,
                })
            }
            Err(reason) => Err(Failure { track_id: track.track_id.clone(), reason }),
        }
    };
    let table = |rows: &BTreeMap<String, FingerprintRow>| Fingerprints {
        corpus: manifest.corpus.clone(),
        made_by: made_by.to_owned(),
        rows: rows.values().cloned().collect(),
    };
    let mut failures = vec![];
    let mut saved = Instant::now();
    for batch in missing.chunks(BATCH) {
        let heard: Vec<Result<FingerprintRow, Failure>> = batch.par_iter().map(listen).collect();
        for result in heard {
            match result {
                Ok(row) => drop(rows.insert(row.track_id.clone(), row)),
                Err(failure) => failures.push(failure),
            }
        }
        if saved.elapsed() >= SAVE_EVERY {
            save(&table(&rows))?;
            saved = Instant::now();
        }
    }
    let all = table(&rows);
    if all.rows.len() > n_kept {
        save(&all)?;
    }
    Ok((all, failures))
}

/// By track, the rows that were made by the same versions from files that are still the corpus's.
pub fn still_true(manifest: &Manifest, kept: Option<Fingerprints>, made_by: &str) -> BTreeMap<String, FingerprintRow> {
    let current = kept.filter(|kept| kept.corpus == manifest.corpus && kept.made_by == made_by);
    let present: BTreeSet<&str> = manifest.present().map(|track| track.track_id.as_str()).collect();
    let same_file = |row: &FingerprintRow| {
        let checksum = manifest.track(&row.track_id).and_then(|track| track.checksum.as_ref());
        present.contains(row.track_id.as_str()) && checksum.is_some() && checksum == row.checksum.as_ref()
    };
    let rows = current.into_iter().flat_map(|kept| kept.rows).filter(same_file);
    rows.map(|row| (row.track_id.clone(), row)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_was_heard_is_kept_until_the_file_changes() {
        let track = |id: &str, checksum: &str| Track { track_id: id.into(), checksum: Some(checksum.into()), ..Track::default() };
        let corpus = |checksum: &str| Manifest::new("toy", vec![track("a", "1"), track("b", checksum), track("broken", "3")]).unwrap();
        let n_decoded = AtomicUsize::new(0);
        let decode = |track: &Track, listener: &mut Listener| {
            n_decoded.fetch_add(1, Ordering::Relaxed);
            listener.push(&[0.5; 100]);
            if track.track_id == "broken" { Err("broken off".to_owned()) } else { Ok(()) }
        };
        let run = |checksum: &str, kept, made_by: &str| {
            n_decoded.store(0, Ordering::Relaxed);
            let mut n_saved = 0;
            let save = |_: &Fingerprints| {
                n_saved += 1;
                Ok(())
            };
            let (all, failures) = hear(&corpus(checksum), kept, made_by, decode, || (), save).unwrap();
            assert_eq!((all.rows.len(), failures.len(), failures[0].reason.as_str()), (2, 1, "broken off"));
            (all, n_decoded.load(Ordering::Relaxed), n_saved)
        };
        let (first, decoded, saved) = run("2", None, "1");
        assert_eq!((decoded, saved), (3, 1));
        let (again, decoded, saved) = run("2", Some(first.clone()), "1");
        assert_eq!((decoded, saved), (1, 0), "a track that failed is tried again, and nothing is new");
        assert_eq!(again, first);
        assert_eq!(run("other", Some(first.clone()), "1").1, 2);
        assert_eq!(run("2", Some(first), "2").1, 3, "another version hears everything again");
    }
}
