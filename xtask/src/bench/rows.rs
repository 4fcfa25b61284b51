//! The rows of `xtask/bench.toml`.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    pub row: Vec<Row>,
    pub memory: Memory,
}

/// One claim or one fact of the machine.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub better: Better,
    pub rounds: usize,
    /// Threads of every program that says nothing else; all processors if absent.
    pub threads: Option<usize>,
    /// How far the programs' checks may lie apart.
    pub tolerance: Option<f64>,
    /// Needs an NVIDIA GPU, without which it is left out.
    #[serde(default)]
    pub gpu: bool,
    #[serde(default)]
    pub bar: Bar,
    pub work: Option<Work>,
    /// What of the machine this row measures.
    pub roof: Option<Roof>,
    pub program: Vec<Program>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    Lower,
    Higher,
}

/// What a row is held to.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Times the best peer, at least.
    pub ratio: Option<f64>,
    /// Times the best peer, wished for.
    pub aim: Option<f64>,
    /// By itself: at least, or at most where lower is better.
    pub value: Option<f64>,
}

/// What one item of the unit costs on any machine.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub mega_operations: f64,
    pub megabytes: f64,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Roof {
    Matrix,
    Memory,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    pub name: String,
    pub package: Option<String>,
    pub example: Option<String>,
    pub bench: Option<String>,
    pub bin: Option<String>,
    /// What it is built with beyond the default.
    pub features: Option<String>,
    pub peer: Option<String>,
    #[serde(default)]
    pub environment: Environment,
    pub script: Option<String>,
    pub arguments: Vec<String>,
    pub threads: Option<usize>,
    /// The command as a whole is timed; it prints no line.
    #[serde(default)]
    pub clock: bool,
    /// A folder to remove before each run.
    pub fresh: Option<String>,
    /// A subcommand without which the row is left out.
    pub asks: Option<String>,
}

/// Whose Python.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    #[default]
    Python,
    Tensorflow,
}

/// Which rows' peaks are compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub rows: Vec<String>,
    /// Of the lightest peer's peak.
    pub at_most: f64,
}

impl Description {
    /// The description of this repository.
    pub fn read() -> Result<Self> {
        let description: Self = toml::from_str(include_str!("../../bench.toml")).context("xtask/bench.toml")?;
        let mut seen = BTreeSet::new();
        for row in &description.row {
            ensure!(seen.insert(row.id.as_str()), "xtask/bench.toml: row '{}' is there twice", row.id);
            ensure!(row.rounds > 0, "xtask/bench.toml: row '{}' has no rounds", row.id);
            row.check().with_context(|| format!("xtask/bench.toml: row '{}'", row.id))?;
        }
        for id in &description.memory.rows {
            ensure!(seen.contains(id.as_str()), "xtask/bench.toml: [memory] names row '{id}', which is not there");
        }
        Ok(description)
    }

    /// The rows asked for; all if none is.
    pub fn chosen(&self, only: &[String]) -> Result<Vec<&Row>> {
        let known = || self.row.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(", ");
        for id in only {
            ensure!(self.row.iter().any(|row| row.id == *id), "row '{id}' is none of {}", known());
        }
        Ok(self.row.iter().filter(|row| only.is_empty() || only.contains(&row.id)).collect())
    }

    /// What `--against` may name.
    pub fn peers(&self) -> BTreeSet<&str> {
        self.row.iter().flat_map(|row| &row.program).filter_map(|program| program.peer.as_deref()).collect()
    }
}

impl Row {
    fn check(&self) -> Result<()> {
        ensure!(self.program.first().is_some_and(|first| first.package.is_some()), "the first program is ours and has a package");
        for program in &self.program {
            let Program { package, example, bench, bin, peer, script, .. } = program;
            let targets = [example, bench, bin].into_iter().flatten().count();
            let ours = package.is_some() && targets == 1 && script.is_none() && peer.is_none();
            let theirs = package.is_none() && targets == 0 && script.is_some() && peer.is_some();
            ensure!(ours || theirs, "program '{}': expected a package and one target, or a peer and its script", program.name);
            ensure!(ours || !program.clock, "program '{}': a peer times itself, its start is not its work", program.name);
        }
        Ok(())
    }

    /// Threads of one of its programs.
    pub fn threads(&self, program: &Program) -> usize {
        program.threads.or(self.threads).unwrap_or_else(super::machine::processors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segno::repository;

    #[test]
    fn every_script_is_there_and_every_script_there_is_run() {
        let description = Description::read().unwrap();
        let named: BTreeSet<String> = description.row.iter().flat_map(|row| &row.program).filter_map(|p| p.script.clone()).collect();
        let there: BTreeSet<String> = std::fs::read_dir(repository().join("xtask/peers"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".py") && name != "line.py")
            .collect();
        assert_eq!(named, there);
    }

    #[test]
    fn a_row_that_is_not_there_is_refused() {
        let description = Description::read().unwrap();
        let error = description.chosen(&["no such".into()]).err().unwrap().to_string();
        assert!(error.contains("'no such' is none of irvin, mel-wav"), "{error}");
        assert_eq!(description.chosen(&["irvin".into()]).unwrap().len(), 1);
    }
}
