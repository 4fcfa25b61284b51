//! Real tracks: copies are found, strangers are not. Skipped aloud where ../shared/data is not there.

use std::path::{Path, PathBuf};

use segno_audit::{ITEM_SECONDS, Matching, SAMPLE_RATE_HZ, near_duplicates};

use crate::copies::{CHANGES, read, sixteen_bits, wav, without};
use crate::world::hear;

/// One track a genre.
fn tracks() -> Option<Vec<Vec<f32>>> {
    let genres = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/gtzan/genres");
    let Ok(entries) = std::fs::read_dir(&genres) else {
        eprintln!("SKIPPED: no real tracks in {}", genres.display());
        return None;
    };
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let first = |folder: &PathBuf| folder.join(format!("{}.00000.wav", folder.file_name().unwrap().to_string_lossy()));
    Some(folders.iter().map(|folder| read(&first(folder), SAMPLE_RATE_HZ)).collect())
}

#[test]
fn every_changed_copy_is_found_and_no_stranger() {
    let Some(tracks) = tracks() else { return };
    let n = tracks.len();
    for (name, change) in CHANGES {
        let fingerprints: Vec<Vec<u32>> =
            tracks.iter().map(|samples| hear(samples).items).chain(tracks.iter().map(|samples| hear(&change(samples)).items)).collect();
        let items: Vec<&[u32]> = fingerprints.iter().map(Vec::as_slice).collect();
        let pairs = near_duplicates(&items, &Matching::default()).unwrap();
        let found: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.first, pair.second)).collect();
        assert_eq!(found, (0..n).map(|track| (track, track + n)).collect::<Vec<_>>(), "{name}");
        assert!(pairs.iter().all(|pair| pair.bit_error_rate < 0.15), "{name}: far from the limit of 0.2");
    }
}

#[test]
fn the_offset_and_the_overlap_are_those_of_the_cut() {
    let Some(tracks) = tracks() else { return };
    for samples in &tracks {
        let [whole, late] = [samples.clone(), without(samples, 4.0)].map(|samples| hear(&samples).items);
        let pairs = near_duplicates(&[&whole, &late], &Matching::default()).unwrap();
        assert!((pairs[0].offset_items as f64 * ITEM_SECONDS - 4.0).abs() <= ITEM_SECONDS, "{:?}", pairs[0]);
        assert!(pairs[0].items + 2 >= late.len(), "{:?}", pairs[0]);
    }
}

/// AU, 16 bits: 24 bytes of header and big-endian samples.
fn au(samples: &[f32], rate_hz: u32) -> Vec<u8> {
    let header = [0x2e73_6e64, 24, 2 * samples.len() as u32, 3, rate_hz, 1];
    let samples = samples.iter().flat_map(|&sample| sixteen_bits(sample).to_be_bytes());
    header.into_iter().flat_map(u32::to_be_bytes).chain(samples).collect()
}

#[test]
fn another_container_has_the_same_digest_and_one_other_sample_has_not() {
    // A glide, so that this test needs no real track.
    let mut samples: Vec<f32> = (0..5 * 22_050).map(|n| 0.4 * (n as f32 * n as f32 * 1e-6).sin()).collect();
    let folder = tempfile::tempdir().unwrap();
    let digest = |name: &str, bytes: Vec<u8>| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        hear(&read(&path, SAMPLE_RATE_HZ)).digest
    };
    let expected = digest("a.wav", wav(&samples, 22_050));
    assert_eq!(digest("a.au", au(&samples, 22_050)), expected);
    samples[40_000] += 2e-4;
    assert_ne!(digest("b.wav", wav(&samples, 22_050)), expected);
}
