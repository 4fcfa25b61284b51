//! The program `segno`: built once, then started a stage at a time.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The status of a stage that was asked to stop. It is passed on, as that of a device that is not there (3): who started us is to
/// see the same.
const STOPPED: i32 = 130;

static ASKED_TO_STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C and the system's request to end are left to the stage at work, which saves what it is at; no other is begun.
pub fn listen() -> Result<()> {
    ctrlc::set_handler(|| ASKED_TO_STOP.store(true, Ordering::Relaxed)).context("cannot listen for ctrl-c")
}

/// The program: a release build, or one that was named.
pub struct Segno {
    program: PathBuf,
}

/// The repository's root folder.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
}

impl Segno {
    /// Builds the program in release mode, with CUDA if a stage is to run on it.
    pub fn build(cuda: bool) -> Result<Self> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(repository()).args(["build", "--release", "--package", "segno-cli", "--message-format=json-render-diagnostics"]);
        if cuda {
            cargo.args(["--features", "cuda"]);
        }
        let output = cargo.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
        ensure!(output.status.success(), "the build failed");
        let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>();
        let programs = messages.filter_map(|message| message.ok()?["executable"].as_str().map(PathBuf::from));
        Ok(Self { program: programs.last().context("cargo built no program")? })
    }

    /// A program that was built before, of whatever mode.
    pub fn at(program: &Path) -> Result<Self> {
        ensure!(program.is_file(), "{}: no program there, expected a built `segno`", program.display());
        Ok(Self { program: program.to_owned() })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        if ASKED_TO_STOP.load(Ordering::Relaxed) {
            eprintln!("xtask: stopped before `segno {}`; the same command goes on from there", arguments.join(" "));
            std::process::exit(STOPPED);
        }
        let mut command = Command::new(&self.program);
        command.args(arguments);
        command
    }

    /// Runs a stage; what it says goes to the terminal.
    pub fn run(&self, arguments: &[&str]) -> Result<()> {
        let status = self.command(arguments).status().with_context(|| format!("cannot start {}", self.program.display()))?;
        match status.code() {
            Some(0) => Ok(()),
            Some(status @ (3 | STOPPED)) => std::process::exit(status),
            _ => bail!("segno {} failed ({status})", arguments.join(" ")),
        }
    }

    /// Runs a stage with `--json` and gives what it printed.
    pub fn json(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.command(arguments).arg("--json").stderr(Stdio::inherit()).output()?;
        match output.status.code() {
            Some(0) => serde_json::from_slice(&output.stdout).with_context(|| format!("segno {} printed no JSON", arguments.join(" "))),
            Some(status @ (3 | STOPPED)) => std::process::exit(status),
            _ => bail!("segno {} failed ({})", arguments.join(" "), output.status),
        }
    }
}
