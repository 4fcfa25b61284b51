//! `cargo xtask cuda`: what is to be done on a machine with a GPU, by one command.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::bench;
use crate::segno::repository;

#[derive(clap::Args)]
#[command(after_help = "\
Without an NVIDIA GPU it says so and ends with status 3, before anything is built. The build takes some twenty minutes of
processor time; no CUDA toolkit is needed for it, the driver and NVRTC are for what follows.")]
pub struct Args {
    /// A Python with PyTorch for this GPU, in place of a virtual environment: `python=FILE`
    #[arg(long, value_name = "NAME=FILE", value_parser = bench::python)]
    python: Vec<(String, PathBuf)>,
    /// Folder of virtual environments
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    work: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    if bench::gpu().is_none() {
        eprintln!("cuda: nvidia-smi tells of no GPU: install NVIDIA's driver, or leave --device at cpu");
        std::process::exit(3);
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(repository()).args(["test", "--release", "--package", "segno-cli", "--features", "cuda", "--test", "cuda"]);
    let status = cargo.args(["--", "--nocapture"]).status().context("cannot start cargo")?;
    ensure!(status.success(), "the GPU does not give what the CPU gives, or the build failed: nothing is timed");
    bench::on_gpu(args.python.clone(), args.work.clone())
}
