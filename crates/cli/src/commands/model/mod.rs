//! `segno model`: model files by themselves, and those of the library by name.

mod card;
mod export;
mod import;
mod verify;

use anyhow::Result;
use segno_models::AnyModel;

use crate::library::{Library, NONE_YET};
use crate::told::{show, tell};

#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Take a model into the library: a pre-trained network that its authors give out, or a model file
    #[command(subcommand)]
    Import(import::Import),
    /// The models of the library; a star stands before the one in use
    List,
    /// Choose the model that `segno predict` takes where none is named
    Use {
        /// Its name in the library
        name: String,
    },
    /// What a model is, where it came from, and how right it is
    Card(card::Args),
    /// Look whether a file is whole: its seal, the shapes of its tensors, its numbers
    Verify(verify::Args),
    /// Write a model for other programs
    Export(export::Args),
}

pub fn run(command: &Command) -> Result<()> {
    match command {
        Command::Import(command) => import::run(command),
        Command::List => list(&Library::of_user()?),
        Command::Use { name } => {
            Library::of_user()?.put_into_use(name)?;
            tell!("{name} is in use");
            Ok(())
        }
        Command::Card(args) => card::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Export(args) => export::run(args),
    }
}

fn list(library: &Library) -> Result<()> {
    let (models, used) = (library.list()?, library.in_use());
    if models.is_empty() {
        tell!("{NONE_YET}");
    }
    for (name, path) in models {
        let star = if used.as_ref() == Some(&name) { '*' } else { ' ' };
        let kind = match AnyModel::read(&path) {
            Ok(AnyModel::Backbone(backbone)) => format!("pre-trained network, {} tags", backbone.card.tags.len()),
            Ok(AnyModel::Head(head)) => format!("head for {}", card::tasks(head.card.tasks.iter().map(|task| &task.task))),
            Ok(AnyModel::Trained(model)) => format!("network for {}", card::tasks(model.card.signature.tasks.iter())),
            Err(error) => error.to_string(),
        };
        show!("{star} {name:<24} {kind}");
    }
    Ok(())
}
