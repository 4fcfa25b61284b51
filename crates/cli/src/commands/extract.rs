//! `segno extract`: audio → feature shards.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use segno_dataset::{ShardSet, Share};

use super::{manifest, print_json};
use crate::args::Place;
use crate::experiment::Experiment;
use crate::layout::FeatureSet;
use crate::lock::Lock;
use crate::preprocess::preprocess;
use crate::progress;
use crate::stop::{Finishing, flow};
use crate::timing::Clock;
use crate::told::tell;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Parts that are there already and whose inputs have not changed are kept; RAYON_NUM_THREADS sets the threads.

Ctrl-C finishes the parts at hand; the same command goes on from there.

Several jobs, on one machine or on many that share the folder, do an extraction together with --part 1/n to n/n: none
knows of the others, and the parts are those that one job writes.

With --shards the parts go to another folder or into a bucket; the other stages are told likewise.

Example:
  segno extract --root audio/gtzan --work work --experiment datasets/gtzan/experiments/irvin-2016.toml
  segno extract --part 3/8 --root audio/gtzan --work work --experiment datasets/gtzan/experiments/irvin-2016.toml")]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Folder that the manifest's paths are relative to
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Extract for these rows alone
    #[arg(long = "row", value_name = "ROW")]
    rows: Vec<String>,
    /// Fail when a track cannot be decoded
    #[arg(long, conflicts_with = "part")]
    strict: bool,
    /// This share of the parts alone, i of n jobs; a last call without it verifies all and writes what is missing
    #[arg(long, value_name = "I/N")]
    part: Option<Share>,
}

pub fn run(args: &Args) -> Result<()> {
    let experiment = Experiment::read(&args.place.experiment)?;
    let layout = args.place.layout()?;
    let manifest = manifest(&layout, &experiment)?;
    for row in &args.rows {
        experiment.row(row)?;
    }
    let mut results = vec![];
    for (name, spec) in &experiment.features {
        let asked_for = experiment.rows.iter().any(|row| row.features == *name && (args.rows.is_empty() || args.rows.contains(&row.id)));
        if !asked_for {
            continue;
        }
        let features = FeatureSet { spec, precision: experiment.shards.precision };
        let folder = layout.features(features)?;
        let share = args.part.unwrap_or(Share::WHOLE);
        let lock = layout.lock(&format!("extract-{}", features.digest()?));
        let _lock = match args.part {
            Some(part) => Lock::share(&lock, &format!("segno extract --part {part}"))?,
            None => Lock::take(&lock, "segno extract")?,
        };
        let job = args.part.map_or_else(String::new, |part| format!("-{part}").replace('/', "of"));
        let clock = Clock::of_stage(&layout, &format!("2-extract-{name}{job}"), &format!("extract features '{name}'"));
        let bar = progress::bar(&format!("extract {name}"), manifest.present().count() as u64, "tracks");
        let _finishing = Finishing::begin();
        let written = preprocess(&manifest, &args.root, features, &folder, share, |tracks| {
            bar.inc(tracks as u64);
            flow()
        })?;
        bar.finish_and_clear();
        if written > 0 {
            clock.keep()?;
        }
        if let Some(part) = args.part {
            // Whether the others are done is not for this job to say.
            tell!("extract {name}, job {part}: {written} parts written new");
            results.push(
                serde_json::json!({ "features": name, "folder": folder.to_string(), "part": part.to_string(), "parts_written": written }),
            );
            continue;
        }
        let shards = ShardSet::open(&folder)?;
        tell!("extract {name}: {} clips of {:?}, {written} parts written new", shards.clips().len(), shards.shape());
        for failure in shards.failures() {
            tell!("  left out: {}: {}", failure.track_id, failure.reason);
        }
        ensure!(
            !args.strict || shards.failures().is_empty(),
            "{} tracks cannot be decoded, and --strict was given",
            shards.failures().len()
        );
        if !args.place.json {
            continue;
        }
        results.push(serde_json::json!({
            "features": name,
            "folder": folder.to_string(),
            "clips": shards.clips().len(),
            "parts_written": written,
            "digest": shards.digest(),
            "values_digest": shards.values_digest()?,
            "failures": shards.failures().len(),
        }));
    }
    if args.place.json {
        print_json(&serde_json::Value::Array(results));
    }
    Ok(())
}
