//! Decodes files and says how long it takes; with `--raw`, writes the samples to standard output.
//!
//! `cargo run --release -p segno-audio-io --example decode -- [--raw] [--rate HZ] [--repeat N] FILE…`
//!
//! One line a file: frames, rate, damaged frames, and the best time of N runs in milliseconds
//! (one thread, the file in the page cache).

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use segno_audio_io::{AudioStream, LoadOptions, load};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = LoadOptions::default();
    let (mut is_raw, mut repeat, mut files) = (false, 1, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--raw" => is_raw = true,
            "--rate" => options.sample_rate_hz = Some(args.next().ok_or("--rate HZ")?.parse()?),
            "--repeat" => repeat = args.next().ok_or("--repeat N")?.parse()?,
            "--start" => options.start_s = args.next().ok_or("--start S")?.parse()?,
            "--duration" => options.duration_s = Some(args.next().ok_or("--duration S")?.parse()?),
            _ => files.push(arg),
        }
    }
    let mut failures = 0;
    for file in &files {
        let path = Path::new(file);
        let mut best_ms = f64::INFINITY;
        let mut result = load(path, &options);
        for _ in 0..repeat {
            let start = Instant::now();
            result = load(path, &options);
            best_ms = best_ms.min(start.elapsed().as_secs_f64() * 1e3);
        }
        match result {
            Err(error) => {
                failures += 1;
                eprintln!("{error}");
            }
            Ok(audio) if is_raw => {
                let bytes: Vec<u8> = audio.samples.iter().flat_map(|s| s.to_le_bytes()).collect();
                std::io::stdout().write_all(&bytes)?;
            }
            Ok(audio) => {
                let mut stream = AudioStream::open(path, &options)?;
                while stream.next_block()?.is_some() {}
                println!(
                    "{file}: {} frames at {} Hz, {} damaged, {best_ms:.3} ms",
                    audio.samples.len(),
                    audio.sample_rate_hz,
                    stream.damaged_frames()
                );
            }
        }
    }
    if failures > 0 {
        return Err(format!("{failures} of {} files failed", files.len()).into());
    }
    Ok(())
}
