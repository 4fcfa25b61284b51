//! A baseline: a configuration, and what it came to when it was blessed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// `tests/baselines/*.toml`. What stands before `blessed` is written by hand, the rest by `--bless`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// What it guards.
    pub about: String,
    /// The corpus; of real tracks, also the folder below `--data`.
    pub corpus: String,
    /// The experiment file, from the repository's root.
    pub experiment: PathBuf,
    /// `cpu` or `ndarray`.
    pub device: String,
    /// These rows alone; all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Seeds a row; the experiment's own numbers if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u64>,
    /// How large the synthetic corpus is; absent where the tracks are real.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synth: Option<Synth>,
    /// Row → how far from the blessed accuracy a run may lie, on either side; one clip, where that is more.
    pub tolerance: BTreeMap<String, f64>,
    /// Absent before the first `--bless`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blessed: Option<Blessed>,
    /// One a row, protocol, seed and task.
    #[serde(default)]
    pub runs: Vec<Expected>,
}

/// A synthetic corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synth {
    pub tracks_per_genre: u32,
    pub seconds: u32,
}

/// When and why the numbers were last written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blessed {
    pub reason: String,
    /// Of the code.
    pub version: String,
    /// Answers are held clip by clip where this is the same text.
    pub processor: String,
}

/// What names a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    pub row: String,
    pub protocol: String,
    pub seed: u64,
    pub task: String,
}

/// What a run came to: as `segno answers` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    #[serde(flatten)]
    pub key: Key,
    pub clips: usize,
    pub accuracy: f64,
    /// Of classes, clips and answers.
    pub digest: String,
    /// One letter a clip.
    pub answers: String,
}

/// What a run has to come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expected {
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The accuracies that are let pass, ends included.
    pub interval: [f64; 2],
}

/// What `segno answers --json` prints.
#[derive(Clone, Debug, Deserialize)]
pub struct Found {
    pub processor: String,
    pub runs: Vec<Outcome>,
}

const HEADER: &str = "\
# What `cargo xtask regress` holds the code to: docs/regression.md. From [blessed] on it is written by
# `cargo xtask regress --bless --reason \"why\"`, comments are not kept, and no number is changed by hand.
";

impl Baseline {
    /// # Errors
    /// It cannot be read, has an unknown key, no tolerance or one out of its range.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("baseline {}", path.display()))?;
        let this: Self = toml::from_str(&text).with_context(|| format!("baseline {}", path.display()))?;
        for (row, tolerance) in &this.tolerance {
            let found = format!("{}: tolerance.{row} is {tolerance}", path.display());
            ensure!((0.0..0.5).contains(tolerance), "{found}, expected a part of all clips, from 0 to below 0.5");
        }
        let synthetic = this.corpus == "synthetic";
        ensure!(synthetic == this.synth.is_some(), "{}: `synth` goes with the synthetic corpus, and with no other", path.display());
        Ok(this)
    }

    /// # Errors
    /// The disk refuses.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = format!("{HEADER}{}", toml::to_string(self)?);
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// What a run has to come to from now on.
    ///
    /// # Errors
    /// Its row has no tolerance.
    pub fn expect(&self, found: Outcome) -> Result<Expected> {
        let row = &found.key.row;
        let tolerance = *self.tolerance.get(row).with_context(|| format!("row {row} has no tolerance: write one into the file"))?;
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let accuracy = round(found.accuracy);
        // On another processor one clip more or less is no regression, however few there are.
        let width = tolerance.max(1.0 / found.clips.max(1) as f64);
        let interval = [round((accuracy - width).max(0.0)), round((accuracy + width).min(1.0))];
        Ok(Expected { outcome: Outcome { accuracy, ..found }, interval })
    }
}
