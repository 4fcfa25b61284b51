//! A head, asked about files: each of its inputs is made of the file first.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use burn::backend::Flex;
use segno_audio_io::DECODER_VERSION;
use segno_features::{EXTRACTOR_VERSION, FeatureSpec, PatchExtractor};
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
