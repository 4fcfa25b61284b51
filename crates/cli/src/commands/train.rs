//! `segno train`: shards and split → model file and curves.

use std::fs;

use anyhow::Result;
use burn::backend::Autodiff;
use segno_dataset::{Curves, Examples, Manifest, Part, ShardSet, Split};
use segno_models::{ModelCard, ModelFile, Signature, TaskClasses};
use segno_trainer::{Event, Flow, Job, train};

use super::{make_room, manifest, print_json, shards, split};
use crate::args::RunArgs;
use crate::device::on_device;
use crate::experiment::{Experiment, Row};
use crate::layout::{Layout, RunKey};
use crate::progress;
use crate::timing::Clock;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
A model that is there already and whose inputs have not changed is kept; a run cut off goes on from its last epoch.

Example:
  segno train --work work --experiment datasets/gtzan/experiments/irvin-2016.toml \\
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
    let card = card(&experiment, row, &key, &manifest, &shards, &split)?;

    let (path, curves_path, checkpoint) = (layout.model(&key), layout.curves(&key), layout.checkpoint(&key));
    let unchanged = |model: &ModelFile| ModelCard { best_epoch: 0, ..model.card.clone() } == card && curves_path.is_file();
    if let Some(model) = ModelFile::read(&path).ok().filter(unchanged) {
        eprintln!("train {} {} {}: unchanged, best epoch {}", key.row, key.protocol, key.seed, model.card.best_epoch);
        return finish(args, &model, &Curves::read(&curves_path)?, true);
    }

    make_room(&path)?;
    let classes = card.signature.tasks.clone();
    let load = |part| {
        let tasks: Vec<(&str, &[String])> = classes.iter().map(|task| (task.task.as_str(), task.classes.as_slice())).collect();
        Examples::load(&shards, &split, part, &manifest, &tasks)
    };
    let training = experiment.training(row)?;
    let clock = Clock::start();
    let loss_weights = vec![1.0; experiment.tasks.len()];
    let job = Job {
        card,
        training,
        loss_weights: &loss_weights,
        standardise: row.standardise,
        train: load(Part::Train)?,
        valid: load(Part::Valid)?,
        checkpoint: Some(&checkpoint),
    };
    let name = format!("{} {} {}", key.row, key.protocol, key.seed);
    let bar = progress::bar(&name, u64::from(training.map_or(1, |training| training.max_epochs)), "epochs");
    let mut show = |event: Event| {
        if let Event::Epoch { row, best } = event {
            bar.set_position(u64::from(row.epoch));
            let mark = if best { " *" } else { "" };
            bar.set_message(format!("{name}: train {:.3} valid {:.3}{mark}", row.train_accuracy, row.valid_accuracy));
        }
        Flow::Continue
    };
    let outcome = on_device!(device, B, at => train::<Autodiff<B>>(job, &at, &mut show)?);
    bar.finish_and_clear();
    // Curves first: a model that is there has all that belongs to it.
    outcome.curves.write(&curves_path)?;
    outcome.model.write(&path)?;
    if checkpoint.exists() {
        fs::remove_file(&checkpoint)?;
    }
    let seconds = clock.keep(
        &layout,
        &format!("3-train-{}-{}-{}", key.row, key.protocol, key.seed),
        &format!("train {}", row.label),
        Some(device.to_string()),
    )?;
    eprintln!("train {name}: {} epochs in {seconds:.1} s, best epoch {}", outcome.curves.epochs.len(), outcome.curves.best_epoch);
    finish(args, &outcome.model, &outcome.curves, false)
}

fn finish(args: &RunArgs, model: &ModelFile, curves: &Curves, skipped: bool) -> Result<()> {
    if args.json {
        let best = curves.epochs.iter().find(|row| row.epoch == curves.best_epoch);
        print_json(&serde_json::json!({
            "digest": model.digest(), "best_epoch": curves.best_epoch, "epochs": curves.epochs.len(),
            "valid_accuracy": best.map(|row| row.valid_accuracy), "skipped": skipped,
        }));
    }
    Ok(())
}

/// All that decides what a training run comes to, but the device.
fn card(experiment: &Experiment, row: &Row, key: &RunKey, manifest: &Manifest, shards: &ShardSet, split: &Split) -> Result<ModelCard> {
    let tasks = experiment.tasks.iter().map(|task| TaskClasses { task: task.clone(), classes: manifest.classes(task) }).collect();
    Ok(ModelCard {
        schema: 1,
        experiment: row.id.clone(),
        model: row.model.clone(),
        signature: Signature { input: shards.shape(), tasks },
        features: serde_json::to_value(experiment.spec(row)?)?,
        extractor_version: segno_features::EXTRACTOR_VERSION.to_owned(),
        training: serde_json::json!({ "standardise": row.standardise, "steps": experiment.training(row)? }),
        protocol: key.protocol.to_string(),
        seed: key.seed,
        best_epoch: 0,
        shards_digest: shards.digest(),
        split_digest: split.digest(),
    })
}
