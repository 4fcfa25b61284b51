//! The runs of a report: predictions in a work folder that the code, shards, splits and models of now would make.

use anyhow::Result;
use segno_dataset::{Curves, Manifest, Part, Predictions, Split};
use segno_eval::report::Run;
use segno_models::{Ending, ModelFile};

use super::features::Features;
use crate::experiment::{Experiment, Row};
use crate::layout::{Layout, RunKey};
use crate::preprocess::relative;

/// The predictions of the experiment's rows, protocols and seeds asked for; the folds of a run are pooled.
///
/// Predictions that code, shards, split or model of now would not make are left out, with a note, and so is a run of which a
/// fold is missing.
pub fn runs(
    layout: &Layout,
    experiment: &Experiment,
    manifest: &Manifest,
    features: &Features<'_>,
    asked: Option<u64>,
    notes: &mut Vec<String>,
) -> Result<Vec<Run>> {
    let mut runs = vec![];
    for row in &experiment.rows {
        let shards = features.of(row)?.map(|opened| opened.digest);
        for protocol in experiment.protocols.iter().copied().filter(|protocol| experiment.runs(row, *protocol)) {
            for seed in 1..=experiment.seeds_of(row, asked) {
                let key = |fold| RunKey { row: row.id.clone(), protocol, seed, fold };
                let keys: Vec<RunKey> = experiment.folds_of(protocol)?.into_iter().map(key).collect();
                let mut reader = Reader { layout, manifest, row, shards: shards.as_deref(), notes };
                runs.extend(if protocol.has_folds() { reader.folds(&keys)? } else { reader.whole(&keys[0])? });
            }
        }
    }
    Ok(runs)
}

/// Reads the runs of a row.
struct Reader<'a> {
    layout: &'a Layout,
    manifest: &'a Manifest,
    row: &'a Row,
    /// Digest of the row's shards, if they are there.
    shards: Option<&'a str>,
    notes: &'a mut Vec<String>,
}

impl Reader<'_> {
    /// A run of a protocol without folds, if its predictions are there and of now.
    fn whole(&mut self, key: &RunKey) -> Result<Option<Run>> {
        if !self.layout.predictions(key, Part::Test).is_file() {
            return Ok(None);
        }
        let Some((predictions, now)) = self.read(key) else { return Ok(None) };
        let train_predictions = self.train_predictions(key, &now)?;
        let curves = self.layout.curves(key);
        let curves = if curves.is_file() { Some(Curves::read(&curves)?).filter(|curves| !curves.epochs.is_empty()) } else { None };
        let (row, predictions_file) = (key.row.clone(), self.file(key, Part::Test));
        Ok(Some(Run { row, protocol: key.protocol, seed: key.seed, predictions_file, predictions, train_predictions, curves }))
    }

    /// A run of a protocol with folds, if the predictions of each are there and of now. Its curves stay apart, and its
    /// training parts, which share clips, cannot be pooled.
    fn folds(&mut self, keys: &[RunKey]) -> Result<Option<Run>> {
        let RunKey { protocol, seed, .. } = keys[0];
        let of_run = format!("{}, {protocol}, seed {seed}", self.row.label);
        let is_there = |key: &&RunKey| self.layout.predictions(key, Part::Test).is_file();
        let missing: Vec<String> = keys.iter().filter(|key| !is_there(key)).filter_map(|key| Some(key.fold?.index().to_string())).collect();
        if missing.len() == keys.len() {
            return Ok(None);
        }
        if !missing.is_empty() {
            self.notes.push(format!(
                "left out: {of_run}: of its {} folds {} have no predictions; run `segno train` and `segno predict-set` with each --fold",
                keys.len(),
                missing.join(", ")
            ));
            return Ok(None);
        }
        let read: Vec<Predictions> = keys.iter().filter_map(|key| Some(self.read(key)?.0)).collect();
        if read.len() < keys.len() {
            self.notes.push(format!("left out: {of_run}: {} of its {} folds cannot be counted", keys.len() - read.len(), keys.len()));
            return Ok(None);
        }
        let predictions = match Predictions::pool(read) {
            Ok(predictions) => predictions,
            Err(error) => {
                self.notes.push(format!("left out: {error}"));
                return Ok(None);
            }
        };
        let predictions_file = format!("predictions/{}/{protocol}-{seed}.fold-*of{}.parquet", self.row.id, keys.len());
        let (row, curves, train_predictions) = (self.row.id.clone(), None, None);
        Ok(Some(Run { row, protocol, seed, predictions_file, predictions, train_predictions, curves }))
    }

    /// The predictions of a test part and what they were held against; a note if they do not count.
    fn read(&mut self, key: &RunKey) -> Option<(Predictions, Now)> {
        let Stored { predictions, split, model } = match Stored::read(self.layout, key, self.manifest) {
            Ok(stored) => stored,
            // Tables of an older program, say; the rows that are whole have their report.
            Err(error) => {
                self.notes.push(format!("left out: {}; run it again", relative(&crate::told(&error), self.layout.root())));
                return None;
            }
        };
        let now = Now { shards: self.shards.map(str::to_owned), split: split.digest(), model: model.as_ref().map(ModelFile::digest) };
        if let Some(what) = now.differs(&predictions) {
            self.notes.push(format!("left out, as {what}: {}; run `segno predict-set` again", self.file(key, Part::Test)));
            return None;
        }
        self.notes.extend(model.and_then(|model| ending(&self.row.label, key, model.made.ending)));
        Some((predictions, now))
    }

    fn train_predictions(&mut self, key: &RunKey, now: &Now) -> Result<Option<Predictions>> {
        let path = self.layout.predictions(key, Part::Train);
        if !path.is_file() {
            return Ok(None);
        }
        let predictions = Predictions::read(&path)?;
        let Some(what) = now.differs(&predictions) else { return Ok(Some(predictions)) };
        self.notes.push(format!("left out, as {what}: {}; run `segno predict-set --part train` again", self.file(key, Part::Train)));
        Ok(None)
    }

    /// Where the predictions of a part lie in the work folder.
    fn file(&self, key: &RunKey, part: Part) -> String {
        let path = self.layout.predictions(key, part);
        path.strip_prefix(self.layout.root()).unwrap_or(&path).display().to_string()
    }
}

/// What a run left behind.
struct Stored {
    predictions: Predictions,
    split: Split,
    /// Absent where the model is not kept.
    model: Option<ModelFile>,
}

impl Stored {
    fn read(layout: &Layout, key: &RunKey, manifest: &Manifest) -> Result<Self> {
        let model = layout.model(key);
        Ok(Self {
            predictions: Predictions::read(&layout.predictions(key, Part::Test))?,
            split: super::split(layout, key, manifest)?,
            model: if model.is_file() { Some(ModelFile::read(&model)?) } else { None },
        })
    }
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
    let fold = key.fold.map_or_else(String::new, |fold| format!(", fold {} of {}", fold.index(), fold.of()));
    let run = format!("{label}, {}, seed {}{fold}", key.protocol, key.seed);
    match ending {
        Ending::Unconverged(descent) => Some(format!(
            "{run}: the fit did not converge: its largest gradient element is {:e} after {} iterations",
            descent.gradient, descent.iterations
        )),
        Ending::Diverged { epoch } => Some(format!("{run}: the loss was no number in epoch {epoch}; the model is that of an epoch before")),
        Ending::Epochs | Ending::Patience | Ending::Converged(_) => None,
    }
}
