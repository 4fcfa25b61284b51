//! What a report says of the machine.

use std::fs;

/// Processor, cores, system and version.
pub fn environment() -> Vec<(String, String)> {
    let cores = std::thread::available_parallelism().map_or_else(|_| "unknown".to_owned(), |cores| cores.to_string());
    let processor = fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| Some(text.lines().find(|line| line.starts_with("model name"))?.split_once(':')?.1.trim().to_owned()))
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    vec![
        ("segno".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("processor".to_owned(), processor),
        ("cores".to_owned(), cores),
        ("system".to_owned(), format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
    ]
}
