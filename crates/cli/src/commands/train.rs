//! `segno train`: shards and split → model file and curves.

use std::fs;

use anyhow::{Result, ensure};
use burn::backend::Autodiff;
use segno_dataset::{Curves, Part};
use segno_models::ModelFile;
use segno_trainer::{Event, Flow, Job, TRAINER_VERSION, train};

use super::inputs::RunInputs;
use super::{make_room, print_json};
use crate::args::RunArgs;
use crate::device::on_device;
use crate::lock::Lock;
use crate::progress;
use crate::stop::{Finishing, asked};
use crate::timing::Clock;
use crate::told::{printable, tell};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
A model that is there already and whose inputs have not changed is kept, whatever device it was trained on; a run cut
off goes on from its last epoch; Ctrl-C finishes the epoch at hand.

Example:
  segno train --work work --experiment datasets/gtzan/experiments/irvin-2016.toml \\
              --row lstm-2x250 --protocol published --seed 1")]
pub struct Args {
    #[command(flatten)]
    run: RunArgs,
}

pub fn run(args: &Args) -> Result<()> {
    let args = &args.run;
    let inputs = RunInputs::open(args)?;
    let RunInputs { layout, key, experiment, row, .. } = &inputs;
    let card = inputs.card()?;
    let (path, curves_path, checkpoint) = (layout.model(key), layout.curves(key), layout.checkpoint(key));
    let name = format!("{} {}", key.row, key.stem());

    let _lock = Lock::take(&layout.lock(&format!("train-{}-{}", key.row, key.stem())), &format!("segno train {name}"))?;
    // Curves are written before the model, so a model of these inputs whose curves can be read has ended.
    let same = |model: &ModelFile| model.differences(&card, TRAINER_VERSION).is_empty();
    if let (Some(model), Ok(curves)) = (ModelFile::read(&path).ok().filter(same), Curves::read(&curves_path)) {
        remove_if_there(&checkpoint)?;
        tell!("train {name}: unchanged, best epoch {}", curves.best_epoch);
        return finish(args, &model, &curves, true);
    }

    make_room(&path)?;
    let training = experiment.training(row)?;
    let (stage, device) = (format!("train {}", row.label), args.device.to_string());
    let clock = Clock::of_run(layout, "3-train", &stage, key, device, checkpoint.exists());
    let loss_weights = experiment.task_weights();
    let train_part = inputs.examples(&card, Part::Train, experiment.shards.memory_bytes())?;
    let left = experiment.shards.memory_bytes() - train_part.held().map_or(0, |_| train_part.feature_bytes());
    let valid_part = inputs.examples(&card, Part::Valid, left)?;
    ensure!(
        training.is_some() || train_part.held().is_some(),
        "row {}: its model is fitted as a whole and needs the training part's {} MB in memory, and shards.memory_mb is {}: raise it",
        row.id,
        train_part.feature_bytes().div_ceil(1 << 20),
        experiment.shards.memory_mb
    );
    for part in [&train_part, &valid_part] {
        if part.held().is_none() {
            tell!("train {name}: {} clips are streamed, {} MB in memory", part.len(), part.feature_bytes() >> 20);
        }
    }
    let job = Job {
        training,
        loss_weights: &loss_weights,
        standardise: row.standardise,
        train: train_part,
        valid: valid_part,
        checkpoint: Some(&checkpoint),
        card,
    };
    let bar = progress::bar(&name, u64::from(training.map_or(1, |training| training.max_epochs)), "epochs");
    let mut show = |event: Event| {
        if let Event::Diverged { epoch, loss, clips } = &event {
            let message = format!("train {name}: the loss of epoch {epoch} is {loss} at the batch of {}", clips.join(", "));
            bar.println(printable(&message));
        }
        if let Event::Epoch { row, best } = event {
            bar.set_position(u64::from(row.epoch));
            let mark = if best { " *" } else { "" };
            bar.set_message(format!("{name}: train {} valid {}{mark}", shares(&row.train_accuracy), shares(&row.valid_accuracy)));
            // A leg that is cut off has its time kept; the disk's refusal shows at the end.
            let _ = clock.keep();
        }
        if asked() { Flow::Stop } else { Flow::Continue }
    };
    let _finishing = Finishing::begin();
    let outcome = on_device!(args.device, B, at => train::<Autodiff<B>>(job, &at, &mut show)?);
    bar.finish_and_clear();
    outcome.curves.write(&curves_path)?;
    outcome.model.write(&path)?;
    remove_if_there(&checkpoint)?;
    let seconds = clock.keep()?;
    let (model, curves) = (&outcome.model, &outcome.curves);
    match curves.epochs.len() {
        0 => tell!("train {name}: {} in {seconds:.1} s", model.made.ending),
        epochs => tell!("train {name}: {epochs} epochs in {seconds:.1} s, best epoch {}", curves.best_epoch),
    }
    if model.made.ending.is_cause_for_warning() {
        tell!("  warning: {}", model.made.ending);
    }
    finish(args, model, curves, false)
}

/// Accuracies of the tasks, in their order.
fn shares(accuracies: &[f32]) -> String {
    accuracies.iter().map(|share| format!("{share:.3}")).collect::<Vec<_>>().join(" / ")
}

fn remove_if_there(path: &std::path::Path) -> Result<()> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    Ok(())
}

fn finish(args: &RunArgs, model: &ModelFile, curves: &Curves, skipped: bool) -> Result<()> {
    if args.place.json {
        let best = curves.epochs.iter().find(|row| row.epoch == curves.best_epoch);
        print_json(&serde_json::json!({
            "digest": model.digest(), "best_epoch": curves.best_epoch, "epochs": curves.epochs.len(),
            "valid_accuracy": best.map(|row| &row.valid_accuracy), "ending": model.made.ending.to_string(), "skipped": skipped,
        }));
    }
    Ok(())
}
