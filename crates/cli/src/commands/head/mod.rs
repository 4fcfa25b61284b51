//! `segno head`: classifiers of one's own over pre-trained networks.

mod corpus;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::ArgGroup;
use corpus::{corpus, task_names};
use segno_audio_io::DECODER_VERSION;
use segno_dataset::{ClipRef, CrossPlan, Fractions, Manifest, Part, Protocol, Split, SplitPlan};
use segno_features::{EXTRACTOR_VERSION, FeatureSpec};
use segno_models::{Backbone, Familiarity, Head, HeadCard, HeadTask};
use serde_json::json;

use super::{duplicates, make_room, print_json, protocols::leaks};
use crate::embedding::{EmbeddingSpec, Layer, Pool};
use crate::heads::{
    Candidate, Chosen, Data, Kind, MOST_INPUTS, Source, Table, candidates, choose, contradictions, cross, familiar, forget, keep, measure,
    of_task, protocol, shown,
};
use crate::layout::Layout;
use crate::library::Library;
use crate::lock::Lock;
use crate::stop::Finishing;
use crate::told::{after_name, tell};

#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Fit a head, and say how right it is on tracks that it was not fitted on
    Train(Box<Args>),
}

#[derive(clap::Args, Debug)]
#[command(group(ArgGroup::new("inputs").required(true).multiple(true)), group(ArgGroup::new("audio").required(true)))]
#[command(after_help = "\
Everything is chosen on inner folds (inputs, classifier, its strength, the temperature of its probabilities), anew in each outer
fold; the outer folds say what to expect, and the head itself is then fitted on all tracks. No artist, or no track where there are no
artists, is on two sides of a fold. By --protocol fault-filtered everything is chosen on folds of the public train and valid parts
together, by artist, and measured on the public test part. Beside the head lie its predictions of the outer folds (…<task>-<seed>.parquet).

Examples, of a folder with a folder a class, and of a corpus that was indexed:
  segno head train --corpus my-music --model musicnn-msd.safetensors --work work --out mine.safetensors
  segno head train --work work --root audio/4qaed --task genre --task mood --model musicnn-msd.safetensors --mfcc --out 4q.safetensors")]
pub struct Args {
    /// Folder with a folder of audio files a class: indexed first
    #[arg(long, value_name = "DIR", group = "audio")]
    corpus: Option<PathBuf>,
    /// Folder that the paths of the work folder's manifest are relative to
    #[arg(long, value_name = "DIR", group = "audio")]
    root: Option<PathBuf>,
    /// Work folder: manifest, embeddings and features
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
    /// Model file of a pre-trained network, or its name in the library; of several every set is tried, side by side
    #[arg(long = "model", value_name = "FILE", group = "inputs")]
    models: Vec<PathBuf>,
    /// Try sixty MFCC numbers too: mean, deviation and that of the delta of twenty coefficients
    #[arg(long, group = "inputs")]
    mfcc: bool,
    #[arg(long, default_value = "penultimate")]
    layer: Layer,
    /// What is taken over a track's patches of three seconds
    #[arg(long, default_value = "mean")]
    pool: Pool,
    /// Task of the manifest; several make one head [default: the manifest's only one, or genre]
    #[arg(long = "task")]
    tasks: Vec<String>,
    /// What is kept on one side of a fold, track or artist; artist-once, one test part a draw; or fault-filtered, the corpus's own public
    /// split, whose test part is tested once [default: artist where the manifest has artists, else track]
    #[arg(long)]
    protocol: Option<Protocol>,
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// How often the folds are drawn anew; the scores' mean is what to expect
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    #[arg(long, default_value = "both")]
    classifier: Kind,
    /// Inverse strength of the penalty, instead of choosing it
    #[arg(long)]
    c: Option<f64>,
    /// Put the pre-trained networks into the head's file, so that it is all that `predict` needs
    #[arg(long)]
    with_backbone: bool,
    /// Model file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Command) -> Result<()> {
    let Command::Train(args) = command;
    train(args)
}

