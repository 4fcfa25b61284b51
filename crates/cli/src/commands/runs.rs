//! The runs of a report: predictions in a work folder that the code, shards, splits and models of now would make.

use anyhow::Result;
use segno_dataset::{Curves, Manifest, Part, Predictions, Split};
use segno_eval::report::Run;
use segno_models::{Ending, ModelFile};

use super::shards;
use crate::experiment::Experiment;
use crate::layout::{Layout, RunKey};

/// The predictions of the experiment's rows, protocols and seeds asked for.
///
/// Predictions that code, shards, split or model of now would not make are left out, with a note.
pub fn runs(
    layout: &Layout,
    experiment: &Experiment,
    manifest: &Manifest,
    asked: Option<u64>,
    notes: &mut Vec<String>,
) -> Result<Vec<Run>> {
    let mut runs = vec![];
    for row in &experiment.rows {
        let shards = shards(layout, experiment, row, manifest).ok();
        for protocol in &experiment.protocols {
            for seed in 1..=experiment.seeds_of(row, asked) {
                let key = RunKey { row: row.id.clone(), protocol: *protocol, seed };
                let path = layout.predictions(&key, Part::Test);
                if !path.is_file() {
                    continue;
                }
                let file = path.strip_prefix(layout.root()).unwrap_or(&path).display().to_string();
                let read = Stored::read(layout, &key);
                let Stored { predictions, split, model } = match read {
                    Ok(stored) => stored,
                    // Tables of an older program, say; the rows that are whole have their report.
                    Err(error) => {
                        notes.push(format!("left out: {}; run it again", relative(&format!("{error:#}"), layout)));
                        continue;
                    }
                };
                let shards = shards.as_ref().map(segno_dataset::ShardSet::digest);
                let now = Now { shards, split: split.digest(), model: model.as_ref().map(ModelFile::digest) };
                if let Some(what) = now.differs(&predictions) {
                    notes.push(format!("left out, as {what}: {file}; run `segno predict-set` again"));
                    continue;
                }
                notes.extend(model.and_then(|model| ending(&row.label, &key, model.made.ending)));
                let train = train_predictions(layout, &key, &now, notes)?;
                let curves = layout.curves(&key);
                let curves = if curves.is_file() { Some(Curves::read(&curves)?).filter(|curves| !curves.epochs.is_empty()) } else { None };
                runs.push(Run {
                    row: key.row,
                    protocol: *protocol,
                    seed,
                    predictions_file: file,
                    predictions,
                    train_predictions: train,
                    curves,
                });
            }
        }
    }
    Ok(runs)
}

fn train_predictions(layout: &Layout, key: &RunKey, now: &Now, notes: &mut Vec<String>) -> Result<Option<Predictions>> {
    let path = layout.predictions(key, Part::Train);
    if !path.is_file() {
        return Ok(None);
    }
    let predictions = Predictions::read(&path)?;
    let Some(what) = now.differs(&predictions) else { return Ok(Some(predictions)) };
    let file = path.strip_prefix(layout.root()).unwrap_or(&path).display();
    notes.push(format!("left out, as {what}: {file}; run `segno predict-set --part train` again"));
    Ok(None)
}

/// What a run left behind.
struct Stored {
    predictions: Predictions,
    split: Split,
    /// Absent where the model is not kept.
    model: Option<ModelFile>,
}

impl Stored {
    fn read(layout: &Layout, key: &RunKey) -> Result<Self> {
        let model = layout.model(key);
        Ok(Self {
            predictions: Predictions::read(&layout.predictions(key, Part::Test))?,
            split: Split::read(&layout.split(key.protocol, key.seed))?,
            model: if model.is_file() { Some(ModelFile::read(&model)?) } else { None },
        })
    }
}

/// A reason without the work folder's place on this machine.
fn relative(reason: &str, layout: &Layout) -> String {
    reason.replace(&layout.root().join("").display().to_string(), "")
}

/// What predictions have to be of to be counted.
struct Now {
    shards: Option<String>,
    split: String,
    /// Absent where the model is not kept: predictions stand without it.
    model: Option<String>,
}

impl Now {
    /// What predictions are not of, if there is such a thing.
    fn differs(&self, predictions: &Predictions) -> Option<&'static str> {
        let source = &predictions.source;
        if source.code_version != env!("CARGO_PKG_VERSION") {
            return Some("it is of another version of this program");
        }
        if self.shards.as_ref() != Some(&source.shards_digest) {
            return Some("its shards are not those of now");
        }
        if self.split != source.split_digest {
            return Some("its split is not that of now");
        }
        self.model.as_ref().is_some_and(|model| *model != source.model_digest).then_some("its model is not that of now")
    }
}

/// What a reader must know of how a model's training ended.
fn ending(label: &str, key: &RunKey, ending: Ending) -> Option<String> {
    let run = format!("{label}, {}, seed {}", key.protocol, key.seed);
    match ending {
        Ending::Unconverged(descent) => Some(format!(
            "{run}: the fit did not converge: its largest gradient element is {:e} after {} iterations",
            descent.gradient, descent.iterations
        )),
        Ending::Diverged { epoch } => Some(format!("{run}: the loss was no number in epoch {epoch}; the model is that of an epoch before")),
        Ending::Epochs | Ending::Patience | Ending::Converged(_) => None,
    }
}
