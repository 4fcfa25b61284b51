//! `cargo xtask regress`: quick configurations, run again and held against `tests/baselines`.

mod baseline;
mod verdict;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::road::{Road, text};
use crate::segno::{Segno, repository};
use baseline::{Baseline, Blessed, Found, Synth};

#[derive(clap::Args)]
#[command(after_help = "\
Every baseline has a fresh work folder. Accuracies are held to their intervals on every machine, and answers clip by clip
where the processor is the one that the baseline was blessed on; docs/regression.md says how to read the table.

Examples:
  cargo xtask regress --data ../shared/data
  cargo xtask regress --only synthetic-li
  cargo xtask regress --bless --reason 'dropout is drawn a layer at a time'")]
pub struct Args {
    /// This baseline alone (can be repeated)
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Folder with gtzan/ and 4qaed/; without it the baselines of real tracks are left out
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Write what was found in place of what was expected
    #[arg(long, requires = "reason")]
    bless: bool,
    /// Why the numbers change; kept in the file
    #[arg(long, requires = "bless")]
    reason: Option<String>,
    /// A `segno` that was built before, in place of a release build
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Folder of baselines
    #[arg(long, value_name = "DIR")]
    baselines: Option<PathBuf>,
    /// Work folder; in it, a folder for each baseline, which is emptied first
    #[arg(long, default_value = "runs/regress")]
    work: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let reason = args.reason.as_deref().map(str::trim);
    ensure!(reason != Some(""), "--reason is empty: say why the numbers change");
    let folder = args.baselines.clone().unwrap_or_else(|| repository().join("tests/baselines"));
    let baselines = read_all(&folder, &args.only)?;
    let segno = args.program.as_ref().map_or_else(|| Segno::build(false), |program| Segno::at(program))?;
    let start = Instant::now();
    let (mut faults, mut left_out, mut audio) = (vec![], vec![], BTreeMap::new());
    for (path, baseline) in &baselines {
        let name = name(path);
        let Some(root) = root(args, baseline, &segno, &mut audio)? else {
            println!("\n{name}: left out: it is of {}, and no --data was given", baseline.corpus);
            left_out.push(name);
            continue;
        };
        let work = args.work.join(&name);
        let walked = walk(&segno, baseline, &root, &work);
        let found = walked.and_then(|()| answers(&segno, baseline, &work));
        match (found, reason) {
            (Ok(found), Some(reason)) => bless(path, baseline, found, reason)?,
            (Ok(found), None) => {
                let verdict = verdict::compare(baseline, &found);
                print!("\n{name}, {}: {}", baseline.device, verdict.text());
                faults.extend(verdict.faults().map(|fault| format!("{name}: {fault}")));
            }
            (Err(error), _) => {
                println!("\n{name}: {error:#}");
                faults.push(format!("{name}: {error:#}"));
            }
        }
    }
    println!("\nregress: {} baselines, {:.0} s after the build", baselines.len() - left_out.len(), start.elapsed().as_secs_f64());
    ensure!(left_out.len() < baselines.len(), "nothing was held against anything: {} left out", left_out.join(", "));
    let advice = "if that is meant, run again with --bless --reason \"why\"";
    ensure!(faults.is_empty(), "{} out of their baselines: {}; {advice}", faults.len(), faults.join("; "));
    Ok(())
}

/// The baselines of a folder by name, or those asked for.
fn read_all(folder: &Path, only: &[String]) -> Result<Vec<(PathBuf, Baseline)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("baselines in {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let known: Vec<String> = paths.iter().map(|path| name(path)).collect();
    ensure!(!known.is_empty(), "{}: no baselines there", folder.display());
    for asked in only {
        ensure!(known.contains(asked), "baseline '{asked}' is none of {}", known.join(", "));
    }
    paths.retain(|path| only.is_empty() || only.contains(&name(path)));
    paths.into_iter().map(|path| Ok((path.clone(), Baseline::read(&path)?))).collect()
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder of a baseline's audio, made if the corpus is synthetic; none where it is of real tracks and there are none.
fn root(args: &Args, baseline: &Baseline, segno: &Segno, made: &mut BTreeMap<Synth, PathBuf>) -> Result<Option<PathBuf>> {
    let Some(synth) = baseline.synth else {
        let folder = args.data.as_ref().map(|data| data.join(&baseline.corpus));
        if let Some(folder) = &folder {
            ensure!(folder.is_dir(), "{}: no such folder, expected the tracks of {}", folder.display(), baseline.corpus);
        }
        return Ok(folder);
    };
    if let Some(folder) = made.get(&synth) {
        return Ok(Some(folder.clone()));
    }
    let Synth { tracks_per_genre, seconds } = synth;
    let folder = args.work.join(format!("audio-{tracks_per_genre}x{seconds}"));
    let (tracks, length) = (tracks_per_genre.to_string(), seconds.to_string());
    segno.run(&["corpus", "synth", text(&folder)?, "--tracks-per-genre", &tracks, "--seconds", &length])?;
    made.insert(synth, folder.clone());
    Ok(Some(folder))
}

/// Runs a baseline's configuration from the start.
fn walk(segno: &Segno, baseline: &Baseline, root: &Path, work: &Path) -> Result<()> {
    if work.exists() {
        fs::remove_dir_all(work).with_context(|| format!("cannot empty {}", work.display()))?;
    }
    let Baseline { corpus, device, seeds, only, .. } = baseline;
    let experiment = repository().join(&baseline.experiment);
    let command = "cargo xtask regress";
    Road { corpus, root, work, experiment: &experiment, device, seeds: *seeds, only, protocols: &[], strict: false, command }.walk(segno)
}

/// What the runs of a work folder answer.
fn answers(segno: &Segno, baseline: &Baseline, work: &Path) -> Result<Found> {
    let experiment = repository().join(&baseline.experiment);
    let mut arguments = vec!["answers", "--work", text(work)?, "--experiment", text(&experiment)?];
    let seeds = baseline.seeds.map(|seeds| seeds.to_string());
    arguments.extend(seeds.iter().flat_map(|seeds| ["--seeds", seeds]));
    Ok(serde_json::from_value(segno.json(&arguments)?)?)
}

/// Writes a baseline anew with what was found.
fn bless(path: &Path, before: &Baseline, found: Found, reason: &str) -> Result<()> {
    let changed = verdict::compare(before, &found).faults().count();
    let runs = found.runs.into_iter().map(|run| before.expect(run)).collect::<Result<Vec<_>>>().with_context(|| name(path))?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let blessed = Blessed { reason: reason.to_owned(), version, processor: found.processor };
    println!("\n{}: blessed, {} runs, {changed} of them new or other than before", name(path), runs.len());
    Baseline { blessed: Some(blessed), runs, ..before.clone() }.write(path)
}
