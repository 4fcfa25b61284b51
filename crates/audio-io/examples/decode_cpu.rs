//! CPU milliseconds of decoding a file at its own rate, block by block, on one thread, the files in the page cache.
//!
//! `cargo run --release -p segno-audio-io --example decode_cpu -- FILES…`

use std::error::Error;
use std::path::Path;

use segno_audio_io::{AudioError, AudioStream, LoadOptions};
use segno_bench::{Line, cpu_ms_each};

/// Frames of one file; all channels are decoded, and mixed to one.
fn frames(file: &str) -> Result<usize, AudioError> {
    let mut stream = AudioStream::open(Path::new(file), &LoadOptions::default())?;
    let mut frames = 0;
    while let Some(block) = stream.next_block()? {
        frames += block.len();
    }
    Ok(frames)
}

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    // A file that cannot be read is told here, and not in the middle of the measurement.
    let all = files.iter().map(|file| frames(file)).sum::<Result<usize, _>>()?;
    let ms = cpu_ms_each(files.len(), 1.0, || {
        let again: usize = files.iter().map(|file| frames(file).expect("it was read before")).sum();
        assert_eq!(again, all, "the same files have the same frames");
    })?;
    Line::new("decoding", ms, "CPU ms/file").work(format!("{} files", files.len())).check(all as f64).print();
    Ok(())
}
