//! A head, asked about files: each of its inputs is made of the file first.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use burn::backend::Flex;
use segno_audio_io::DECODER_VERSION;
use segno_features::{EXTRACTOR_VERSION, FeatureSpec, PatchExtractor, PatchSpec};
use segno_models::{Backbone, Head, HeadInput};

use super::{Answer, REPEATED};
use crate::{
    ear::Ear,
    embedding::EmbeddingSpec,
    heads::{SILENCE, never_changes},
    preprocess::Worker,
};

/// A head with all that it listens with.
pub struct HeadAnswers<'a> {
    head: &'a Head,
    inputs: Vec<Input>,
}

enum Input {
    Embedding { ear: Box<Ear>, extractor: Box<PatchExtractor>, spec: EmbeddingSpec },
    Summary(Box<Worker>),
}

impl<'a> HeadAnswers<'a> {
    /// Finds the backbones, in the head's file or among `files`, and plans them.
    ///
    /// # Errors
    /// The head was fitted to another version of extractor or decoder, or to a backbone that is not there.
    pub fn new(head: &'a Head, path: &Path, files: &[PathBuf]) -> Result<Self> {
        let card = &head.card;
        for (what, found, ours) in
            [("extractor", &card.extractor_version, EXTRACTOR_VERSION), ("decoder", &card.decoder_version, DECODER_VERSION)]
        {
            ensure!(
                found == ours,
                "{}: fitted to {what} version {found}, and this segno has version {ours}: train it again",
                path.display()
            );
        }
        let given = files.iter().map(|file| Ok(Found::new(Backbone::read(file)?, file))).collect::<Result<Vec<_>>>()?;
        let brought = head.backbones.iter().map(|backbone| Found::new(backbone.clone(), path));
        let backbones: Vec<Found> = brought.chain(given).collect();
        let inputs = card.inputs.iter().map(|input| plan(input, path, &backbones)).collect::<Result<_>>()?;
        Ok(Self { head, inputs })
    }

    /// Probabilities of the whole file.
    ///
    /// # Errors
    /// One of the inputs cannot be made: the file cannot be decoded, is too short, or silent.
    pub fn answer(&mut self, file: &Path) -> Result<Answer> {
        let (mut clips, mut note, mut rows) = (1, None, vec![]);
        for input in &mut self.inputs {
            match input {
                Input::Embedding { ear, extractor, spec } => {
                    let heard = ear.listen(extractor, file)?;
                    clips = heard.patches.len();
                    note = heard.is_repeated.then(|| REPEATED.to_owned()).or(note);
                    rows.push(spec.row(&heard.patches));
                }
                Input::Summary(worker) => {
                    let row = worker.features_of(file)?.to_vec();
                    ensure!(!never_changes(&row), "{}: {SILENCE}", file.display());
                    rows.push(row);
                }
            }
        }
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let of_task = |index: usize| -> Result<_> {
            let probabilities = self.head.probabilities::<Flex>(index, &rows, &Default::default())?;
            Ok((self.head.card.tasks[index].task.clone(), probabilities))
        };
        let tasks = (0..self.head.card.tasks.len()).map(of_task).collect::<Result<_>>()?;
        Ok(Answer { clips, tasks, are_tags: false, note })
    }
}

/// A file as a head hears it: the patches of its ears, and the rows of all inputs.
pub struct HeardByHead {
    /// `[patches, frames, bands]`
    pub patches: Vec<f32>,
    rows: Vec<Vec<f32>>,
    /// Names of the inputs that do not come out of the patches.
    pub fixed: Vec<String>,
}

impl HeadAnswers<'_> {
    /// What the first ear's patches are of; none where the head listens with summaries alone.
    pub fn patch_spec(&self) -> Option<&PatchSpec> {
        self.inputs.iter().find_map(|input| match input {
            Input::Embedding { ear, .. } => Some(ear.spec()),
            Input::Summary(_) => None,
        })
    }

    /// Hears a file with the first `most` patches alone in the ears' inputs; summaries are of the whole.
    ///
    /// # Errors
    /// As [`HeadAnswers::answer`]; the head's ears do not all listen to the same patches.
    pub fn hear(&mut self, file: &Path, most: usize) -> Result<HeardByHead> {
        let mut heard = HeardByHead { patches: vec![], rows: vec![], fixed: vec![] };
        let mut of: Option<PatchSpec> = None;
        for (input, named) in self.inputs.iter_mut().zip(&self.head.card.inputs) {
            match input {
                Input::Embedding { ear, extractor, spec } => {
                    ensure!(of.as_ref().is_none_or(|of| of == ear.spec()), "its backbones listen to different patches");
                    let n_values: usize = ear.spec().shape().iter().product();
                    let patches = ear.patches(extractor, file)?;
                    heard.patches = patches.values[..n_values * most.min(patches.count())].to_vec();
                    of = Some(ear.spec().clone());
                    heard.rows.push(spec.row(&ear.network().listen(&heard.patches)));
                }
                Input::Summary(worker) => {
                    heard.rows.push(worker.features_of(file)?.to_vec());
                    heard.fixed.push(named.name.clone());
                }
            }
        }
        Ok(heard)
    }

    /// Probabilities of a task, had the ears heard these patches.
    ///
    /// # Errors
    /// The parameters do not fit.
    pub fn had_heard(&self, heard: &HeardByHead, patches: &[f32], task: usize) -> Result<Vec<f32>> {
        let rows = self.inputs.iter().zip(&heard.rows).map(|(input, row)| match input {
            Input::Embedding { ear, spec, .. } => spec.row(&ear.network().listen(patches)),
            Input::Summary(_) => row.clone(),
        });
        let rows: Vec<Vec<f32>> = rows.collect();
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        Ok(self.head.probabilities::<Flex>(task, &rows, &Default::default())?)
    }
}

/// A backbone, its digest, and the file that it was found in.
struct Found {
    backbone: Backbone,
    digest: String,
    file: String,
}

impl Found {
    fn new(backbone: Backbone, file: &Path) -> Self {
        Self { digest: backbone.digest(), backbone, file: file.display().to_string() }
    }
}

/// Plans what makes one input.
fn plan(input: &HeadInput, path: &Path, backbones: &[Found]) -> Result<Input> {
    let unreadable = || format!("{}: the specification of its input {}", path.display(), input.name);
    let Some(digest) = &input.backbone else {
        let spec: FeatureSpec = serde_json::from_value(input.specification.clone()).with_context(unreadable)?;
        ensure!(spec.shape() == [1, input.width], "{}: {} numbers, expected {:?}", unreadable(), input.width, spec.shape());
        return Ok(Input::Summary(Box::new(Worker::new(&spec)?)));
    };
    let spec: EmbeddingSpec = serde_json::from_value(input.specification.clone()).with_context(unreadable)?;
    ensure!(spec.width() == input.width && spec.digest == *digest, "{}: it contradicts itself", unreadable());
    let Some(Found { backbone, .. }) = backbones.iter().find(|found| found.digest == *digest) else {
        let found: Vec<String> =
            backbones.iter().map(|found| format!("{} {:.12} in {}", found.backbone.name(), found.digest, found.file)).collect();
        let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
        bail!(
            "{}: fitted to the backbone {} of digest {digest:.12}, found {found}: give its model file with --backbone, or train the head again",
            path.display(),
            spec.backbone
        );
    };
    let ear = Ear::new(backbone)?;
    Ok(Input::Embedding { extractor: Box::new(ear.extractor()), ear: Box::new(ear), spec })
}
