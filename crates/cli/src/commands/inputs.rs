//! What `train` and `predict-set` read: one run's experiment, manifest, shards and split, held against each other.

use std::{borrow::Cow, sync::Arc};

use anyhow::{Result, bail};
use segno_dataset::{Examples, Manifest, Part, ShardSet, Split};
use segno_models::{ModelCard, Signature, TaskClasses};

use super::{manifest, shards, split};
use crate::args::RunArgs;
use crate::experiment::{Experiment, Row};
use crate::layout::{Layout, RunKey};
use crate::told::tell;

/// The inputs of one run.
pub struct RunInputs {
    pub layout: Layout,
    pub key: RunKey,
    pub experiment: Experiment,
    pub row: Row,
    pub manifest: Manifest,
    pub shards: Arc<ShardSet>,
    pub split: Split,
}

impl RunInputs {
    /// Opens them; the device is asked for first, before any work.
    pub fn open(args: &RunArgs) -> Result<Self> {
        args.device.check()?;
        let experiment = Experiment::read(&args.place.experiment)?;
        let row = experiment.row(&args.row)?.clone();
        let (layout, key) = (args.place.layout()?, args.key(&experiment)?);
        let manifest = manifest(&layout, &experiment)?;
        let shards = Arc::new(shards(&layout, &experiment, &row, &manifest)?);
        let split = split(&layout, &key, &manifest)?;
        if experiment.is_cut_as_splits(&row)
            && let Some(clip) = split.clip_unknown(shards.clips())
        {
            let (path, seed) = (layout.split(key.protocol, key.seed, key.fold), key.seed);
            bail!(
                "{}: drawn of other clips than row {} has, {} is not among them: run `segno split` again with --protocol {} --seed {seed}",
                path.display(),
                row.id,
                clip.clip_id,
                key.protocol
            );
        }
        Ok(Self { layout, key, experiment, row, manifest, shards, split })
    }

    /// All that decides what training comes to, but the device.
    pub fn card(&self) -> Result<ModelCard> {
        let Self { experiment, row, key, manifest, shards, split, .. } = self;
        let tasks =
            experiment.tasks.iter().map(|task| TaskClasses { task: task.clone(), classes: split.classes(manifest, task) }).collect();
        Ok(ModelCard {
            schema: 1,
            experiment: row.id.clone(),
            model: row.model.clone(),
            signature: Signature { input: shards.shape(), tasks },
            features: serde_json::to_value(experiment.spec(row)?)?,
            extractor_version: segno_features::EXTRACTOR_VERSION.to_owned(),
            training: serde_json::json!({
                "standardise": row.standardise, "steps": experiment.training(row)?, "loss_weights": experiment.task_weights(),
            }),
            protocol: key.fold.map_or_else(|| key.protocol.to_string(), |fold| format!("{}, {fold}", key.protocol)),
            seed: key.seed,
            best_epoch: 0,
            shards_digest: shards.digest(),
            split_digest: split.digest(),
        })
    }

    /// A part of the split (of its tracks, where the row cuts them otherwise than the split), with a label of each of the card's tasks; in
    /// memory if it takes no more than `memory_bytes`.
    pub fn examples(&self, card: &ModelCard, part: Part, memory_bytes: u64) -> Result<Examples> {
        let tasks: Vec<(&str, &[String])> = card.signature.tasks.iter().map(|task| (task.task.as_str(), task.classes.as_slice())).collect();
        let is_cut_alike = self.experiment.is_cut_as_splits(&self.row);
        let split = if is_cut_alike { Cow::Borrowed(&self.split) } else { Cow::Owned(self.split.recut(self.shards.clips())?) };
        let lost = self.split.tracks_lost(&split, part);
        if let Some(first) = lost.first() {
            tell!("! {part}: {} of the split's tracks have no clip of row {}'s length, {first} the first of them", lost.len(), self.row.id);
        }
        Ok(Examples::load(&self.shards, &split, part, &self.manifest, &tasks, memory_bytes)?)
    }
}
