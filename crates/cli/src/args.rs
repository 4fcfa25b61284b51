//! The command line.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, CommandFactory, Parser, Subcommand};
use segno_dataset::{Fold, Protocol};
use segno_store::Store;

use crate::commands::{
    answers, audit, auralise, completions, corpus, embed, experiment, explain, extract, head, man, map, model, predict, predict_set,
    report, similar, split, tags, train,
};
use crate::{Device, Experiment, Layout, RunKey};

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

Exit status: 0 done, 1 error, 2 wrong command line, 3 the device asked for is not there,
4 an audit found what --fail-on names, 5 a sound is not heard as what it was made for.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Make, fetch or index a corpus
    #[command(subcommand)]
    Corpus(corpus::Command),
    /// Print an experiment file as the stages read it
    Experiment(experiment::Args),
    /// Decode audio and write feature shards, on all cores
    Extract(extract::Args),
    /// Look for duplicates, and for what a split has on two sides
    Audit(audit::Args),
    /// Draw which clips are trained on, selected on, tested on
    Split(split::Args),
    /// Train one row of an experiment
    Train(train::Args),
    /// Take a pre-trained network into a model file
    #[command(subcommand)]
    Model(model::Command),
    /// Write what a pre-trained network makes of audio, a row a track
    Embed(embed::Args),
    /// Fit a classifier of one's own over pre-trained networks
    #[command(subcommand)]
    Head(head::Command),
    /// Ask a trained model about audio files
    Predict(predict::Args),
    /// Take back what was written into files' tags
    #[command(subcommand)]
    Tags(tags::Command),
    /// Draw what a model's answer hangs on
    Explain(explain::Args),
    /// Make the sound that a network takes for a class, or what of a track it hangs on
    Auralise(auralise::Args),
    /// Find the tracks of a library that sound like one
    Similar(similar::Args),
    /// Lay a library out in the plane: a page
    Map(map::Args),
    /// Run a trained model over the test part
    PredictSet(predict_set::Args),
    /// Compute every number from stored predictions: HTML, Markdown, JSON
    Report(report::Args),
    /// Print what every run answers for every clip, with a digest
    Answers(answers::Args),
    /// Print what a shell needs to complete commands and options
    Completions(completions::Args),
    /// Write a manual page a command
    Man(man::Args),
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
    /// Where the shards are: a folder, or s3://bucket/prefix with the usual AWS_… variables [default: <WORK>/features]
    #[arg(long, value_name = "LOCATION")]
    pub shards: Option<String>,
    /// Print a JSON object
    #[arg(long)]
    pub json: bool,
}

impl Place {
    /// The files of the work folder, and the shards wherever they are.
    ///
    /// # Errors
    /// The location of the shards names no place.
    pub fn layout(&self) -> Result<Layout> {
        self.layout_of(&self.work)
    }

    /// As [`Place::layout`], of another work folder.
    ///
    /// # Errors
    /// As [`Place::layout`].
    pub fn layout_of(&self, work: &Path) -> Result<Layout> {
        let layout = Layout::new(work);
        match &self.shards {
            Some(location) => Ok(layout.with_shards(Store::open(location)?)),
            None => Ok(layout),
        }
    }
}

/// One run of an experiment, and where it reads and writes.
#[derive(Args, Debug)]
pub struct RunArgs {
    #[command(flatten)]
    pub place: Place,
    /// Row of the experiment, e.g. lstm-2x250
    #[arg(long)]
    pub row: String,
    /// How the split is drawn: published, track, artist-once, artist or fault-filtered
    #[arg(long)]
    pub protocol: Protocol,
    /// Fold of a protocol that has folds (artist), counted from 1
    #[arg(long)]
    pub fold: Option<u32>,
    /// Seed of split, parameters, order and dropout
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// `cpu`, `ndarray`, `cuda` or `cuda-mixed` (products in half precision), with `:` and a number for another than the
    /// first GPU
    #[arg(long, default_value = "cpu")]
    pub device: Device,
}

impl RunArgs {
    /// The run's key in the work folder.
    ///
    /// # Errors
    /// The protocol has folds and none of them was named, or it has none and one was.
    pub fn key(&self, experiment: &Experiment) -> Result<RunKey> {
        let fold = match (self.protocol.has_folds(), self.fold) {
            (false, None) => None,
            (true, Some(index)) => Some(Fold::new(index, experiment.folds)?),
            (true, None) => bail!("protocol {} has {} folds: name one with --fold", self.protocol, experiment.folds),
            (false, Some(index)) => bail!("protocol {} has no folds, found --fold {index}: leave it out", self.protocol),
        };
        Ok(RunKey { row: self.row.clone(), protocol: self.protocol, seed: self.seed, fold })
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
        Command::Audit(args) => audit::run(&args),
        Command::Split(args) => split::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Model(command) => model::run(&command),
        Command::Embed(args) => embed::run(&args),
        Command::Head(command) => head::run(&command),
        Command::Predict(args) => predict::run(&args),
        Command::Tags(command) => tags::run(&command),
        Command::Explain(args) => explain::run(&args),
        Command::Auralise(args) => auralise::run(&args),
        Command::Similar(args) => similar::run(&args),
        Command::Map(args) => map::run(&args),
        Command::PredictSet(args) => predict_set::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Answers(args) => answers::run(&args),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    }
}
