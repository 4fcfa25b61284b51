//! `segno report`: every number from stored predictions.

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Result, bail};
use segno_dataset::{Manifest, Part, Protocol, Split};
use segno_eval::report::{CorpusFacts, LeftOut, ProtocolFacts, ReportInput, RowFacts, Run, build, html, markdown, terminal_table};

use super::{corpus_file, figures, manifest, print_json, runs::runs, shards, write_whole};
use crate::args::Place;
use crate::environment::environment;
use crate::experiment::{Experiment, Row};
use crate::layout::Layout;
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
    /// Seeds 1 to N of each row; the experiment's own numbers if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seeds: Option<u64>,
}

pub fn run(args: &Args) -> Result<()> {
    let experiment = Experiment::read(&args.place.experiment)?;
    let layout = Layout::new(&args.place.work);
    let manifest = manifest(&layout, &experiment)?;
    let mut notes = vec![];
    let runs = runs(&layout, &experiment, &manifest, args.seeds, &mut notes)?;
    if runs.is_empty() {
        notes.iter().for_each(|note| eprintln!("{note}"));
        bail!("no predictions in {}: run `segno predict-set` first", layout.root().display());
    }
    let histogram = figures::histogram(&layout, &experiment, &manifest, &mut notes)?;
    let embedding = figures::embedding(&layout, &experiment, &manifest, &mut notes)?;
    notes.iter().for_each(|note| eprintln!("{note}"));
    let input = ReportInput {
        title: experiment.title.clone(),
        command: args.command.clone().unwrap_or_else(|| command(args)),
        corpus: corpus_facts(&layout, &experiment, &manifest)?,
        tasks: experiment.tasks.clone(),
        paper_corpus: experiment.paper_corpus.clone(),
        rows: experiment.rows.iter().map(|row| row_facts(&experiment, row)).collect::<Result<_>>()?,
        protocols: experiment
            .protocols
            .iter()
            .map(|protocol| protocol_facts(&layout, &experiment, &manifest, *protocol, &runs))
            .collect::<Result<_>>()?,
        open_rows: experiment.open_rows.clone(),
        histogram,
        embedding,
        notes,
        stages: timing::totals(&layout, |key| {
            runs.iter().any(|run| run.row == key.row && run.protocol == key.protocol && run.seed == key.seed)
        })?,
        runs,
        environment: environment(),
    };
    let report = build(&input)?;
    let out = args.out.as_ref().unwrap_or(&args.place.work);
    let json = report.to_json()?;
    for (name, text) in [("report.json", &json), ("report.md", &markdown(&report)), ("report.html", &html(&report))] {
        write_whole(&out.join(name), text.as_bytes())?;
    }
    if args.place.json {
        print_json(&serde_json::to_value(&report)?);
    } else {
        println!("{}", terminal_table(&report));
        println!("report: {}", out.join("report.html").display());
    }
    Ok(())
}

/// The command as a reader types it in a checkout of theirs: no path of this machine.
fn command(args: &Args) -> String {
    let path: Vec<_> = args.place.experiment.iter().collect();
    let from = path.iter().rposition(|part| *part == "datasets").unwrap_or(path.len().saturating_sub(1));
    let experiment: PathBuf = path[from..].iter().collect();
    let seeds = args.seeds.map_or_else(String::new, |seeds| format!(" --seeds {seeds}"));
    format!("segno report --work <folder> --experiment {}{seeds}", experiment.display())
}

fn corpus_facts(layout: &Layout, experiment: &Experiment, manifest: &Manifest) -> Result<CorpusFacts> {
    let file = corpus_file(layout)?;
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
        paper: row.paper.clone(),
        paper_train: row.paper_train.clone(),
        cell: row.cell.clone(),
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
    let seeds: BTreeSet<u64> = runs.iter().filter(|run| run.protocol == protocol).map(|run| run.seed).collect();
    for seed in seeds {
        let split = Split::read(&layout.split(protocol, seed))?;
        let [train, valid, test] = Part::ALL.map(|part| split.part(part).count());
        let tested: BTreeSet<&str> = split.part(Part::Test).map(|row| row.track_id.as_str()).collect();
        notes.push(format!(
            "seed {seed}: {train} / {valid} / {test} clips; {} of {} test tracks have a clip or a byte-identical copy in training",
            split.shared_recordings(manifest),
            tested.len()
        ));
        for task in &experiment.tasks {
            let missing = split.classes_missing_from_train(manifest, task);
            if missing.is_empty() {
                continue;
            }
            notes.push(format!("seed {seed}: no training clip is of {}: their test clips cannot be answered right", missing.join(", ")));
        }
    }
    if notes.is_empty() {
        notes.push("not run: one of its parts has no clips in this corpus, or no row was asked for".to_owned());
    }
    Ok(ProtocolFacts { protocol, description: description.to_owned(), notes })
}
