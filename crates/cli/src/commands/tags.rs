//! `segno tags`: what was written into files' tags, taken back.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use segno_dataset::DatasetError;
use segno_tags::{Undone, read_undo};

use crate::stop::{self, Finishing};
use crate::tagging::{same_audio, shown};
use crate::told::{show, tell};

#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Put fields back to what they were before `segno predict --write-tags --apply`
    Undo(Args),
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The last change is undone first. A field that was written by another program since is left, with a message; what is undone already stays as
it is, so that the same command goes on where another was cut off. The undo file is left where it lies.

Example:
  segno tags undo segno-undo-1.jsonl")]
pub struct Args {
    /// What `segno predict --write-tags --apply` wrote down
    #[arg(value_name = "FILE")]
    undo_file: PathBuf,
}

pub fn run(command: &Command) -> Result<()> {
    match command {
        Command::Undo(args) => undo(args),
    }
}

fn undo(args: &Args) -> Result<()> {
    let plans = read_undo(&args.undo_file)?;
    let _finishing = Finishing::begin();
    let (mut restored, mut failed) = (0, 0);
    for (done, plan) in plans.iter().enumerate() {
        if stop::asked() {
            return Err(DatasetError::Stopped { written: done, parts: plans.len() }.into());
        }
        let file = plan.file().display();
        match plan.undo(same_audio) {
            Ok(Undone::Already) => show!("{file}: as it was already"),
            Ok(Undone::Restored) => {
                let back = plan.changes().iter().map(|change| format!("\n  {}  {}", change.field, shown(&change.before.values)));
                show!("{file}{}", back.collect::<String>());
                restored += 1;
            }
            Err(error) => {
                tell!("segno: {error}");
                failed += 1;
            }
        }
    }
    tell!("undo: {restored} of {} files put back", plans.len());
    ensure!(failed == 0, "{failed} of {} files could not be put back", plans.len());
    Ok(())
}
