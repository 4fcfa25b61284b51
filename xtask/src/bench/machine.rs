//! The machine that measured.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::segno::repository;

/// What a figure depends on beside the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    /// The widest instructions that matter here.
    pub instructions: String,
    pub memory_gib: u64,
    pub system: String,
    pub rustc: String,
    /// The first NVIDIA GPU, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
}

impl Machine {
    /// This one; what the system does not tell is "unknown".
    pub fn this() -> Self {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let of = |key: &str| cpu.lines().find(|line| line.starts_with(key)).and_then(|line| Some(line.split_once(": ")?.1.trim()));
        let flags = of("flags").unwrap_or_default();
        let known = ["avx512f", "avx2", "asimd"].into_iter().find(|flag| flags.split_whitespace().any(|found| found == *flag));
        Self {
            processor: of("model name").unwrap_or("unknown").to_owned(),
            cores: processors(),
            instructions: known.unwrap_or("unknown").to_owned(),
            memory_gib: memory_gib().unwrap_or(0),
            system: system(),
            gpu: gpu(),
            rustc: said("rustc", &["--version"]).split_whitespace().nth(1).unwrap_or("unknown").to_owned(),
        }
    }
}

/// The first GPU's name and driver, as NVIDIA's own program tells it.
pub fn gpu() -> Option<String> {
    let told = said("nvidia-smi", &["--query-gpu=name,driver_version", "--format=csv,noheader"]);
    told.lines().next().filter(|line| *line != "unknown").map(str::to_owned)
}

/// Processors that this process may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn memory_gib() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kib: u64 = text.lines().find(|line| line.starts_with("MemTotal:"))?.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib.div_ceil(1 << 20))
}

fn system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or(std::env::consts::OS).trim_matches('"');
    format!("{name}, {}", said("uname", &["-sr"]))
}

/// The day, in UTC.
pub fn today() -> String {
    said("date", &["-u", "+%F"])
}

/// The commit that was measured, with a mark where the tree differs from it.
pub fn commit() -> String {
    said("git", &["describe", "--always", "--dirty", "--exclude=*"])
}

/// What a command prints, or "unknown".
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(repository()).output();
    let text = output.ok().filter(|output| output.status.success()).and_then(|output| String::from_utf8(output.stdout).ok());
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
