//! `segno report`: every number from stored predictions.

use std::path::PathBuf;

use anyhow::{Result, bail};
use segno_dataset::{Manifest, Protocol};
use segno_eval::report::{CorpusFacts, LeftOut, ReportInput, RowFacts, build, html, markdown, terminal_table};

use super::{compare, corpus_file, drawings, features::Features, figures, manifest, print_json, protocols, runs::runs, write_whole};
use crate::args::Place;
use crate::environment::environment;
use crate::experiment::{Experiment, Row};
use crate::layout::Layout;
use crate::lock::Lock;
use crate::timing;
use crate::told::{show, tell};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Needs neither audio, nor models, nor a GPU.

Example:
  segno report --work work --experiment datasets/gtzan/experiments/irvin-2016.toml --png
  segno report --work work --experiment datasets/gtzan/experiments/irvin-2016.toml --compare lstm-2x250 logistic")]
pub struct Args {
    #[command(flatten)]
    pub place: Place,
    /// Folder of the report; the work folder if absent
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The command that made it all, for the page
    #[arg(long, value_name = "TEXT")]
    pub command: Option<String>,
    /// Seeds 1 to N of each row; the experiment's own numbers if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Every figure as a file in figures/ too: SVG
    #[arg(long, conflicts_with = "compare")]
    svg: bool,
    /// Every figure as a file in figures/ too: SVG and PNG
    #[arg(long, conflicts_with = "compare")]
    png: bool,
    /// Hold two rows against each other instead (track by track where they cut tracks differently): compare-A-B.html, .md and .json
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    compare: Option<Vec<String>>,
    /// Take row B from another work folder of the same corpus
    #[arg(long, value_name = "DIR", requires = "compare")]
    pub with: Option<PathBuf>,
    /// Compare under this protocol alone; under all that both have if absent
    #[arg(long, requires = "compare")]
    pub protocol: Option<Protocol>,
    /// Compare at this task alone; at all if absent
    #[arg(long, requires = "compare")]
    pub task: Option<String>,
}

pub fn run(args: &Args) -> Result<()> {
    if let Some([a, b]) = args.compare.as_deref() {
        return compare::run(args, [a, b]);
    }
    let experiment = Experiment::read(&args.place.experiment)?;
    let layout = args.place.layout()?;
    let _lock = Lock::take(&layout.lock("report"), "segno report")?;
    let manifest = manifest(&layout, &experiment)?;
    let mut notes = vec![];
    let features = Features::new(&layout, &experiment, &manifest);
    let runs = runs(&layout, &experiment, &manifest, &features, args.seeds, &mut notes)?;
    if runs.is_empty() {
        notes.iter().for_each(|note| tell!("{note}"));
        bail!("no predictions in {}: run `segno predict-set` first", layout.root().display());
    }
    let histogram = figures::histogram(&layout, &experiment, &manifest, &mut notes)?;
    let embedding = figures::embedding(&features, &experiment, &manifest, &mut notes)?;
    notes.iter().for_each(|note| tell!("{note}"));
    let input = ReportInput {
        title: experiment.title.clone(),
        command: args.command.clone().unwrap_or_else(|| command(args)),
        corpus: corpus_facts(&layout, &experiment, &manifest, &features)?,
        tasks: experiment.tasks.clone(),
        paper_corpus: experiment.paper_corpus.clone(),
        rows: experiment.rows.iter().map(|row| row_facts(&experiment, row)).collect::<Result<_>>()?,
        protocols: experiment
            .protocols
            .iter()
            .map(|protocol| protocols::facts(&layout, &experiment, &manifest, *protocol, &runs))
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
    let folder = out.join("figures");
    let n_figures = if args.svg || args.png { drawings::write(&report, &folder, args.png)? } else { 0 };
    if args.place.json {
        print_json(&serde_json::to_value(&report)?);
    } else {
        show!("{}", terminal_table(&report));
        show!("report: {}", out.join("report.html").display());
        if args.svg || args.png {
            show!("{} figures: {}", n_figures, folder.display());
        }
    }
    Ok(())
}

/// The command as a reader types it in a checkout of theirs: no path of this machine.
pub fn command(args: &Args) -> String {
    let path: Vec<_> = args.place.experiment.iter().collect();
    let from = path.iter().rposition(|part| *part == "datasets").unwrap_or(path.len().saturating_sub(1));
    let experiment: PathBuf = path[from..].iter().collect();
    let seeds = args.seeds.map_or_else(String::new, |seeds| format!(" --seeds {seeds}"));
    let mut further = String::new();
    if let Some([a, b]) = args.compare.as_deref() {
        further += &format!(" --compare {a} {b}");
        further += if args.with.is_some() { " --with <folder>" } else { "" };
        further += &args.protocol.map_or_else(String::new, |protocol| format!(" --protocol {protocol}"));
        further += &args.task.as_ref().map_or_else(String::new, |task| format!(" --task {task}"));
    }
    format!("segno report --work <folder> --experiment {}{seeds}{further}", experiment.display())
}

fn corpus_facts(layout: &Layout, experiment: &Experiment, manifest: &Manifest, features: &Features<'_>) -> Result<CorpusFacts> {
    let file = corpus_file(layout)?;
    let task = &experiment.tasks[0];
    let label = |track_id: &str| manifest.track(track_id).and_then(|track| track.labels.get(task).cloned());
    let mut left_out: Vec<LeftOut> = manifest
        .left_out()
        // Without the track's own path, so that tracks of one reason stand together.
        .map(|(track, reason)| LeftOut {
            track_id: track.track_id.clone(),
            label: label(&track.track_id),
            reason: reason.replace(&format!(" {}", track.path), ""),
        })
        .collect();
    for row in &experiment.rows {
        if let Some(opened) = features.of(row)? {
            for failure in opened.shards.failures() {
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
        None => "fitted as a whole".to_owned(),
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
