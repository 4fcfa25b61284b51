//! The command line.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use segno_dataset::Protocol;

use crate::commands::{corpus, experiment, extract, predict_set, report, split, train};
use crate::{Device, RunKey};

/// Music genre and mood classification that anyone can repeat.
#[derive(Debug, Parser)]
#[command(name = "segno", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples, a road from audio to report:
  segno corpus synth audio
  segno corpus index synthetic --root audio --work work
  segno extract --root audio --work work --experiment datasets/synthetic/experiments/quickstart.toml
  segno split --work work --experiment … --protocol track --seed 1
  segno train --work work --experiment … --row lstm --protocol track --seed 1
  segno predict-set --work work --experiment … --row lstm --protocol track --seed 1
  segno report --work work --experiment …

Exit status: 0 done, 1 error, 2 wrong command line, 3 the device asked for is not there.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Make, fetch or index a corpus
    #[command(subcommand)]
    Corpus(corpus::Command),
    /// Print an experiment file as the stages read it
    Experiment(experiment::Args),
    /// Decode audio and write feature shards, on all cores
    Extract(extract::Args),
    /// Draw which clips are trained on, selected on, tested on
    Split(split::Args),
    /// Train one row of an experiment
    Train(train::Args),
    /// Run a trained model over the test part
    PredictSet(predict_set::Args),
    /// Compute every number from stored predictions: HTML, Markdown, JSON
    Report(report::Args),
}

/// Where a stage reads and writes, and how it answers.
#[derive(Args, Debug)]
pub struct Place {
    /// Work folder: manifest, shards, splits, models, predictions
    #[arg(long, value_name = "DIR")]
    pub work: PathBuf,
    /// Experiment file (datasets/<corpus>/experiments/*.toml)
    #[arg(long, value_name = "FILE")]
    pub experiment: PathBuf,
    /// Print a JSON object
    #[arg(long)]
    pub json: bool,
}

/// One run of an experiment, and where it reads and writes.
#[derive(Args, Debug)]
pub struct RunArgs {
    #[command(flatten)]
    pub place: Place,
    /// Row of the experiment, e.g. lstm-2x250
    #[arg(long)]
    pub row: String,
    /// How the split is drawn: published, track or fault-filtered
    #[arg(long)]
    pub protocol: Protocol,
    /// Seed of split, parameters, order and dropout
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// `cpu`, `ndarray` or `cuda`, with `:` and a number for another than the first GPU
    #[arg(long, default_value = "cpu")]
    pub device: Device,
}

impl RunArgs {
    /// The run's key in the work folder.
    pub fn key(&self) -> RunKey {
        RunKey { row: self.row.clone(), protocol: self.protocol, seed: self.seed }
    }
}

/// Runs a command line.
///
/// # Errors
/// Whatever the stage gives; see [`crate::exit_code`].
pub fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Corpus(command) => corpus::run(command),
        Command::Experiment(args) => experiment::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Split(args) => split::run(&args),
        Command::Train(args) => train::run(&args),
        Command::PredictSet(args) => predict_set::run(&args),
        Command::Report(args) => report::run(&args),
    }
}
