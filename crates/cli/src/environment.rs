//! What a report says of the machine, and what decides the last bits of its numbers.

use std::fs;

/// Processor, cores, system and version.
pub fn environment() -> Vec<(String, String)> {
    let cores = std::thread::available_parallelism().map_or_else(|_| "unknown".to_owned(), |cores| cores.to_string());
    vec![
        ("segno".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("processor".to_owned(), model()),
        ("cores".to_owned(), cores),
        ("system".to_owned(), format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
    ]
}

/// The processor's name, or its kind where the system does not tell.
fn model() -> String {
    fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| Some(text.lines().find(|line| line.starts_with("model name"))?.split_once(':')?.1.trim().to_owned()))
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

/// The machine's name, for those who look for a process; where the system does not tell, that.
pub fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "this machine".to_owned(), |name| name.trim().to_owned())
}

/// What floating-point sums may depend on: system, kind and name of the processor, and the vector instructions that the
/// kernels choose among. Two machines for which this is the same text are expected to give the same bits.
pub fn processor() -> String {
    format!("{} {}, {}: {}", std::env::consts::OS, std::env::consts::ARCH, model(), vectors().join(" "))
}

#[cfg(target_arch = "x86_64")]
fn vectors() -> Vec<&'static str> {
    let known = [
        ("avx2", is_x86_feature_detected!("avx2")),
        ("fma", is_x86_feature_detected!("fma")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
        ("avx512bw", is_x86_feature_detected!("avx512bw")),
        ("avx512dq", is_x86_feature_detected!("avx512dq")),
        ("avx512vl", is_x86_feature_detected!("avx512vl")),
    ];
    known.into_iter().filter_map(|(name, is_there)| is_there.then_some(name)).collect()
}

/// One set of vector instructions, or one that is not told apart.
#[cfg(not(target_arch = "x86_64"))]
fn vectors() -> Vec<&'static str> {
    vec!["as built"]
}
