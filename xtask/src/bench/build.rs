//! Our own programs, built before anything is timed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::rows::Program;
use crate::segno::repository;

/// A target of cargo's: package, kind, name, features.
type Target = (String, &'static str, String, Option<String>);

/// The programs that are built, each once.
#[derive(Default)]
pub struct Built(BTreeMap<Target, PathBuf>);

fn target(program: &Program) -> Option<Target> {
    let package = program.package.clone()?;
    let kinds = [("example", &program.example), ("bench", &program.bench), ("bin", &program.bin)];
    kinds.into_iter().find_map(|(kind, name)| Some((package.clone(), kind, name.clone()?, program.features.clone())))
}

impl Built {
    /// Builds a program of a row, unless it was before.
    pub fn build(&mut self, program: &Program) -> Result<()> {
        match target(program) {
            Some(target) => self.target(target).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Where a program of a row lies; none for a peer.
    pub fn of(&self, program: &Program) -> Option<&Path> {
        self.0.get(&target(program)?).map(PathBuf::as_path)
    }

    /// Builds a target in release mode, unless it was before, and says where it lies.
    pub fn path(&mut self, package: &str, kind: &'static str, name: &str) -> Result<PathBuf> {
        self.target((package.to_owned(), kind, name.to_owned(), None))
    }

    fn target(&mut self, key: Target) -> Result<PathBuf> {
        let (package, kind, name, features) = &key;
        if let Some(path) = self.0.get(&key) {
            return Ok(path.clone());
        }
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // `bench --no-run` and `build --release` both optimise; a bench is built by the former alone.
        cargo.current_dir(repository()).args(if *kind == "bench" { ["bench", "--no-run"] } else { ["build", "--release"] });
        cargo.args(["--package", package, &format!("--{kind}"), name, "--message-format=json-render-diagnostics"]);
        features.iter().for_each(|features| {
            cargo.args(["--features", features]);
        });
        let output = cargo.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
        ensure!(output.status.success(), "{kind} {name} of {package} does not build");
        let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>().filter_map(Result::ok);
        let of = |message: Value| (message["target"]["name"] == *name).then(|| message["executable"].as_str().map(PathBuf::from)).flatten();
        let Some(path) = messages.filter_map(of).last() else { bail!("cargo built no {kind} {name} of {package}") };
        self.0.insert(key, path.clone());
        Ok(path)
    }
}
