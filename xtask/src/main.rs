//! `cargo xtask`: starts `segno` stage by stage, and checks the house.

mod bench;
mod cuda;
mod quickstart;
mod real_audio;
mod regress;
mod reproduce;
mod road;
mod segno;
mod tidy;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// From a synthetic corpus to a report, in a minute or two
    Quickstart {
        /// Work folder
        #[arg(long, default_value = "runs/quickstart")]
        work: PathBuf,
    },
    /// Every row of Irvin, Chartock, Hollander 2016 on GTZAN
    ReproduceGtzan(reproduce::Gtzan),
    /// Every table and figure of Li 2019, on FMA or on 4QAED
    ReproduceFma(reproduce::Fma),
    /// Every row of one experiment file, from audio to its report
    Run(reproduce::Experiment),
    /// What must hold of real clips: for CI, where such clips are at hand
    RealAudio {
        /// Folder with gtzan/, 4qaed/ and fma/
        data: PathBuf,
    },
    /// Run the quick configurations again and hold them against tests/baselines
    Regress(regress::Args),
    /// Measure speed and memory beside the peers, and write docs/performance.md
    Bench(bench::Args),
    /// Build with CUDA, hold the GPU's losses against the CPU's, and time both papers' best networks beside PyTorch
    Cuda(cuda::Args),
    /// Check the arrows between crates, the homes of libraries, and the pages that tell of them
    Tidy,
}

fn main() -> Result<()> {
    segno::listen()?;
    match Cli::parse().command {
        Command::Quickstart { work } => quickstart::run(&work),
        Command::ReproduceGtzan(args) => reproduce::gtzan(&args),
        Command::ReproduceFma(args) => reproduce::fma(&args),
        Command::Run(args) => reproduce::experiment(&args),
        Command::RealAudio { data } => real_audio::run(&data),
        Command::Regress(args) => regress::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Cuda(args) => cuda::run(&args),
        Command::Tidy => tidy::run(),
    }
}
