//! `segno report`: every number from stored predictions.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use segno_dataset::{Curves, Manifest, Part, Predictions, Protocol, Split};
use segno_eval::report::{CorpusFacts, LeftOut, OpenRow, ProtocolFacts, ReportInput, RowFacts, Run, build, html, markdown, terminal_table};

use super::{manifest, print_json, shards};
use crate::args::Place;
use crate::corpora;
use crate::environment::environment;
use crate::experiment::{Experiment, Row};
use crate::layout::{Layout, RunKey};
use crate::timing;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Needs neither audio, nor models, nor a GPU.

Example:
  segno report --work work --experiment datasets/gtzan/experiments/irvin-2016.toml")]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Folder of the report; the work folder if absent
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The command that made it all, for the page
    #[arg(long, value_name = "TEXT")]
    command: Option<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let experiment = Experiment::read(&args.place.experiment)?;
    let layout = Layout::new(&args.place.work);
    let manifest = manifest(&layout, &experiment)?;
    let runs = runs(&layout, &experiment, &manifest)?;
    if runs.is_empty() {
        bail!("no predictions in {}: run `segno predict-set` first", layout.root().display());
    }
    let input = ReportInput {
        title: experiment.title.clone(),
        command: args.command.clone().unwrap_or_else(|| {
            format!("segno report --work {} --experiment {}", args.place.work.display(), args.place.experiment.display())
        }),
        corpus: corpus_facts(&layout, &experiment, &manifest)?,
        task: experiment.tasks[0].clone(),
        rows: experiment.rows.iter().map(|row| row_facts(&experiment, row)).collect::<Result<_>>()?,
        protocols: experiment
            .protocols
            .iter()
            .map(|protocol| protocol_facts(&layout, &experiment, &manifest, *protocol, &runs))
            .collect::<Result<_>>()?,
        open_rows: experiment
            .open_rows
            .iter()
            .map(|row| OpenRow {
                label: row.label.clone(),
                place: row.place.clone(),
                paper_accuracy: row.paper_accuracy,
                comes_with: row.comes_with.clone(),
            })
            .collect(),
        stages: timing::totals(&layout, |key| {
            runs.iter().any(|run| run.row == key.row && run.protocol == key.protocol && run.seed == key.seed)
        })?,
        runs,
        environment: environment(),
    };
    let report = build(&input)?;
    let out = args.out.as_ref().unwrap_or(&args.place.work);
    fs::create_dir_all(out)?;
    let json = serde_json::to_string_pretty(&report)?;
    for (name, text) in [("report.json", &json), ("report.md", &markdown(&report)), ("report.html", &html(&report))] {
        let path = out.join(name);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    if args.place.json {
        print_json(&serde_json::to_value(&report)?);
    } else {
        println!("{}", terminal_table(&report));
        println!("report: {}", out.join("report.html").display());
    }
    Ok(())
}

/// The predictions of the experiment's rows, protocols and every seed there is.
///
/// Predictions of other shards or another split than lie in the work folder now are left out, aloud.
fn runs(layout: &Layout, experiment: &Experiment, manifest: &Manifest) -> Result<Vec<Run>> {
    let mut runs = vec![];
    for row in &experiment.rows {
        let shards = shards(layout, experiment, row, manifest).ok();
        for protocol in &experiment.protocols {
            let mut seeds = seeds(layout, row, *protocol)?;
            seeds.sort_unstable();
            for seed in seeds {
                let key = RunKey { row: row.id.clone(), protocol: *protocol, seed };
                let path = layout.predictions(&key, Part::Test);
                let predictions = Predictions::read(&path)?;
                let split = Split::read(&layout.split(*protocol, seed))?;
                let current = shards.as_ref().is_some_and(|shards| shards.digest() == predictions.source.shards_digest);
                if !current || split.digest() != predictions.source.split_digest {
                    eprintln!(
                        "left out, as its shards or its split are not those of now: {}; run `segno predict-set` again",
                        path.display()
                    );
                    continue;
                }
                let curves = layout.curves(&key);
                let file = path.strip_prefix(layout.root()).unwrap_or(&path).display().to_string();
                let curves = if curves.is_file() { Some(Curves::read(&curves)?).filter(|curves| !curves.epochs.is_empty()) } else { None };
                runs.push(Run { row: key.row, protocol: *protocol, seed, predictions_file: file, predictions, curves });
            }
        }
    }
    Ok(runs)
}

