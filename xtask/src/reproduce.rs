//! `cargo xtask reproduce-gtzan`, and the road that it shares with the quickstart.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::segno::{Segno, repository};

#[derive(clap::Args)]
#[command(after_help = "\
Without --data the corpus is taken from the cache folder ($SEGNO_CACHE, else ~/.cache/segno), or fetched into it.
A stage whose inputs have not changed is skipped, and a run cut off goes on where it stopped.

Example:
  cargo xtask reproduce-gtzan --data ~/gtzan --seeds 3 --only lstm-2x250")]
pub struct Args {
    /// Folder with `genres`, in it a folder a genre with .wav or .au files
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// `cpu`, `ndarray` or `cuda`, with `:` and a number for another than the first GPU
    #[arg(long, default_value = "cpu")]
    device: String,
    /// Seeds a row; the experiment's own number if absent
    #[arg(long)]
    seeds: Option<u64>,
    /// This row alone (can be repeated)
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// Work folder
    #[arg(long, default_value = "runs/gtzan")]
    work: PathBuf,
}

/// What the road needs of an experiment file.
#[derive(Deserialize)]
struct Experiment {
    seeds: u64,
    protocols: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
}

/// A road from audio to report.
pub struct Road<'a> {
    pub corpus: &'a str,
    pub root: &'a Path,
    pub work: &'a Path,
    pub experiment: &'a Path,
    pub device: &'a str,
    pub seeds: Option<u64>,
    pub only: &'a [String],
    pub command: &'a str,
}

pub fn run(args: &Args) -> Result<()> {
    let segno = Segno::build(args.device.starts_with("cuda"))?;
    let root = match &args.data {
        Some(folder) => folder.clone(),
        None => cached(&segno)?,
    };
    let mut command = "cargo xtask reproduce-gtzan".to_owned();
    for (flag, value) in
        [("--device", Some(args.device.clone()).filter(|device| device != "cpu")), ("--seeds", args.seeds.map(|seeds| seeds.to_string()))]
    {
        if let Some(value) = value {
            command += &format!(" {flag} {value}");
        }
    }
    if args.data.is_some() {
        command += " --data <folder>";
    }
    args.only.iter().for_each(|row| command += &format!(" --only {row}"));
    let road = Road {
        corpus: "gtzan",
        root: &root,
        work: &args.work,
        experiment: &repository().join("datasets/gtzan/experiments/irvin-2016.toml"),
        device: &args.device,
        seeds: args.seeds,
        only: &args.only,
        command: &command,
    };
    road.walk(&segno)
}

/// The corpus in the cache folder, fetched if it is not there.
fn cached(segno: &Segno) -> Result<PathBuf> {
    let cache = std::env::var_os("SEGNO_CACHE").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".cache/segno"));
    let folder = cache.or_else(home).context("no home folder: set SEGNO_CACHE or give --data")?.join("gtzan");
    if !folder.join("audio").is_dir() {
        segno.run(&["corpus", "fetch", "gtzan", "--to", text(&folder)?])?;
    }
    Ok(folder.join("audio"))
}

impl Road<'_> {
    /// Every stage, one after the other.
    pub fn walk(&self, segno: &Segno) -> Result<()> {
        let (work, experiment_file) = (text(self.work)?, text(self.experiment)?);
        let place = ["--work", work, "--experiment", experiment_file];
        let experiment: Experiment = serde_json::from_value(segno.json(&["experiment", experiment_file])?)?;
        let wanted = |row: &&Row| self.only.is_empty() || self.only.contains(&row.id);
        let rows: Vec<&str> = experiment.rows.iter().filter(wanted).map(|row| row.id.as_str()).collect();
        for row in self.only {
            ensure!(
                rows.contains(&row.as_str()),
                "row '{row}' is none of {}",
                experiment.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(", ")
            );
        }
        let seeds: Vec<String> = (1..=self.seeds.unwrap_or(experiment.seeds)).map(|seed| seed.to_string()).collect();

        segno.run(&["corpus", "index", self.corpus, "--root", text(self.root)?, "--work", work])?;
        let mut extract = vec!["extract", "--root", text(self.root)?];
        extract.extend(place);
        rows.iter().for_each(|row| extract.extend(["--row", row]));
        segno.run(&extract)?;

        let (mut runs, mut failed) = (vec![], vec![]);
        for protocol in &experiment.protocols {
            for seed in &seeds {
                let draw = ["split", "--protocol", protocol, "--seed", seed];
                let split = segno.json(&[&draw[..], &place].concat())?;
                if split["runnable"].as_bool() == Some(true) {
                    runs.extend(rows.iter().map(|row| [*row, protocol, seed]));
                } else {
                    eprintln!("  protocol {protocol} cannot be run: one of its parts has no clips in this corpus");
                }
            }
        }
        for (index, [row, protocol, seed]) in runs.iter().enumerate() {
            eprint!("[{}/{}] ", index + 1, runs.len());
            let which = ["--row", row, "--protocol", protocol, "--seed", seed, "--device", self.device];
            let trained = segno.run(&[&["train"][..], &place, &which].concat());
            let predicted = trained.and_then(|()| segno.run(&[&["predict-set"][..], &place, &which].concat()));
            if let Err(error) = predicted {
                failed.push(error.to_string()); // one run that diverges does not take the others with it
            }
        }
        segno.run(&[&["report", "--command", self.command][..], &place].concat())?;
        ensure!(failed.is_empty(), "{} of {} runs failed and are not in the report: {}", failed.len(), runs.len(), failed.join("; "));
        Ok(())
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{}: a path that is no UTF-8", path.display()))
}
