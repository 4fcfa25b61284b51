//! `segno model export`: a model for other programs.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use segno_models::{AnyModel, Head, ModelFile, NamedTensor, Normaliser, TensorFile};
use serde_json::{Value, json};

use crate::commands::write_whole;
use crate::library::Library;
use crate::onnx;
use crate::told::tell;

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// The tensors under their names, as any reader takes them
    Safetensors,
    /// A graph from features to probabilities, of what has one: logistic regression, support vector machines, perceptrons
    Onnx,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Beside the file a FILE.json says what goes in (features or embeddings, by their specification), what comes out, and the card. What comes
before a row of numbers is not in the file: `segno embed` and `segno extract` make them.

Examples:
  segno model export mine --format onnx --out mine.onnx
  segno model export musicnn-msd --out musicnn.safetensors")]
pub struct Args {
    /// Model file, or a name of the library
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    #[arg(long, default_value = "safetensors")]
    format: Form,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let path = Library::model_file(Some(&args.model))?;
    let model = AnyModel::read(&path)?;
    let bytes = match (args.format, &model) {
        (Form::Safetensors, model) => TensorFile { tensors: tensors(model), ..TensorFile::default() }.to_plain_bytes(),
        (Form::Onnx, AnyModel::Head(head)) => onnx::of_head(head).with_context(|| path.display().to_string())?,
        (Form::Onnx, AnyModel::Trained(model)) => onnx::of_trained(model).with_context(|| path.display().to_string())?,
        (Form::Onnx, AnyModel::Backbone(_)) => {
            bail!("{}: MusiCNN has no ONNX graph here: export it as --format safetensors", path.display())
        }
    };
    write_whole(&args.out, &bytes)?;
    let mut beside = args.out.clone().into_os_string();
    beside.push(".json");
    write_whole(beside.as_ref(), format!("{:#}\n", description(&model)?).as_bytes())?;
    tell!("{}: {} bytes, and what it is in {}", args.out.display(), bytes.len(), beside.display());
    Ok(())
}

fn tensors(model: &AnyModel) -> Vec<NamedTensor> {
    match model {
        AnyModel::Backbone(backbone) => backbone.weights.clone(),
        AnyModel::Trained(ModelFile { normaliser, weights, .. }) => with_normaliser("", normaliser, weights),
        AnyModel::Head(Head { card, classifiers, .. }) => {
            let of = card.tasks.iter().zip(classifiers);
            of.flat_map(|(task, of)| with_normaliser(&format!("{}.", task.task.task), &of.normaliser, &of.weights)).collect()
        }
    }
}

fn with_normaliser(prefix: &str, normaliser: &Normaliser, weights: &[NamedTensor]) -> Vec<NamedTensor> {
    let of =
        |name: &str, values: &[f32]| NamedTensor { name: format!("normaliser.{name}"), shape: vec![values.len()], values: values.to_vec() };
    let statistics = [of("mean", &normaliser.mean), of("deviation", &normaliser.deviation)];
    let all = statistics.into_iter().filter(|tensor| !tensor.values.is_empty()).chain(weights.iter().cloned());
    all.map(|tensor| NamedTensor { name: format!("{prefix}{}", tensor.name), ..tensor }).collect()
}

fn description(model: &AnyModel) -> Result<Value> {
    let (what, card) = match model {
        AnyModel::Head(head) => (
            "a task each: x = the task's inputs of the card side by side; (x - normaliser.mean) / normaliser.deviation; the classifier; \
             its logits over the card's temperature; softmax over the card's classes",
            serde_json::to_value(&head.card)?,
        ),
        AnyModel::Trained(model) => (
            "(features - normaliser.mean) / normaliser.deviation bin by bin; the network of the card; softmax over each task's classes",
            serde_json::to_value(&model.card)?,
        ),
        AnyModel::Backbone(backbone) => {
            ("MusiCNN: patches of the card's specification; the network; sigmoid, a tag each", serde_json::to_value(&backbone.card)?)
        }
    };
    Ok(json!({ "segno": env!("CARGO_PKG_VERSION"), "digest": model.digest(), "what": what, "card": card }))
}
