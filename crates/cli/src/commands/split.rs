//! `segno split`: clips → train, valid, test.

use anyhow::Result;
use segno_dataset::{Part, Protocol, Split, SplitPlan};

use super::{make_room, manifest, print_json, shards};
use crate::args::Place;
use crate::experiment::Experiment;
use crate::layout::Layout;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Protocols:
  published       clips at random, as the paper drew them: clips of one track land on both sides, on purpose
  track           no track on two sides, stratified by the first task
  artist-once     no artist on two sides, drawn once; stratified by the first task as far as artists allow
  fault-filtered  the corpus's own public split

Example:
  segno split --work work --experiment datasets/gtzan/experiments/irvin-2016.toml --protocol track --seed 1")]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// How the split is drawn
    #[arg(long)]
    protocol: Protocol,
    /// Seed of the draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub fn run(args: &Args) -> Result<()> {
    let experiment = Experiment::read(&args.place.experiment)?;
    let layout = Layout::new(&args.place.work);
    let manifest = manifest(&layout, &experiment)?;
    // Every row's clips are the same (the experiment is checked for it): any features that are there will do.
    let of_row = |row| shards(&layout, &experiment, row, &manifest);
    let shards = experiment.rows.iter().find_map(|row| of_row(row).ok()).map_or_else(|| of_row(&experiment.rows[0]), Ok)?;
    let task = &experiment.tasks[0];
    let plan = SplitPlan { protocol: args.protocol, seed: args.seed, fractions: experiment.fractions, stratify_by: task };
    let split = Split::draw(&plan, &manifest, shards.clips())?;
    let path = layout.split(args.protocol, args.seed);
    // Equal tables are equal bytes, but a table that has not changed keeps its date.
    if !Split::read(&path).is_ok_and(|before| before == split) {
        make_room(&path)?;
        split.write(&path)?;
    }
    let [train, valid, test] = Part::ALL.map(|part| split.part(part).count());
    let shared = split.shared_tracks();
    let missing = split.classes_missing_from_train(&manifest, task);
    eprintln!("split {} {}: {train} / {valid} / {test} clips; {shared} test tracks have a clip in training", args.protocol, args.seed);
    if !missing.is_empty() {
        eprintln!("  no training clip has {task}: {}", missing.join(", "));
    }
    if args.place.json {
        let runnable = train > 0 && valid > 0 && test > 0;
        print_json(&serde_json::json!({
            "file": path, "digest": split.digest(), "train": train, "valid": valid, "test": test,
            "shared_tracks": shared, "classes_missing_from_train": missing, "runnable": runnable,
        }));
    }
    Ok(())
}
