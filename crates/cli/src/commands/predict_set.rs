//! `segno predict-set`: a model and the test part → predictions. The only stage that opens the test part.

use anyhow::{Context, Result, ensure};
use segno_dataset::{Examples, Part, PredictionSource, Predictions};
use segno_eval::predict;
use segno_models::ModelFile;

use super::{make_room, manifest, print_json, shards, split};
use crate::args::RunArgs;
use crate::device::on_device;
use crate::experiment::Experiment;
use crate::layout::Layout;
use crate::progress;
use crate::timing::Clock;

/// Clips a step; their number changes nothing but the memory.
const BATCH_SIZE: usize = 128;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Example:
  segno predict-set --work work --experiment datasets/gtzan/experiments/irvin-2016.toml \\
                    --row lstm-2x250 --protocol published --seed 1")]
pub struct Args {
    #[command(flatten)]
    run: RunArgs,
}

pub fn run(args: &Args) -> Result<()> {
    let args = &args.run;
    let device = args.device;
    device.check()?;
    let experiment = Experiment::read(&args.place.experiment)?;
    let row = experiment.row(&args.row)?;
    let (layout, key) = (Layout::new(&args.place.work), args.key());
    let manifest = manifest(&layout, &experiment)?;
    let shards = shards(&layout, &experiment, row, &manifest)?;
    let split = split(&layout, &key, &manifest)?;
    let model = ModelFile::read(&layout.model(&key)).context("run `segno train` first")?;
    for (what, found, expected) in
        [("shards", &model.card.shards_digest, shards.digest()), ("split", &model.card.split_digest, split.digest())]
    {
        ensure!(
            *found == expected,
            "{}: the model was trained on {what} {}, these are {}: train it again",
            layout.model(&key).display(),
            short(found),
            short(&expected)
        );
    }
    let source = PredictionSource {
        experiment: key.row.clone(),
        protocol: key.protocol,
        seed: key.seed,
        model_digest: model.digest(),
        split_digest: split.digest(),
        shards_digest: shards.digest(),
    };
    let path = layout.predictions(&key);
    let skipped = Predictions::read(&path).is_ok_and(|before| before.source == source);
    if !skipped {
        let clock = Clock::start();
        let tasks: Vec<(&str, &[String])> =
            model.card.signature.tasks.iter().map(|task| (task.task.as_str(), task.classes.as_slice())).collect();
        let examples = Examples::load(&shards, &split, Part::Test, &manifest, &tasks)?;
        ensure!(!examples.is_empty(), "the test part of the split has no clips");
        let bar = progress::bar(&format!("predict {}", key.row), examples.len() as u64, "clips");
        let step = |clips: usize| bar.inc(clips as u64);
        let predictions = on_device!(device, B, at => predict::<B>(&model, examples, source, BATCH_SIZE, &at, step)?);
        bar.finish_and_clear();
        make_room(&path)?;
        predictions.write(&path)?;
        clock.keep(
            &layout,
            &format!("4-predict-{}-{}-{}", key.row, key.protocol, key.seed),
            "predict the test parts",
            Some(device.to_string()),
        )?;
    }
    if args.json {
        print_json(&serde_json::json!({ "file": path, "model_digest": model.digest(), "skipped": skipped }));
    }
    Ok(())
}

fn short(digest: &str) -> &str {
    &digest[..digest.len().min(12)]
}
