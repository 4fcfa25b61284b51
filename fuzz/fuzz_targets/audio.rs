//! An audio file of whatever kind, decoded and resampled to its end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_audio_io::{AudioStream, LoadOptions};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("clip", data);
    // The first bytes choose whether a window is sought.
    let start_s = f64::from(data.first().copied().unwrap_or(0) % 4) * 0.05;
    let options = LoadOptions { sample_rate_hz: Some(16_000), start_s, ..LoadOptions::default() };
    let Ok(mut stream) = AudioStream::open(&path, &options) else { return };
    while let Ok(Some(block)) = stream.next_block() {
        assert!(block.iter().all(|sample| sample.is_finite()));
    }
});
