//! `segno model card`: what a model is, where it came from, and how right it is.

use std::path::PathBuf;

use anyhow::Result;
use segno_dataset::Protocol;
use segno_models::{AnyModel, Backbone, Head, HeadCard, HeadTask, ModelFile, TaskClasses, threshold::reaching};
use serde_json::{Value, json};

use crate::commands::print_json;
use crate::heads::{Candidate, left_out, precision, shown};
use crate::library::Library;
use crate::told::show;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Model file, or a name of the library
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Print a JSON object with all that the file says of itself
    #[arg(long)]
    json: bool,
}

const OF_HEAD: &str = "To sort music into the classes above, of songs like those of its corpus. Not for decisions about people; not for sound that is no \
                       music, most of which comes out as \"not sure\".";
const OF_BACKBONE: &str =
    "To tag music, and to listen for heads. Likelihoods of tags are not calibrated: do not take them for a confidence.";
const OF_TRAINED: &str = "To repeat a paper's experiment. Its probabilities are not calibrated: do not take them for a confidence.";

pub fn run(args: &Args) -> Result<()> {
    let path = Library::model_file(Some(&args.model))?;
    let model = AnyModel::read(&path)?;
    let digest = model.digest();
    if args.json {
        let (kind, card, use_for) = match &model {
            AnyModel::Head(head) => ("head", serde_json::to_value(&head.card)?, OF_HEAD),
            AnyModel::Backbone(backbone) => ("backbone", serde_json::to_value(&backbone.card)?, OF_BACKBONE),
            AnyModel::Trained(model) => ("network", serde_json::to_value(&model.card)?, OF_TRAINED),
        };
        print_json(&json!({ "file": path, "kind": kind, "digest": digest, "card": card, "intended_use": use_for }));
        return Ok(());
    }
    let lines = match &model {
        AnyModel::Head(head) => of_head(head),
        AnyModel::Backbone(backbone) => of_backbone(backbone),
        AnyModel::Trained(model) => of_trained(model),
    };
    show!("{}", path.display());
    show!("digest          {digest}");
    lines.iter().for_each(|line| show!("{line}"));
    Ok(())
}

/// Names of tasks in one line.
pub fn tasks<'a>(tasks: impl Iterator<Item = &'a TaskClasses>) -> String {
    tasks.map(|task| format!("{} ({} classes)", task.task, task.classes.len())).collect::<Vec<_>>().join(", ")
}

fn of_head(head: &Head) -> Vec<String> {
    let card = &head.card;
    let mut lines = vec![
        "kind            a head: a classifier over what it listens to".to_owned(),
        format!("data            corpus '{}', manifest {:.12}", card.corpus, card.corpus_digest),
        format!("protocol        {}, {} draw(s)", measured_by(card), card.seeds.len()),
    ];
    for input in &card.inputs {
        let of = input.backbone.as_ref().map_or_else(|| "features of its own".to_owned(), |digest| format!("backbone {digest:.12}"));
        lines.push(format!("listens to      {}: {} numbers, {of}", input.name, input.width));
    }
    card.tasks.iter().for_each(|task| lines.extend(of_task(head, task)));
    let near = &card.familiarity;
    lines.push(format!(
        "not music       what is farther than {:.2} from its {} tracks ({} nearest) is \"not sure\"; so were {} of {} real tracks, held out",
        near.limit, near.tracks, near.neighbours, near.refused, near.tested
    ));
    lines.push(format!("versions        extractor {}, decoder {}", card.extractor_version, card.decoder_version));
    for backbone in &head.backbones {
        lines.push(format!("licence         brings {} along, whose notice follows", backbone.name()));
        lines.push(backbone.card.licence.clone());
    }
    lines.push("licence         the classifier is yours; the terms of the recordings that it was fitted on are theirs".to_owned());
    lines.push(format!("intended use    {OF_HEAD}"));
    lines
}

/// How a head was measured, in words.
fn measured_by(HeadCard { protocol, folds, .. }: &HeadCard) -> String {
    match protocol.parse() {
        Ok(Protocol::FaultFiltered) => {
            format!("{protocol}: chosen on {folds} folds of the public train and valid parts, measured on the public test part")
        }
        Ok(Protocol::ArtistOnce) => {
            format!("{protocol}: one test part a draw with no artist on two sides, chosen on {folds} folds of the rest")
        }
        _ => format!("no {protocol} on two sides of {folds} folds"),
    }
}

fn of_task(head: &Head, task: &HeadTask) -> Vec<String> {
    let measured = &task.measured;
    let interval = measured.interval.map_or_else(String::new, |[low, high]| format!(" ({low:.3} to {high:.3}, 95 % over tracks)"));
    let error = measured.calibration_error.map_or_else(|| "–".to_owned(), |error| format!("{error:.3}"));
    let candidate = Candidate { inputs: task.inputs.clone(), model: task.model.clone() };
    let mut lines = vec![
        format!("{:<15} {}", task.task.task, task.task.classes.join(", ")),
        format!("  classifier    {}, temperature {:.2}", shown(&candidate, &head.card.inputs), task.temperature),
        format!("  accuracy      {:.3}{interval} of {} tracks, each held out once", measured.accuracy, measured.tracks),
        format!("  calibration   error {error}"),
    ];
    if !measured.left_out.is_empty() {
        lines.push(format!("  left out      {}", left_out(&head.card, task)));
    }
    for of in &measured.selective {
        let from = reaching(&task.steps, of.asked).map_or_else(|| "none".to_owned(), |step| format!("{:.2}", step.confidence));
        lines.push(format!("  confidence {from:<5} {}", precision(of, measured.tracks)));
    }
    lines
}

fn of_backbone(backbone: &Backbone) -> Vec<String> {
    let card = &backbone.card;
    vec![
        format!("kind            a pre-trained network, {}", backbone.name()),
        format!("data            {}, by its authors", card.collection.name()),
        format!("source          {}, sha256 {}", card.source, card.source_sha256),
        format!("tags            {}", card.tags.join(", ")),
        format!("versions        extractor {}", card.extractor_version),
        "accuracy        that of its authors' paper; here its numbers are held against the package's (docs/musicnn.md)".to_owned(),
        format!("intended use    {OF_BACKBONE}"),
        "licence".to_owned(),
        card.licence.clone(),
    ]
}

fn of_trained(model: &ModelFile) -> Vec<String> {
    let card = &model.card;
    let config: Value = serde_json::to_value(&card.model).expect("keys are text");
    vec![
        "kind            a network trained on features".to_owned(),
        format!("experiment      {}", card.experiment),
        format!("network         {config}"),
        format!("answers         {}", tasks(card.signature.tasks.iter())),
        format!("protocol        {}, seed {}, epoch {}", card.protocol, card.seed, card.best_epoch),
        format!("data            shards {:.12}, split {:.12}", card.shards_digest, card.split_digest),
        format!("versions        extractor {}, trainer {}", card.extractor_version, model.made.trainer_version),
        "accuracy        is in the run's report: a training run does not see the test part".to_owned(),
        format!("intended use    {OF_TRAINED}"),
    ]
}
