//! `segno predict`: audio files and one model file → what the model says of each.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use segno_eval::Answerer;
use segno_features::{EXTRACTOR_VERSION, FeatureSpec};
use segno_models::{ModelFile, TaskClasses, ops::Ops};
use serde_json::json;

use super::print_json;
use crate::Device;
use crate::device::on_device;
use crate::preprocess::Worker;
use crate::told::{show, tell};

/// Classes of a task that are shown; JSON has them all.
const SHOWN: usize = 3;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The model file says what features it wants; the files may have any rate and any format that `segno extract` reads. A probability is
the mean over a file's clips. It is what the network says, not calibrated: do not take it for a confidence.

Example:
  segno predict --model work/models/cnn-attention/track-1.safetensors *.mp3")]
pub struct Args {
    /// Model file, as `segno train` writes it
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Audio files
    #[arg(required = true, value_name = "AUDIO")]
    files: Vec<PathBuf>,
    /// `cpu`, `ndarray`, `cuda` or `cuda-mixed`, with `:` and a number for another than the first GPU
    #[arg(long, default_value = "cpu")]
    device: Device,
    /// Print a JSON object a file, with every class
    #[arg(long)]
    json: bool,
}

/// What a model says of a file: a task each, the mean of its clips' probabilities.
struct Answer {
    clips: usize,
    probabilities: Vec<Vec<f32>>,
}

pub fn run(args: &Args) -> Result<()> {
    args.device.check()?;
    let model = ModelFile::read(&args.model)?;
    ensure!(
        model.card.extractor_version == EXTRACTOR_VERSION,
        "{}: the model was trained on features of extractor version {}, and this segno computes version {EXTRACTOR_VERSION}: train it again",
        args.model.display(),
        model.card.extractor_version
    );
    let spec: FeatureSpec = serde_json::from_value(model.card.features.clone())
        .with_context(|| format!("{}: its feature specification", args.model.display()))?;
    ensure!(
        spec.shape() == model.card.signature.input,
        "{}: its feature specification gives clips of {:?}, and its network takes {:?}: train it again",
        args.model.display(),
        spec.shape(),
        model.card.signature.input
    );
    let mut worker = Worker::new(&spec)?;
    let failed = on_device!(args.device, B, at => {
        let answerer = Answerer::<B>::new(&model, &at)?;
        let mut failed = 0;
        for file in &args.files {
            match ask(&answerer, &model, &mut worker, file) {
                Ok(answer) => show(args.json, file, &model.card.signature.tasks, &answer),
                Err(error) => {
                    tell!("segno: {error:#}");
                    failed += 1;
                }
            }
        }
        failed
    });
    ensure!(failed == 0, "{failed} of {} files have no answer", args.files.len());
    Ok(())
}

fn ask<B: Ops>(answerer: &Answerer<'_, B>, model: &ModelFile, worker: &mut Worker, file: &Path) -> Result<Answer> {
    let features = worker.features_of(file)?.to_vec();
    let [frames, bins] = model.card.signature.input;
    let clips = features.len() / (frames * bins);
    ensure!(clips > 0, "{}: shorter than one clip of the model's", file.display());
    let means = |(task, probabilities): (&TaskClasses, Vec<f32>)| {
        let classes = task.classes.len();
        let sum = |class| probabilities.iter().skip(class).step_by(classes).sum::<f32>();
        (0..classes).map(|class| sum(class) / clips as f32).collect()
    };
    let probabilities = model.card.signature.tasks.iter().zip(answerer.probabilities(features)).map(means).collect();
    Ok(Answer { clips, probabilities })
}

fn show(as_json: bool, file: &Path, tasks: &[TaskClasses], answer: &Answer) {
    let named = tasks.iter().zip(&answer.probabilities);
    if as_json {
        let all = |(task, probabilities): (&TaskClasses, &Vec<f32>)| {
            let classes = task.classes.iter().cloned().zip(probabilities.iter().map(|probability| json!(probability)));
            (task.task.clone(), classes.collect::<serde_json::Map<_, _>>().into())
        };
        let tasks: serde_json::Map<_, serde_json::Value> = named.map(all).collect();
        print_json(&json!({ "file": file, "clips": answer.clips, "tasks": tasks }));
        return;
    }
    show!("{}", file.display());
    for (task, probabilities) in named {
        let mut ranked: Vec<(&String, &f32)> = task.classes.iter().zip(probabilities).collect();
        ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let shown: Vec<String> = ranked.iter().take(SHOWN).map(|(class, probability)| format!("{class} {probability:.2}")).collect();
        show!("  {:<8} {}", task.task, shown.join("  "));
    }
}
