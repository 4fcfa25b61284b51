//! The crate's own demuxer: what begins as an AU file does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use segno_audio_io::{AudioStream, LoadOptions};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("clip.au", &[b".snd", data].concat());
    let Ok(mut stream) = AudioStream::open(&path, &LoadOptions::default()) else { return };
    while let Ok(Some(_)) = stream.next_block() {}
});
