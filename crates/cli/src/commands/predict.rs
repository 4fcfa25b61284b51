//! `segno predict`: audio files and one model file → what the model says of each.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use segno_models::{AnyModel, TaskClasses};
use serde_json::json;

use super::print_json;
use crate::Device;
use crate::answer::{Answer, HeadAnswers, Tagger, Trained};
use crate::device::on_device;
use crate::told::{show, tell};
use crate::walk::audio_files;

/// Classes of a task that are shown; JSON has them all.
const SHOWN: usize = 3;
/// Tags that are shown, of which several are true at once.
const TAGS_SHOWN: usize = 8;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The model file says what features it wants; the files may have any rate and any format that `segno extract` reads. A probability is
the mean over a file's clips, or, of a head, of the whole file. That of a head is calibrated on tracks that it was not fitted on; those
of other networks are what they say: do not take them for a confidence.

Examples:
  segno predict --model work/models/cnn-attention/track-1.safetensors *.mp3
  segno predict --model musicnn-msd.safetensors music/
  segno predict --model mine.safetensors --backbone musicnn-msd.safetensors music/")]
pub struct Args {
    /// Model file, as `segno train`, `segno head train` or `segno model import` writes it
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Pre-trained network that a head listens with, where it does not bring it along
    #[arg(long, value_name = "FILE")]
    backbone: Vec<PathBuf>,
    /// Audio files, and folders of them
    #[arg(required = true, value_name = "AUDIO")]
    files: Vec<PathBuf>,
    /// `cpu`, `ndarray`, `cuda` or `cuda-mixed`, with `:` and a number for another than the first GPU
    #[arg(long, default_value = "cpu")]
    device: Device,
    /// Print a JSON object a file, with every class
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    args.device.check()?;
    let files = audio_files(&args.files)?;
    let model = AnyModel::read(&args.model)?;
    ensure!(args.backbone.is_empty() || matches!(model, AnyModel::Head(_)), "--backbone: {} is no head", args.model.display());
    let failed = match &model {
        AnyModel::Trained(model) => on_device!(args.device, B, at => {
            let mut trained = Trained::<B>::new(model, &args.model, &at)?;
            ask(args.json, &files, |file| trained.answer(file))
        }),
        AnyModel::Backbone(backbone) => {
            let mut tagger = Tagger::new(backbone)?;
            ask(args.json, &files, |file| tagger.answer(file))
        }
        AnyModel::Head(head) => {
            let mut answers = HeadAnswers::new(head, &args.model, &args.backbone)?;
            ask(args.json, &files, |file| answers.answer(file))
        }
    };
    ensure!(failed == 0, "{failed} of {} files have no answer", files.len());
    Ok(())
}

/// Asks about each file; how many have no answer.
fn ask(as_json: bool, files: &[PathBuf], mut answer: impl FnMut(&Path) -> Result<Answer>) -> usize {
    let mut failed = 0;
    for file in files {
        match answer(file) {
            Ok(answer) => print(as_json, file, &answer),
            Err(error) => {
                tell!("segno: {}", crate::told(&error));
                failed += 1;
            }
        }
    }
    failed
}

fn print(as_json: bool, file: &Path, answer: &Answer) {
    if as_json {
        let all = |(task, probabilities): &(TaskClasses, Vec<f32>)| {
            let classes = task.classes.iter().cloned().zip(probabilities.iter().map(|probability| json!(probability)));
            (task.task.clone(), classes.collect::<serde_json::Map<_, _>>().into())
        };
        let tasks: serde_json::Map<_, serde_json::Value> = answer.tasks.iter().map(all).collect();
        let mut told = json!({ "file": file, "clips": answer.clips, "tasks": tasks });
        if let Some(note) = &answer.note {
            told["note"] = json!(note);
        }
        print_json(&told);
        return;
    }
    show!("{}", file.display());
    for (task, probabilities) in &answer.tasks {
        let mut ranked: Vec<(&String, &f32)> = task.classes.iter().zip(probabilities).collect();
        ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let most = if answer.are_tags { TAGS_SHOWN } else { SHOWN };
        let shown: Vec<String> = ranked.iter().take(most).map(|(class, probability)| format!("{class} {probability:.2}")).collect();
        show!("  {:<8} {}", task.task, shown.join("  "));
    }
    if let Some(note) = &answer.note {
        show!("  note     {note}");
    }
}
