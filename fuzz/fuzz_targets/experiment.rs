//! An experiment file: read and checked, its features planned.
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_cli::Experiment;

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("experiment.toml", data);
    let Ok(experiment) = Experiment::read(&path) else { return };
    for spec in experiment.features.values() {
        let _ = spec.extractor();
        let _ = spec.track_extractor();
    }
    for protocol in &experiment.protocols {
        let _ = experiment.folds_of(*protocol);
    }
});
