//! A row's programs, in turn, round by round.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use segno_bench::Line;

use super::build::Built;
use super::environment::Pythons;
use super::material::Material;
use super::quiet;
use super::record::Runs;
use super::rows::{Program, Row};
use crate::segno::repository;

/// A program ready to be started.
pub struct Ready<'a> {
    program: &'a Program,
    executable: PathBuf,
    arguments: Vec<String>,
    threads: usize,
    fresh: Option<PathBuf>,
    runs: Runs,
}

/// What a row gave.
pub struct Outcome {
    pub programs: Vec<Runs>,
    /// Programs that were started and failed, and how.
    pub failed: BTreeMap<String, String>,
    /// The most that others used of the processors.
    pub busy: Option<f64>,
}

/// Makes a row's program ready; the reason where it cannot be.
pub fn ready<'a>(row: &Row, program: &'a Program, built: &mut Built, pythons: &Pythons, material: &mut Material) -> Result<Ready<'a>> {
    let (executable, mut arguments) = match &program.script {
        None => (built.of(program).context("it was not built")?.to_owned(), vec![]),
        Some(script) => {
            let python = pythons.get(&program.environment).context("no Python was asked for")?;
            let python = python.clone().map_err(anyhow::Error::msg)?;
            (python, vec![repository().join("xtask/peers").join(script).to_string_lossy().into_owned()])
        }
    };
    if let Some(subcommand) = &program.asks {
        let help = Command::new(&executable).args([subcommand, "--help"]).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        ensure!(help.success(), "there is no `segno {subcommand}` yet");
    }
    arguments.extend(material.arguments(&program.arguments, built)?);
    let threads = row.threads(program);
    let runs = Runs {
        name: program.name.clone(),
        version: String::new(),
        command: told(program, threads),
        is_ours: program.peer.is_none(),
        rounds: vec![],
        peak_mib: None,
    };
    Ok(Ready { program, executable, arguments, threads, fresh: program.fresh.as_ref().map(|path| material.path(path).into()), runs })
}

/// The command with the names of its materials in place of paths of one machine.
fn told(program: &Program, threads: usize) -> String {
    let Program { package, example, bench, bin, script, arguments, .. } = program;
    let what = match (script, package) {
        (Some(script), _) => format!("python xtask/peers/{script}"),
        (None, package) => {
            let target =
                [("example", example), ("bench", bench), ("bin", bin)].into_iter().find_map(|(kind, name)| Some((kind, name.as_ref()?)));
            let (kind, name) = target.expect("a program of ours has a target");
            format!("{kind} {name} of {}", package.as_deref().unwrap_or_default())
        }
    };
    format!("{what} {}, {threads} threads", arguments.join(" ")).replace("1 threads", "1 thread")
}

/// Runs the programs of a row in turn; who begins moves on by one each round. One that fails is left out from then on.
pub fn measure(row: &Row, mut ready: Vec<Ready<'_>>, rounds: usize) -> Outcome {
    let (mut failed, mut busy): (BTreeMap<String, String>, Option<f64>) = (BTreeMap::new(), None);
    let mut first: Option<(String, Line)> = None;
    for round in 0..rounds {
        busy = [busy, quiet::busy()].into_iter().flatten().reduce(f64::max);
        for turn in 0..ready.len() {
            let index = (turn + round) % ready.len();
            let ready = &mut ready[index];
            let name = ready.program.name.clone();
            if failed.contains_key(&name) {
                continue;
            }
            match ready.once(row).and_then(|line| ready.keep(row, line, &mut first)) {
                Ok(value) => eprintln!("  {} of {rounds}: {name} {} {}", round + 1, super::tables::number(value), row.unit),
                Err(error) => {
                    eprintln!("  {name}: {error:#}");
                    failed.insert(name, reason(&error));
                }
            }
        }
    }
    let programs = ready.into_iter().map(|ready| ready.runs).filter(|runs| !failed.contains_key(&runs.name)).collect();
    Outcome { programs, failed, busy }
}

impl Ready<'_> {
    /// One run of the program.
    fn once(&self, row: &Row) -> Result<Line> {
        if let Some(folder) = self.fresh.as_deref().filter(|folder| folder.exists()) {
            fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        let mut command = Command::new(&self.executable);
        command.args(&self.arguments).stdin(Stdio::null());
        for library in ["RAYON", "OMP", "OPENBLAS", "MKL", "NUMBA"] {
            command.env(format!("{library}_NUM_THREADS"), self.threads.to_string());
        }
        let start = Instant::now();
        let output = command.output().with_context(|| format!("cannot start {}", self.executable.display()))?;
        let seconds = start.elapsed().as_secs_f64();
        ensure!(output.status.success(), "it failed ({}): {}", output.status, last_line(&output.stderr));
        if self.program.clock {
            return Ok(Line { peak_mib: None, ..Line::new(&self.program.name, seconds, "s") });
        }
        let line = Line::last_of(&String::from_utf8_lossy(&output.stdout)).context("it printed no line of segno-bench")?;
        ensure!(line.unit == row.unit, "its unit is {}, expected {}", line.unit, row.unit);
        ensure!(line.value.is_finite() && line.value > 0.0, "its value is {}, expected a positive number", line.value);
        Ok(line)
    }

    /// Takes a run's line, unless another program of the row did other work or had another result.
    fn keep(&mut self, row: &Row, line: Line, first: &mut Option<(String, Line)>) -> Result<f64> {
        let (other, known) = first.get_or_insert_with(|| (self.program.name.clone(), line.clone()));
        ensure!(known.work == line.work, "its work is {}, that of {other} {}", line.work, known.work);
        if let (Some(tolerance), Some(known), Some(found)) = (row.tolerance, known.check, line.check) {
            let apart = (known - found).abs();
            ensure!(apart <= tolerance, "its result is {found}, that of {other} {known}: more than {tolerance} apart");
        }
        self.runs.rounds.push(line.value);
        self.runs.peak_mib = [self.runs.peak_mib, line.peak_mib].into_iter().flatten().reduce(f64::max);
        self.runs.version = line.version;
        Ok(line.value)
    }
}

/// What a program said last.
fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").trim().to_owned()
}

/// Why a program has no figure, as the record keeps it: without the paths of this machine.
pub fn reason(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let word = |word| if Path::new(str::trim_matches(word, ['"', '\'', '(', ')', ':', ','])).is_absolute() { "…" } else { word };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_no_path_of_this_machine() {
        let error = anyhow::anyhow!("No such file: \"/home/somebody/x.wav\"").context("cannot start /opt/python: it is not there");
        assert_eq!(reason(&error), "cannot start … it is not there: No such file: …");
    }
}
