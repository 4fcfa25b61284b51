//! `segno completions`: what a shell completes.

use anyhow::Result;
use clap::Command;
use clap_complete::{Shell, generate};

use crate::told::show;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  segno completions bash > ~/.local/share/bash-completion/completions/segno
  segno completions zsh > ~/.zfunc/_segno          # a folder of your fpath
  segno completions fish > ~/.config/fish/completions/segno.fish")]
pub struct Args {
    shell: Shell,
}

pub fn run(args: &Args, mut command: Command) -> Result<()> {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    generate(args.shell, &mut command, name, &mut script);
    show!("{}", String::from_utf8(script)?);
    Ok(())
}
