//! A head's answers from embeddings that are there already.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use burn::backend::Flex;
use segno_map::{Answer, Task};
use segno_models::{AnyModel, Head, HeadInput};

use crate::answer::{self, Labels};
use crate::embedding::EmbeddingSpec;
use crate::listening::{Judge, Verdict};
use crate::neighbours::Neighbours;

/// The answers of a head that listens to nothing but what the library has of each track; "not sure" below the confidence that gives a
/// precision, where one is asked for.
///
/// # Errors
/// The model is no head, or one over other embeddings, or over more than these.
pub fn of_head(path: &Path, library: &Neighbours, min_precision: Option<f64>) -> Result<Vec<Task>> {
    let AnyModel::Head(head) = AnyModel::read(path)? else {
        bail!("{}: no head: {}", path.display(), instead(path));
    };
    let card = &head.card;
    for input in &card.inputs {
        let spec: Option<EmbeddingSpec> = input.backbone.as_ref().and_then(|_| serde_json::from_value(input.specification.clone()).ok());
        ensure!(
            spec.as_ref() == Some(&library.spec),
            "{}: it listens to {}, and the library has {} alone: {}",
            path.display(),
            wanted(input, spec.as_ref()),
            named(&library.spec),
            instead(path)
        );
    }
    for (what, found, ours) in
        [("extractor", &library.extractor_version, &card.extractor_version), ("decoder", &library.decoder_version, &card.decoder_version)]
    {
        ensure!(
            found == ours,
            "the library was embedded by {what} version {found}, and {} fitted to {ours}: embed it again",
            path.display()
        );
    }
    let labels = Labels { tasks: card.tasks.iter().map(|task| task.task.clone()).collect(), tags: vec![] };
    let judge = Judge::new(labels);
    let judge = min_precision.map_or(judge.clone(), |precision| judge.asking(precision, &card.tasks));
    tasks(&head, library, &judge).with_context(|| path.display().to_string())
}

/// What an input is made of, told so that two of one name can be told apart.
fn wanted(input: &HeadInput, spec: Option<&EmbeddingSpec>) -> String {
    match (spec, &input.backbone) {
        (Some(spec), _) => named(spec),
        (None, Some(digest)) => format!("{}, of backbone {digest:.12}", input.name),
        (None, None) => input.name.clone(),
    }
}

/// `musicnn-msd penultimate (mean), of backbone 0123456789ab`.
fn named(spec: &EmbeddingSpec) -> String {
    format!("{} {} ({}), of backbone {:.12}", spec.backbone, spec.layer.name(), spec.pool.name(), spec.digest)
}

/// What to do with a model that wants more than embeddings.
fn instead(path: &Path) -> String {
    format!("write a table by `segno predict --model {} --out table.csv`, and give it with --colour", path.display())
}

fn tasks(head: &Head, library: &Neighbours, judge: &Judge) -> Result<Vec<Task>> {
    // A card may name one embedding several times.
    let inputs: Vec<&[f32]> = head.card.inputs.iter().map(|_| library.values()).collect();
    let n_tasks = head.card.tasks.len();
    let probabilities =
        (0..n_tasks).map(|task| Ok(head.probabilities::<Flex>(task, &inputs, &Default::default())?)).collect::<Result<Vec<_>>>()?;
    let distances = head.distances(&inputs);
    let mut tasks: Vec<Task> = (head.card.tasks.iter())
        .map(|task| Task { name: task.task.task.clone(), classes: task.task.classes.clone(), answers: vec![] })
        .collect();
    for (track, name) in library.tracks().iter().enumerate() {
        let of_task = |task: usize| {
            let n_classes = tasks[task].classes.len();
            probabilities[task][track * n_classes..][..n_classes].to_vec()
        };
        let answer = answer::Answer {
            clips: 1,
            tasks: (0..n_tasks).map(of_task).collect(),
            tags: vec![],
            distance: Some(distances[track] / head.card.familiarity.limit),
            timeline: vec![],
            note: None,
        };
        let row = judge.row(Path::new(name), Ok(answer));
        let heard = row.heard.map_err(anyhow::Error::msg)?;
        for (task, said) in tasks.iter_mut().zip(heard.tasks) {
            task.answers.push(match said.verdict {
                Verdict::Sure { class, confidence } => {
                    let class = task.classes.iter().position(|known| *known == class).context("a class of another task")?;
                    Answer::Class { class, confidence: Some(confidence) }
                }
                Verdict::NotSure { reason } => Answer::NotSure { reason },
            });
        }
    }
    Ok(tasks)
}
