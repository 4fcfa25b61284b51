//! `segno model verify`: whether a file is what it was when it was written, and can be asked.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::backend::Flex;
use segno_models::{AnyModel, Head, Rows, TensorFile};

use crate::library::Library;
use crate::told::tell;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
A file is sealed with the digest of its contents when it is written: any byte that has changed since is told. Status 1 where something
is wrong.")]
pub struct Args {
    /// Model file, or a name of the library
    #[arg(value_name = "MODEL")]
    model: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let path = Library::model_file(Some(&args.model))?;
    let file = TensorFile::read(&path)?; // holds the contents against the seal
    let model = AnyModel::read(&path)?;
    let numbers = file.tensors.iter().map(|tensor| tensor.values.len()).sum::<usize>();
    for tensor in &file.tensors {
        let place = tensor.values.iter().position(|value| !value.is_finite());
        ensure!(
            place.is_none(),
            "{}: number {} of tensor {} is {}, expected a finite one: the model is of no use",
            path.display(),
            place.unwrap_or_default(),
            tensor.name,
            tensor.values[place.unwrap_or_default()]
        );
    }
    fits(&model, &path)?;
    let seal = match TensorFile::has_seal(&path)? {
        true => "its seal is whole".to_owned(),
        false => "it has no seal, being of a version before there were any: a changed byte would not be noticed".to_owned(),
    };
    tell!(
        "{}: digest {:.12}, {} tensors that fit, {numbers} numbers, all finite; {seal}",
        path.display(),
        model.digest(),
        file.tensors.len()
    );
    Ok(())
}

/// Builds everything once.
fn fits(model: &AnyModel, path: &Path) -> Result<()> {
    let of_file = || path.display().to_string();
    match model {
        AnyModel::Trained(model) => drop(model.network::<Flex>(&Default::default()).with_context(of_file)?),
        AnyModel::Backbone(backbone) => drop(backbone.network().with_context(of_file)?),
        AnyModel::Head(head) => of_head(head).with_context(of_file)?,
    }
    Ok(())
}

fn of_head(head: &Head) -> Result<()> {
    for (task, classifier) in head.card.tasks.iter().zip(&head.classifiers) {
        let width = classifier.normaliser.mean.len();
        let row = Rows { values: &vec![0.0; width], width };
        let logits = classifier.logits::<Flex>(&task.model, &task.task, row, &Default::default())?;
        ensure!(logits.len() == task.task.classes.len(), "{}: {} logits", task.task.task, logits.len());
    }
    for backbone in &head.backbones {
        backbone.network()?;
    }
    Ok(())
}
