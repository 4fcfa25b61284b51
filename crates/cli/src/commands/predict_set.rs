//! `segno predict-set`: a model and a part of the split → predictions. The only stage that opens the test part.

use anyhow::{Context, Result, ensure};
use segno_dataset::{Part, PredictionSource, Predictions};
use segno_eval::predict;
use segno_models::ModelFile;
use segno_trainer::TRAINER_VERSION;

use super::inputs::RunInputs;
use super::{listed, make_room, print_json};
use crate::args::RunArgs;
use crate::device::on_device;
use crate::lock::Lock;
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
    /// Part of the split: test, or train for papers that print training accuracy
    #[arg(long, default_value = "test")]
    part: Part,
}

pub fn run(args: &Args) -> Result<()> {
    let (part, args) = (args.part, &args.run);
    let inputs = RunInputs::open(args)?;
    let RunInputs { layout, key, shards, split, .. } = &inputs;
    let model_path = layout.model(key);
    let model = ModelFile::read(&model_path).context("run `segno train` first")?;
    let changed = model.differences(&inputs.card()?, TRAINER_VERSION);
    ensure!(changed.is_empty(), "{}: the model is of another job ({}): train it again", model_path.display(), listed(&changed));
    let digest = model.digest();
    let source = PredictionSource {
        experiment: key.row.clone(),
        protocol: key.protocol,
        seed: key.seed,
        fold: key.fold,
        part,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        model_digest: digest.clone(),
        split_digest: split.digest(),
        shards_digest: shards.digest(),
    };
    let path = layout.predictions(key, part);
    let _lock = Lock::take(&layout.lock(&format!("predict-{}-{}-{part}", key.row, key.stem())), "segno predict-set")?;
    let skipped = Predictions::read(&path).is_ok_and(|before| before.source == source);
    if !skipped {
        let clock =
            Clock::of_run(layout, &format!("4-predict-{part}"), &format!("predict the {part} parts"), key, args.device.to_string(), false);
        let examples = inputs.examples(&model.card, part, inputs.experiment.shards.memory_bytes())?;
        ensure!(!examples.is_empty(), "the {part} part of the split has no clips");
        let bar = progress::bar(&format!("predict {} {part}", key.row), examples.len() as u64, "clips");
        let step = |clips: usize| bar.inc(clips as u64);
        let predictions = on_device!(args.device, B, at => predict::<B>(&model, &examples, source, BATCH_SIZE, &at, step)?);
        bar.finish_and_clear();
        make_room(&path)?;
        predictions.write(&path)?;
        clock.keep()?;
    }
    if args.place.json {
        print_json(&serde_json::json!({ "file": path, "model_digest": digest, "skipped": skipped }));
    }
    Ok(())
}
