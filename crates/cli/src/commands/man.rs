//! `segno man`: a manual page for the program and for each of its commands.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Command;

use crate::told::tell;

#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  segno man ~/.local/share/man/man1 && man segno-predict")]
pub struct Args {
    /// Folder to write segno.1, segno-extract.1 and so on into
    dir: PathBuf,
}

pub fn run(args: &Args, command: Command) -> Result<()> {
    let to = || args.dir.display().to_string();
    fs::create_dir_all(&args.dir).with_context(to)?;
    clap_mangen::generate_to(command, &args.dir).with_context(to)?;
    tell!("man: pages in {}", args.dir.display());
    Ok(())
}
