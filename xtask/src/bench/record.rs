//! What was measured, as `docs/performance.json` keeps it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use segno_bench::median;
use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::quiet::Disturbance;
use super::rows::Better;
use crate::segno::repository;

/// Every row's last measurement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub rows: BTreeMap<String, Measured>,
}

/// One row of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub date: String,
    pub commit: String,
    /// How the run was started.
    pub command: String,
    /// Of what audio; empty where there is none.
    pub audio: String,
    pub machine: Machine,
    pub disturbance: Disturbance,
    /// What the row took, all rounds of all programs.
    pub seconds: f64,
    /// Ours first.
    pub programs: Vec<Runs>,
    /// Programs that gave no value, and why.
    pub left_out: BTreeMap<String, String>,
}

/// One program's rounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    pub name: String,
    pub version: String,
    pub command: String,
    pub is_ours: bool,
    pub rounds: Vec<f64>,
    /// The most of all rounds.
    pub peak_mib: Option<f64>,
}

impl Runs {
    pub fn median(&self) -> f64 {
        median(self.rounds.iter().copied())
    }
}

pub fn range(values: &[f64]) -> [f64; 2] {
    [values.iter().copied().fold(f64::INFINITY, f64::min), values.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
}

impl Measured {
    /// Our own program, if it ran.
    pub fn ours(&self) -> Option<&Runs> {
        self.programs.first().filter(|runs| runs.is_ours)
    }

    /// The best of those that ours is held against.
    pub fn best_peer(&self, better: Better) -> Option<&Runs> {
        let of = |runs: &&Runs| if better == Better::Lower { -runs.median() } else { runs.median() };
        self.programs.iter().skip(usize::from(self.ours().is_some())).max_by(|a, b| of(a).total_cmp(&of(b)))
    }

    /// How many times better ours is than the best peer, round by round.
    pub fn ratios(&self, better: Better) -> Option<Vec<f64>> {
        let (ours, peer) = (self.ours()?, self.best_peer(better)?);
        let ratio = |(ours, peer): (&f64, &f64)| if better == Better::Lower { peer / ours } else { ours / peer };
        Some(ours.rounds.iter().zip(&peer.rounds).map(ratio).collect())
    }
}

impl Record {
    pub fn path() -> PathBuf {
        repository().join("docs/performance.json")
    }

    /// The file's; nothing measured where there is none.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        serde_json::from_str(&fs::read_to_string(path)?).with_context(|| format!("{}: no record of benches", path.display()))
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(path, text).with_context(|| path.display().to_string())
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn runs(name: &str, is_ours: bool, rounds: &[f64], peak_mib: f64) -> Runs {
        let version = format!("{name} 1.0");
        Runs { name: name.into(), version, command: name.into(), is_ours, rounds: rounds.into(), peak_mib: Some(peak_mib) }
    }

    pub fn measured(programs: Vec<Runs>) -> Measured {
        let machine = Machine {
            processor: "a processor".into(),
            cores: 2,
            instructions: "avx2".into(),
            memory_gib: 8,
            system: "a system".into(),
            gpu: None,
            rustc: "1.95.0".into(),
        };
        Measured {
            date: "2026-11-24".into(),
            commit: "abc".into(),
            command: "cargo xtask bench".into(),
            audio: String::new(),
            machine,
            disturbance: Disturbance::default(),
            seconds: 1.0,
            programs,
            left_out: BTreeMap::new(),
        }
    }

    #[test]
    fn the_ratio_is_to_the_best_peer_round_by_round() {
        let rates = measured(vec![
            runs("segno", true, &[30.0, 20.0, 10.0], 1.0),
            runs("slow", false, &[1.0, 1.0, 1.0], 1.0),
            runs("fast", false, &[10.0, 10.0, 10.0], 1.0),
        ]);
        assert_eq!(rates.ratios(Better::Higher).unwrap(), [3.0, 2.0, 1.0]);
        assert_eq!(rates.best_peer(Better::Lower).unwrap().name, "slow");
        assert_eq!(rates.ratios(Better::Lower).unwrap(), [1.0 / 30.0, 1.0 / 20.0, 1.0 / 10.0]);
    }

    #[test]
    fn without_ours_there_is_no_ratio() {
        let peers = measured(vec![runs("fast", false, &[1.0], 1.0)]);
        assert_eq!(peers.ratios(Better::Higher), None);
        assert_eq!(peers.best_peer(Better::Higher).unwrap().name, "fast");
    }
}
