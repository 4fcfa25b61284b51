//! `segno report --compare A B`: two rows on the same test parts.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::{Result, bail, ensure};
use segno_dataset::{Manifest, Protocol};
use segno_eval::{
    compare::{CompareInput, Side, compare, html, markdown},
    stats::Pairing,
};

use super::{
    corpus_file,
    features::Features,
    manifest, print_json,
    protocols::{left_out, left_out_note},
    report::Args,
    report::command,
    runs::runs,
    write_whole,
};
use crate::experiment::Experiment;
use crate::layout::Layout;
use crate::told::{show, tell};

/// Compares the two rows and writes `compare-A-B.html`, `.md` and `.json`.
///
/// # Errors
/// A row is not in the experiment or has no predictions, the two have no protocol in common, or did not test the same clips.
pub fn run(args: &Args, [a, b]: [&str; 2]) -> Result<()> {
    let experiment = Experiment::read(&args.place.experiment)?;
    let (first, second) = (args.place.layout()?, args.place.layout_of(args.with.as_ref().unwrap_or(&args.place.work))?);
    ensure!(a != b || args.with.is_some(), "row {a} is the same as itself: name two rows, or another work folder with --with");
    let tracks = manifest(&first, &experiment)?;
    let mut notes = vec![];
    let [one, other] = [(a, &first), (b, &second)].map(|(row, layout)| side(args, layout, &experiment, row, &mut notes));
    notes.iter().for_each(|note| tell!("! {note}"));
    let (mut one, mut other) = (one?, other?);
    let protocols = protocols(args, &experiment, &one, &other)?;
    if let Some(task) = args.task.as_ref().filter(|task| !experiment.tasks.contains(task)) {
        bail!("task {task} is not of this experiment, expected one of {}", experiment.tasks.join(", "));
    }
    if args.with.is_some() {
        one.folder = Some(folder(&first));
        other.folder = Some(folder(&second));
    }
    let facts = corpus_file(&first)?;
    let mut warnings = warnings(&experiment, facts.expected_tracks, &tracks);
    let tested = one.runs.iter().map(|(_, predictions)| (predictions.source.protocol, predictions.source.seed));
    for (protocol, folding) in left_out(&first, &experiment, tested)? {
        warnings.extend(left_out_note(&folding).map(|labels| format!("{protocol}: {labels}")));
    }
    let alike = experiment.are_cut_alike(experiment.row(a)?, experiment.row(b)?);
    let input = CompareInput {
        command: args.command.clone().unwrap_or_else(|| command(args)),
        warnings,
        corpus: facts.title,
        tasks: args.task.clone().map_or_else(|| experiment.tasks.clone(), |task| vec![task]),
        protocols,
        names: names(&tracks),
        sides: [one, other],
        pairing: if alike { Pairing::Clips } else { Pairing::Tracks },
    };
    let found = compare(&input)?;
    let out = args.out.as_ref().unwrap_or(&args.place.work);
    let file = |ending: &str| out.join(format!("compare-{a}-{b}.{ending}"));
    for (ending, text) in [("json", found.to_json()?), ("md", markdown(&found)), ("html", html(&found))] {
        write_whole(&file(ending), text.as_bytes())?;
    }
    if args.place.json {
        print_json(&serde_json::to_value(&found)?);
        return Ok(());
    }
    found.warnings.iter().for_each(|warning| show!("! {warning}\n"));
    for part in &found.parts {
        show!("{}, {}: {}\n", part.protocol, part.task, part.finding);
    }
    show!("comparison: {}", file("html").display());
    Ok(())
}

/// A row's predictions in a work folder.
fn side(args: &Args, layout: &Layout, experiment: &Experiment, row: &str, notes: &mut Vec<String>) -> Result<Side> {
    let facts = experiment.row(row)?;
    let manifest = manifest(layout, experiment)?;
    let features = Features::new(layout, experiment, &manifest);
    let only = Experiment { rows: vec![facts.clone()], ..experiment.clone() };
    let runs = runs(layout, &only, &manifest, &features, args.seeds, notes)?;
    ensure!(!runs.is_empty(), "row {row} has no predictions in {}: run `segno predict-set` first", layout.root().display());
    let runs = runs.into_iter().map(|run| (run.predictions_file, run.predictions)).collect();
    Ok(Side { row: row.to_owned(), label: facts.label.clone(), folder: None, runs })
}

/// The protocols that both rows have been run under, or the one asked for.
fn protocols(args: &Args, experiment: &Experiment, a: &Side, b: &Side) -> Result<Vec<Protocol>> {
    let of = |side: &Side| -> BTreeSet<Protocol> { side.runs.iter().map(|(_, predictions)| predictions.source.protocol).collect() };
    let [of_a, of_b] = [of(a), of(b)];
    let both = experiment.protocols.iter().copied().filter(|protocol| of_a.contains(protocol) && of_b.contains(protocol));
    let both: Vec<Protocol> = both.filter(|protocol| args.protocol.is_none_or(|asked| asked == *protocol)).collect();
    if both.is_empty() {
        let names = |found: &BTreeSet<Protocol>| found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        bail!(
            "no protocol to compare under{}: {} was run under {}, {} under {}",
            args.protocol.map_or_else(String::new, |asked| format!(" ({asked} was asked for)")),
            a.row,
            names(&of_a),
            b.row,
            names(&of_b)
        );
    }
    Ok(both)
}

/// The last part of a work folder's path: no path of this machine.
fn folder(layout: &Layout) -> String {
    let root: PathBuf = layout.root().components().collect();
    root.file_name().map_or_else(|| "this folder".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn warnings(experiment: &Experiment, expected: Option<usize>, manifest: &Manifest) -> Vec<String> {
    if experiment.corpus == "synthetic" {
        return vec!["a synthetic corpus, made by a program: its figures say nothing about music".to_owned()];
    }
    let present = manifest.present().count();
    expected.filter(|expected| *expected != present).map(|expected| format!("{present} of {expected} tracks")).into_iter().collect()
}

/// Artist and title of the tracks that have them.
fn names(manifest: &Manifest) -> BTreeMap<String, String> {
    let name = |track: &segno_dataset::Track| match (&track.artist, &track.title) {
        (Some(artist), Some(title)) => Some(format!("{artist}: {title}")),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    manifest.tracks.iter().filter_map(|track| Some((track.track_id.clone(), name(track)?))).collect()
}
