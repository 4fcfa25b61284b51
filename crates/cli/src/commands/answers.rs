//! `segno answers`: what every run says of every clip, short enough to be kept beside the code.

use anyhow::{Context, Result, ensure};
use segno_dataset::{LeftOutLabel, Prediction, digest_fields};
use segno_eval::report::Run;
use serde::Serialize;
use serde_json::json;

use super::{
    features::Features,
    manifest, print_json,
    protocols::{left_out, left_out_note},
    runs::runs,
};
use crate::args::Place;
use crate::environment::processor;
use crate::experiment::Experiment;
use crate::told::{show, tell};

/// One letter a class.
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[derive(clap::Args, Debug)]
#[command(after_help = "\
One letter a clip, in the order of the clips' names: A for the first class, B for the second. The digest is of the
classes, the clips' names and the letters. Probabilities are left aside: their last bits differ between processors.
A regression test holds both against what it keeps (`cargo xtask regress`). What the protocol `artist` leaves out, and so no clip is
of, is named.

Example:
  segno answers --work work --experiment datasets/synthetic/experiments/quickstart.toml --json")]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Seeds a row that are looked for; the experiment's own numbers if absent
    #[arg(long)]
    seeds: Option<u64>,
}

/// What one run says of the test part, for one task; its folds are pooled.
#[derive(Debug, Serialize)]
struct Answers {
    row: String,
    protocol: String,
    seed: u64,
    task: String,
    clips: usize,
    accuracy: f64,
    digest: String,
    answers: String,
}

pub fn run(args: &Args) -> Result<()> {
    let experiment = Experiment::read(&args.place.experiment)?;
    let layout = args.place.layout()?;
    let manifest = manifest(&layout, &experiment)?;
    let features = Features::new(&layout, &experiment, &manifest);
    let mut notes = vec![];
    let runs = runs(&layout, &experiment, &manifest, &features, args.seeds, &mut notes)?;
    notes.iter().for_each(|note| tell!("! {note}"));
    ensure!(!runs.is_empty(), "no predictions in {}: run `segno predict-set` first", layout.root().display());
    let mut answers = vec![];
    for run in &runs {
        answers.extend(of_run(run)?);
    }
    let left_out = left_out(&layout, &experiment, runs.iter().map(|run| (run.protocol, run.seed)))?;
    if args.place.json {
        let labels = left_out.iter().flat_map(|(protocol, folding)| {
            let (protocol, folds) = (protocol.to_string(), folding.fold.of());
            let of_label = move |LeftOutLabel { task, label, artists }: &LeftOutLabel| {
                json!({ "protocol": protocol, "folds": folds, "task": task, "label": label, "artists": artists })
            };
            folding.left_out.iter().map(of_label)
        });
        print_json(&json!({ "processor": processor(), "runs": answers, "left_out": labels.collect::<Vec<_>>() }));
        return Ok(());
    }
    for Answers { row, protocol, seed, task, clips, accuracy, digest, .. } in answers {
        show!("{row}, {protocol}, seed {seed}, {task}: {accuracy:.4} of {clips} clips, answers {}", &digest[..12]);
    }
    for (protocol, folding) in &left_out {
        left_out_note(folding).iter().for_each(|note| show!("{protocol}: {note}"));
    }
    Ok(())
}

/// The answers of a run, a task each.
fn of_run(run: &Run) -> Result<Vec<Answers>> {
    run.predictions.classes.iter().map(|(task, classes)| of_task(run, task, classes)).collect()
}

fn of_task(run: &Run, task: &str, classes: &[String]) -> Result<Answers> {
    ensure!(
        classes.len() <= LETTERS.len(),
        "task {task} has {} classes, expected at most {}: one letter each",
        classes.len(),
        LETTERS.len()
    );
    let mut rows: Vec<&Prediction> = run.predictions.rows.iter().filter(|row| row.task == task).collect();
    ensure!(!rows.is_empty(), "{} has no predictions of task {task}", run.predictions_file);
    rows.sort_by_key(|row| &row.clip_id);
    let letters = rows.iter().map(|row| LETTERS.get(row.argmax()).map(|letter| char::from(*letter)));
    let answers: String = letters.collect::<Option<_>>().context("a clip has more probabilities than there are classes")?;
    let right = rows.iter().filter(|row| classes.get(row.argmax()) == Some(&row.true_label)).count();
    let names = rows.iter().map(|row| row.clip_id.as_str());
    Ok(Answers {
        row: run.row.clone(),
        protocol: run.protocol.to_string(),
        seed: run.seed,
        task: task.to_owned(),
        clips: rows.len(),
        accuracy: right as f64 / rows.len() as f64,
        digest: digest_fields(classes.iter().map(String::as_str).chain(names).chain([&*answers])),
        answers,
    })
}
