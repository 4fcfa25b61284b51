//! `cargo xtask reproduce-gtzan` and `reproduce-fma`: a paper, from audio to its tables; `run`: any experiment file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::road::{Road, text};
use crate::segno::{Segno, repository};

/// What both reproductions ask for.
#[derive(clap::Args)]
pub struct Common {
    /// `cpu`, `ndarray` or `cuda`, with `:` and a number for another than the first GPU
    #[arg(long, default_value = "cpu")]
    device: String,
    /// Seeds a row; the experiment's own numbers if absent
    #[arg(long)]
    seeds: Option<u64>,
    /// This row alone (can be repeated)
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// Under this protocol alone (can be repeated)
    #[arg(long, value_name = "PROTOCOL")]
    protocol: Vec<String>,
    /// Fail where a track cannot be used, instead of going on without it
    #[arg(long)]
    strict: bool,
}

#[derive(clap::Args)]
#[command(after_help = "\
Without --data the corpus is taken from the cache folder ($SEGNO_CACHE, else ~/.cache/segno), or fetched into it.
A stage whose inputs have not changed is skipped, and a run cut off goes on where it stopped.

Example:
  cargo xtask reproduce-gtzan --data ~/gtzan --seeds 3 --only lstm-2x250")]
pub struct Gtzan {
    /// Folder with `genres`, in it a folder a genre with .wav or .au files
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// Work folder
    #[arg(long, default_value = "runs/gtzan")]
    work: PathBuf,
}

#[derive(clap::Args)]
#[command(after_help = "\
Without --data FMA is taken from the cache folder ($SEGNO_CACHE, else ~/.cache/segno), or fetched into it: its audio is
an archive of 93 GiB, so the size is said and asked about first. 4QAED cannot be fetched: give its folder.
A stage whose inputs have not changed is skipped, and a run cut off goes on where it stopped.

Examples:
  cargo xtask reproduce-fma --data ~/fma --seeds 3 --only cnn-attention
  cargo xtask reproduce-fma --corpus 4qaed --data ~/4qaed")]
pub struct Fma {
    /// fma, the paper's; or 4qaed, its networks on another corpus of two tasks with a small budget
    #[arg(long, default_value = "fma", value_parser = ["fma", "4qaed"])]
    corpus: String,
    /// FMA: folder with fma_metadata and fma_large (each a folder or a .zip); 4QAED: folder with tracks.csv and audio
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// Fetch large archives without asking
    #[arg(long)]
    yes: bool,
    /// Work folder; runs/fma or runs/4qaed if absent
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  cargo xtask run datasets/gtzan/experiments/summary.toml --data ~/gtzan")]
pub struct Experiment {
    /// Experiment file
    file: PathBuf,
    /// Folder of the corpus's audio
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    common: Common,
    /// Work folder; runs/CORPUS-NAME if absent, by the file's name
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

pub fn experiment(args: &Experiment) -> Result<()> {
    let segno = Segno::build(args.common.device.starts_with("cuda"))?;
    let known = segno.json(&["experiment", text(&args.file)?])?;
    let corpus = known["corpus"].as_str().context("an experiment has a corpus")?;
    let stem = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let work = args.work.clone().unwrap_or_else(|| Path::new("runs").join(format!("{corpus}-{stem}")));
    let command = args.common.command(&format!("run {}", args.file.display()), true);
    args.common.road(corpus, &args.data, &work, &args.file, &command).walk(&segno)
}

pub fn gtzan(args: &Gtzan) -> Result<()> {
    let segno = Segno::build(args.common.device.starts_with("cuda"))?;
    let root = match &args.data {
        Some(folder) => folder.clone(),
        None => {
            let folder = cache("gtzan")?;
            if !folder.join("audio").is_dir() {
                segno.run(&["corpus", "fetch", "gtzan", "--to", text(&folder)?])?;
            }
            folder.join("audio")
        }
    };
    let experiment = repository().join("datasets/gtzan/experiments/irvin-2016.toml");
    let command = args.common.command("reproduce-gtzan", args.data.is_some());
    args.common.road("gtzan", &root, &args.work, &experiment, &command).walk(&segno)
}

pub fn fma(args: &Fma) -> Result<()> {
    let segno = Segno::build(args.common.device.starts_with("cuda"))?;
    let fma = args.corpus == "fma";
    ensure!(fma || args.data.is_some(), "corpus 4qaed cannot be fetched: ask its authors for it and give its folder to --data");
    let data = args.data.clone().map_or_else(|| cache("fma"), Ok)?;
    if fma {
        // A folder that was given is not filled from the network: what is missing there is told, and the run goes on.
        let mut fetch = vec!["corpus", "fetch", "fma", "--to", text(&data)?];
        fetch.extend(args.yes.then_some("--yes").or(args.data.is_some().then_some("--offline")));
        segno.run(&fetch)?;
    }
    let experiment = if fma { "datasets/fma/experiments/li-2019.toml" } else { "datasets/4qaed/experiments/li-2019-budget.toml" };
    let work = args.work.clone().unwrap_or_else(|| Path::new("runs").join(&args.corpus));
    let what = if fma { "reproduce-fma".to_owned() } else { format!("reproduce-fma --corpus {}", args.corpus) };
    let command = args.common.command(&what, args.data.is_some());
    args.common.road(&args.corpus, &data, &work, &repository().join(experiment), &command).walk(&segno)
}

impl Common {
    /// The command as a reader would type it.
    fn command(&self, what: &str, data: bool) -> String {
        let mut command = format!("cargo xtask {what}");
        if self.device != "cpu" {
            command += &format!(" --device {}", self.device);
        }
        if let Some(seeds) = self.seeds {
            command += &format!(" --seeds {seeds}");
        }
        if data {
            command += " --data <folder>";
        }
        self.only.iter().for_each(|row| command += &format!(" --only {row}"));
        self.protocol.iter().for_each(|protocol| command += &format!(" --protocol {protocol}"));
        command
    }

    fn road<'a>(&'a self, corpus: &'a str, root: &'a Path, work: &'a Path, experiment: &'a Path, command: &'a str) -> Road<'a> {
        let Self { device, seeds, only, protocol, strict } = self;
        Road { corpus, root, work, experiment, device, seeds: *seeds, only, protocols: protocol, strict: *strict, command }
    }
}

/// The cache folder of a corpus.
fn cache(corpus: &str) -> Result<PathBuf> {
    let cache = std::env::var_os("SEGNO_CACHE").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".cache/segno"));
    Ok(cache.or_else(home).context("no home folder: set SEGNO_CACHE or give --data")?.join(corpus))
}
