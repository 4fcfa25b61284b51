//! Every table but the shards: manifest, split, predictions, curves, fingerprints, near duplicates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_dataset::{Curves, Duplicates, Fingerprints, Manifest, Part, Predictions, Split};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("table.parquet", data);
    let manifest = Manifest::read(&path);
    if let Ok(manifest) = &manifest {
        manifest.digest();
    }
    if let Ok(split) = Split::read(&path) {
        split.digest();
        Part::ALL.iter().for_each(|part| _ = split.part(*part).count());
    }
    let _ = (Predictions::read(&path), Curves::read(&path), Fingerprints::read(&path), Duplicates::read(&path));
});
