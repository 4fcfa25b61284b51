//! `segno split`: clips → train, valid, test.

use anyhow::Result;
use segno_dataset::{Folding, Manifest, Part, Protocol, Split, SplitPlan};
use serde_json::{Value, json};

use super::{duplicates, make_room, manifest, print_json, protocols, shards, store_refuses};
use crate::args::Place;
use crate::experiment::{Experiment, Row};
use crate::layout::Layout;
use crate::lock::Lock;
use crate::told::tell;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Protocols:
  published       clips at random, as the paper drew them: clips of one track land on both sides, on purpose
  track           no track on two sides, stratified by the first task
  artist-once     no artist on two sides, drawn once; stratified by the first task as far as artists allow
  artist          no artist, copy or near duplicate on two sides, in the experiment's number of folds, so that every
                  track is tested once; stratified by the first task, whose labels with fewer artists than folds are
                  left out; near duplicates are those of audit/duplicates.parquet, if `segno audit` was run
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
    let layout = args.place.layout()?;
    let _lock = Lock::take(&layout.lock(&format!("split-{}-{}", args.protocol, args.seed)), "segno split")?;
    let manifest = manifest(&layout, &experiment)?;
    // These rows cut tracks alike: any features that are there will do.
    let rows = experiment.rows_of_splits();
    let of_row = |row: &&Row| shards(&layout, &experiment, row, &manifest);
    let usable = |found: &Result<_>| found.as_ref().map_or_else(store_refuses, |_| true);
    let shards = rows.iter().map(of_row).find(usable).unwrap_or_else(|| of_row(&rows[0]))?;
    let plan = SplitPlan { protocol: args.protocol, seed: args.seed, fractions: experiment.fractions, stratify_by: &experiment.tasks[0] };
    let splits = if args.protocol.has_folds() {
        let near = duplicates(&layout, &manifest)?;
        Split::draw_folds(&plan, experiment.folds, near.as_ref(), &manifest, shards.clips())?
    } else {
        vec![Split::draw(&plan, &manifest, shards.clips())?]
    };
    let told = splits.iter().map(|split| keep(split, &layout, &experiment, &manifest)).collect::<Result<Vec<_>>>()?;
    let Some(folding) = &splits[0].folding else {
        return print(args, &told[0]);
    };
    protocols::folding_notes(folding).iter().for_each(|note| tell!("  {note}"));
    let Folding { left_out, near_duplicates, .. } = folding;
    let runnable = told.iter().all(|fold| fold["runnable"] == true);
    print(args, &json!({ "runnable": runnable, "left_out": left_out, "near_duplicates": near_duplicates, "folds": told }))
}

fn print(args: &Args, told: &Value) -> Result<()> {
    if args.place.json {
        print_json(told);
    }
    Ok(())
}

/// Writes a split where it has changed, and tells of it.
fn keep(split: &Split, layout: &Layout, experiment: &Experiment, manifest: &Manifest) -> Result<Value> {
    let path = layout.split(split.protocol, split.seed, split.fold());
    // Equal tables are equal bytes, but a table that has not changed keeps its date.
    if !Split::read(&path).is_ok_and(|before| before == *split) {
        make_room(&path)?;
        split.write(&path)?;
    }
    let [train, valid, test] = Part::ALL.map(|part| split.part(part).count());
    let (shared, artists) = (split.shared_tracks(), split.shared_artists(manifest, Part::Test, Part::Train));
    let fold = split.fold().map_or_else(String::new, |fold| format!(" {fold}"));
    tell!("split {} {}{fold}: {train} / {valid} / {test} clips", split.protocol, split.seed);
    tell!("  {}", protocols::leaks(split, manifest));
    let missing = protocols::missing(split, manifest, &experiment.tasks);
    for (task, classes) in &missing {
        tell!("  no training clip has {task}: {}", classes.join(", "));
    }
    Ok(json!({
        "file": path, "digest": split.digest(), "fold": split.fold(), "train": train, "valid": valid, "test": test,
        "shared_tracks": shared, "shared_recordings": split.shared_recordings(manifest), "shared_groups": split.shared_groups,
        "shared_artists": artists, "classes_missing_from_train": missing, "runnable": train > 0 && valid > 0 && test > 0,
    }))
}
