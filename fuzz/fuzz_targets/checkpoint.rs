//! A TensorFlow checkpoint: the length of the index in two bytes, the index, the data. Checksums are not looked at (`cfg(fuzzing)`).
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_models::musicnn::{Checkpoint, parameters};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let Some((length, rest)) = data.split_first_chunk::<2>() else { return };
    let Some((index, data)) = rest.split_at_checked(u16::from_le_bytes(*length).into()) else { return };
    let Ok(checkpoint) = Checkpoint::open(index, data) else { return };
    let _ = parameters(&checkpoint);
    for name in ["batch_normalization/gamma", "batch_normalization/beta"] {
        if let Ok(tensor) = checkpoint.tensor(name, &[1]) {
            assert_eq!(tensor.values.len(), 1);
        }
    }
});
