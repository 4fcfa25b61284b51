//! The peers' virtual environments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::rows::Environment;
use crate::segno::repository;

/// Whose Python lies where, or why it could not be made.
pub type Pythons = BTreeMap<Environment, Result<PathBuf, String>>;

impl Environment {
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Tensorflow => "tensorflow",
        }
    }

    fn requirements(self) -> PathBuf {
        let file = match self {
            Self::Python => "requirements.txt",
            Self::Tensorflow => "requirements-tensorflow.txt",
        };
        repository().join("xtask/peers").join(file)
    }
}

/// Those that are needed: of `--python NAME=FILE`, or made in `folder` with the pinned versions. One that cannot be made
/// leaves its peers out, and nobody else's.
pub fn pythons(needed: &BTreeSet<Environment>, given: &[(String, PathBuf)], folder: &Path) -> Result<Pythons> {
    let names = [Environment::Python, Environment::Tensorflow].map(Environment::name);
    for (name, _) in given {
        ensure!(names.contains(&name.as_str()), "--python '{name}=…': expected one of {}", names.join(", "));
    }
    let one = |environment: Environment| match given.iter().find(|(name, _)| name == environment.name()) {
        Some((_, file)) => Ok(file.clone()),
        None => make(environment, folder).map_err(|error| format!("no virtual environment: {error:#}")),
    };
    Ok(needed.iter().map(|environment| (*environment, one(*environment))).collect())
}

/// Makes an environment, unless it is there with these very requirements.
fn make(environment: Environment, folder: &Path) -> Result<PathBuf> {
    let home = folder.join(environment.name());
    let (python, stamp) = (home.join("bin/python"), home.join("requirements.txt"));
    let requirements = environment.requirements();
    let wanted = fs::read_to_string(&requirements).with_context(|| requirements.display().to_string())?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    eprintln!("bench: a virtual environment in {}", home.display());
    fs::create_dir_all(folder)?;
    run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements))?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(status.success(), "{} failed ({status})", command.get_program().display());
    Ok(())
}