fn seeds(layout: &Layout, row: &Row, protocol: Protocol) -> Result<Vec<u64>> {
    let any = layout.predictions(&RunKey { row: row.id.clone(), protocol, seed: 0 }, Part::Test);
    let folder = any.parent().context("predictions lie in a folder")?;
    let Ok(entries) = fs::read_dir(folder) else { return Ok(vec![]) };
    let mut seeds = vec![];
    for entry in entries {
        let name = entry?.file_name();
        let seed = name.to_str().and_then(|name| name.strip_prefix(&format!("{protocol}-"))?.strip_suffix(".parquet")?.parse::<u64>().ok());
        seeds.extend(seed);
    }
    Ok(seeds)
}

fn corpus_facts(layout: &Layout, experiment: &Experiment, manifest: &Manifest) -> Result<CorpusFacts> {
    let file = corpora::find(&experiment.corpus)?.file;
    let task = &experiment.tasks[0];
    let label = |track_id: &str| manifest.track(track_id).and_then(|track| track.labels.get(task).cloned());
    let mut left_out: Vec<LeftOut> = manifest
        .left_out()
        .map(|(track, reason)| LeftOut { track_id: track.track_id.clone(), label: label(&track.track_id), reason: reason.to_owned() })
        .collect();
    for row in &experiment.rows {
        if let Ok(shards) = shards(layout, experiment, row, manifest) {
            for failure in shards.failures() {
                if left_out.iter().all(|known| known.track_id != failure.track_id) {
                    left_out.push(LeftOut {
                        track_id: failure.track_id.clone(),
                        label: label(&failure.track_id),
                        reason: failure.reason.clone(),
                    });
                }
            }
        }
    }
    Ok(CorpusFacts {
        name: file.title,
        citation: file.citation,
        licence: file.licence,
        expected_tracks: file.expected_tracks,
        tracks_used: manifest.tracks.len() - left_out.len(),
        synthetic: experiment.corpus == "synthetic",
        left_out,
    })
}

fn row_facts(experiment: &Experiment, row: &Row) -> Result<RowFacts> {
    let features = format!(
        "{} = {}; standardised {}",
        row.features,
        serde_json::to_string(experiment.spec(row)?)?,
        serde_json::to_string(&row.standardise)?
    );
    let training = match experiment.training(row)? {
        Some(training) => serde_json::to_string(training)?,
        None => "a convex fit".to_owned(),
    };
    Ok(RowFacts {
        id: row.id.clone(),
        label: row.label.clone(),
        family: row.family.clone(),
        place: row.place.clone(),
        paper_accuracy: row.paper_accuracy,
        variant_of: row.variant_of.clone(),
        differs: experiment.differs.iter().chain(&row.differs).cloned().collect(),
        features,
        training: format!("{}; {training}", serde_json::to_string(&row.model)?),
    })
}

fn protocol_facts(
    layout: &Layout,
    experiment: &Experiment,
    manifest: &Manifest,
    protocol: Protocol,
    runs: &[Run],
) -> Result<ProtocolFacts> {
    let description = match protocol {
        Protocol::Published => "Clips drawn at random, as the paper drew them: clips of one track land on both sides, so the figure leaks.",
        Protocol::Track => "No track on two sides, stratified by label; byte-identical copies stay together.",
        Protocol::ArtistOnce => {
            "No artist on two sides, drawn once; stratified by label as far as artists allow; byte-identical copies stay together."
        }
        Protocol::FaultFiltered => "The corpus's public split with faulty and repeated tracks left out; it is not free of shared artists.",
    };
    let mut notes = vec![];
    let seeds: std::collections::BTreeSet<u64> = runs.iter().filter(|run| run.protocol == protocol).map(|run| run.seed).collect();
    for seed in seeds {
        let split = Split::read(&layout.split(protocol, seed))?;
        let [train, valid, test] = Part::ALL.map(|part| split.part(part).count());
        let tested: std::collections::BTreeSet<&str> = split.part(Part::Test).map(|row| row.track_id.as_str()).collect();
        notes.push(format!(
            "seed {seed}: {train} / {valid} / {test} clips; {} of {} test tracks have a clip or a byte-identical copy in training",
            split.shared_recordings(manifest),
            tested.len()
        ));
        let missing = split.classes_missing_from_train(manifest, &experiment.tasks[0]);
        if !missing.is_empty() {
            notes.push(format!("seed {seed}: no training clip is of {}: their test clips cannot be answered right", missing.join(", ")));
        }
    }
    if notes.is_empty() {
        notes.push("not run: one of its parts has no clips in this corpus, or no row was asked for".to_owned());
    }
    Ok(ProtocolFacts { protocol, description: description.to_owned(), notes })
}