fn train(args: &Args) -> Result<()> {
    ensure!(args.seeds > 0, "--seeds 0: at least one draw is needed");
    ensure!(args.c.is_none_or(|c| c > 0.0 && c.is_finite()), "--c must be a number above 0");
    ensure!(!args.out.is_dir(), "--out {}: a folder, expected a file to write", args.out.display());
    let layout = Layout::new(&args.work);
    let _lock = Lock::take(&layout.lock("head"), "segno head train")?;
    let (manifest, root) = corpus(args, &layout)?;
    let near = duplicates(&layout, &manifest)?;
    let protocol = protocol(args.protocol, &manifest)?;
    let mut sources = vec![];
    for path in &args.models {
        let backbone = Backbone::read(&Library::model_file(Some(path))?)?;
        let spec = EmbeddingSpec::of(&backbone, args.layer, args.pool);
        let is_new = sources.iter().all(|source| !matches!(source, Source::Embedding(known, _) if *known == spec));
        ensure!(is_new, "--model {}: given twice, under this name or another", path.display());
        sources.push(Source::Embedding(spec, Box::new(backbone)));
    }
    if args.mfcc {
        sources.push(Source::Summary(FeatureSpec::mfcc_summary()));
    }
    ensure!(sources.len() <= MOST_INPUTS, "{} inputs, of which every set would be tried: {MOST_INPUTS} at most", sources.len());
    let finishing = Finishing::begin();
    let table = Table::read(&sources, &layout, &manifest, &root)?;
    drop(finishing); // what follows takes a minute at most, and saves nothing on the way
    for (track, reason) in &table.unheard {
        tell!("  left out: {track}: {}", after_name(track, reason));
    }
    for (track, note) in &table.notes {
        tell!("  {track}: {note}");
    }
    if protocol == Protocol::FaultFiltered {
        tell_public_split(&table, &manifest)?;
    }
    let candidates = candidates(sources.len(), args.classifier, args.c);
    let inputs = sources.iter().map(Source::input).collect::<Result<Vec<_>>>()?;
    let (mut tasks, mut classifiers, mut results, mut near_ones) = (vec![], vec![], vec![], None);
    let mut is_fitted = vec![false; table.tracks.len()];
    for task in task_names(args, &manifest)? {
        let plan = CrossPlan { protocol, seed: 1, folds: args.folds, task: &task, purpose: "" };
        let (data, left_out) = of_task(&table, &manifest, near.as_ref(), &plan)?;
        for (track, original) in contradictions(&data) {
            tell!("  {track}: the same bytes as {original}, of another {task}: both are learned from");
        }
        is_fitted.iter_mut().zip(&data.labels).for_each(|(is_fitted, label)| *is_fitted |= label.is_some());
        let runs = (1..=args.seeds).map(|seed| cross(&data, &candidates, &CrossPlan { seed, ..plan })).collect::<Result<Vec<_>>>()?;
        let (measured, told) = measure(&data, &runs, &inputs, &left_out, protocol)?;
        for (run, seed) in runs.iter().zip(1..) {
            keep(&args.out, &data, &CrossPlan { seed, ..plan }, run)?;
        }
        forget(&args.out, &task, args.seeds)?;
        let chosen = fit(&data, &candidates, &plan)?;
        let of_folds: Vec<&Candidate> = runs.iter().flat_map(|run| &run.chosen).collect();
        let alike = of_folds.iter().filter(|candidate| ***candidate == chosen.candidate).count();
        tell!(
            "  the head itself, of all tracks: {}, temperature {:.2}; chosen alike {alike} times of the {} that were measured",
            shown(&chosen.candidate, &inputs),
            chosen.temperature,
            of_folds.len()
        );
        if near_ones.is_none() {
            near_ones = Some(familiar(&data, &plan)?);
        }
        results.push(told);
        let Candidate { inputs, model } = chosen.candidate;
        tasks.push(HeadTask { task: data.task.clone(), inputs, model, temperature: chosen.temperature, steps: chosen.steps, measured });
        classifiers.push(chosen.classifier);
    }
    let (familiar, familiarity) = near_ones.context("a head has a task")?;
    let Familiarity { tested, refused, .. } = familiarity;
    tell!("{refused} of {tested} tracks are so far from those of the other folds that they count as none of the classes");
    let card = HeadCard {
        schema: 2,
        inputs,
        tasks,
        extractor_version: EXTRACTOR_VERSION.to_owned(),
        decoder_version: DECODER_VERSION.to_owned(),
        corpus: manifest.corpus.clone(),
        corpus_digest: manifest.digest(),
        protocol: protocol.name().to_owned(),
        folds: args.folds,
        seeds: (1..=args.seeds).collect(),
        familiarity,
    };
    let backbones = match args.with_backbone {
        true => sources
            .into_iter()
            .filter_map(|source| if let Source::Embedding(_, backbone) = source { Some(*backbone) } else { None })
            .collect(),
        false => vec![],
    };
    let head = Head { card, classifiers, familiar, backbones };
    make_room(&args.out)?;
    head.write(&args.out)?;
    let fitted = is_fitted.into_iter().filter(|is_fitted| *is_fitted).count();
    tell!("{}: a head of {fitted} tracks, digest {:.12}", args.out.display(), head.digest());
    if args.json {
        print_json(&json!({
            "file": args.out, "digest": head.digest(), "tasks": results, "familiarity": head.card.familiarity,
            "protocol": protocol.name(), "folds": args.folds, "seeds": args.seeds,
            "unheard": table.unheard, "repeated": table.notes,
        }));
    }
    Ok(())
}

/// How many tracks the corpus's public split has on either side and leaves out, and what both sides share.
fn tell_public_split(table: &Table, manifest: &Manifest) -> Result<()> {
    let clips: Vec<ClipRef> = table.tracks.iter().map(|track| ClipRef::new(&manifest.corpus, track, 0)).collect();
    let plan = SplitPlan { protocol: Protocol::FaultFiltered, seed: 1, fractions: Fractions::default(), stratify_by: "" };
    let mut split = Split::draw(&plan, manifest, &clips)?;
    let without = clips.len() - split.rows.len();
    if without > 0 {
        tell!("  left out: {without} tracks without a public split");
    }
    // A head is chosen and fitted on both.
    split.rows.iter_mut().filter(|row| row.part == Part::Valid).for_each(|row| row.part = Part::Train);
    tell!("the public split: train and valid parts together have {} tracks; {}", split.part(Part::Train).count(), leaks(&split, manifest));
    Ok(())
}

/// Fits the head on every track of its classes.
fn fit(data: &Data<'_>, candidates: &[Candidate], plan: &CrossPlan<'_>) -> Result<Chosen> {
    let rows: Vec<usize> = (0..data.labels.len()).filter(|row| data.labels[*row].is_some()).collect();
    choose(data, candidates, &CrossPlan { purpose: "of all", ..*plan }, &rows)
}
