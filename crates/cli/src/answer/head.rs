//! A head, asked about files: each of its inputs is made of the file first.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use burn::backend::Flex;
use segno_audio_io::DECODER_VERSION;
use segno_features::{EXTRACTOR_VERSION, FeatureSpec, PatchExtractor, PatchSpec};
use segno_models::{Backbone, Head, HeadInput};

use super::{Answer, Answers, Labels, Moment, REPEATED, Said, tagger::tags};
use crate::{
    ear::{Ear, patch_s},
    embedding::EmbeddingSpec,
    library::Library,
    preprocess::Worker,
    silence::{NO_CHANGE, NO_SOUND, never_changes},
};

/// Patches of a stretch, where probabilities over time are asked for: fifteen seconds, half of the clips that heads are mostly fitted
/// to. Less is too little to know a genre by, more hides what changes.
const STRETCH_PATCHES: usize = 5;

/// A head with all that it listens with; threads take clones, which share the networks.
#[derive(Clone)]
pub struct HeadAnswers<'a> {
    head: &'a Head,
    inputs: Vec<Input>,
    tags: Vec<String>,
    stretch_s: f64,
}

#[derive(Clone)]
enum Input {
    Embedding { ear: Arc<Ear>, extractor: Box<PatchExtractor>, spec: EmbeddingSpec },
    Summary(Box<Worker>),
}

impl<'a> HeadAnswers<'a> {
    /// Finds the backbones, in the head's file, among `files` or in the user's library, and plans them.
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
        given.iter().try_for_each(|found| wanted(found, &card.inputs, path))?;
        let brought = head.backbones.iter().map(|backbone| Found::new(backbone.clone(), path));
        let mut backbones: Vec<Found> = brought.chain(given).collect();
        for digest in card.inputs.iter().filter_map(|input| input.backbone.as_ref()) {
            if backbones.iter().all(|found| found.digest != *digest)
                && let Ok(library) = Library::of_user()
            {
                backbones.extend(library.backbone(digest)?.map(|(backbone, file)| Found::new(backbone, &file)));
            }
        }
        let inputs = card.inputs.iter().map(|input| plan(input, path, &backbones)).collect::<Result<Vec<_>>>()?;
        let first = card.inputs.iter().find_map(|input| input.backbone.as_ref());
        let first = backbones.iter().find(|found| Some(&found.digest) == first);
        let tags = first.map(|found| found.backbone.card.tags.clone()).unwrap_or_default();
        let stretch_s = STRETCH_PATCHES as f64 * patch_s(&PatchSpec::musicnn());
        Ok(Self { head, inputs, tags, stretch_s })
    }

    /// What its numbers stand for: its tasks, and the tags of the first network that it listens with.
    pub fn labels(&self) -> Labels {
        Labels { tasks: self.head.card.tasks.iter().map(|task| task.task.clone()).collect(), tags: self.tags.clone() }
    }

    /// Probabilities of each task, of tracks or stretches of which every input's rows are given.
    fn probabilities(&self, rows: &[&[f32]]) -> Result<Vec<Vec<f32>>> {
        let of_task = |task| Ok(self.head.probabilities::<Flex>(task, rows, &Default::default())?);
        (0..self.head.card.tasks.len()).map(of_task).collect()
    }
}

/// What one input makes of a file.
struct InputHeard {
    row: Vec<f32>,
    /// A row a stretch, or why there is none: a stretch that one input hears nothing in has no answer.
    stretches: Vec<Result<Vec<f32>, &'static str>>,
}

impl Answers for HeadAnswers<'_> {
    /// One of the inputs cannot be made: the file cannot be decoded, is too short, or silent. Over time, the file's stretches as if
    /// each were a track, so that a silent one has no answer.
    fn answer(&mut self, file: &Path, over_time: bool) -> Result<Answer> {
        let mut answer = Answer { clips: 1, tasks: vec![], tags: vec![], distance: None, timeline: vec![], note: None };
        let mut tags_of_stretches = vec![];
        let mut heard_by = vec![];
        for input in &mut self.inputs {
            heard_by.push(match input {
                Input::Embedding { ear, extractor, spec } => {
                    let heard = ear.listen(extractor, file)?;
                    answer.clips = heard.patches.len();
                    answer.note = heard.is_repeated.then(|| REPEATED.to_owned()).or(answer.note);
                    let stretches = if over_time { heard.patches.chunks_exact(STRETCH_PATCHES) } else { [].chunks_exact(1) };
                    if answer.tags.is_empty() {
                        answer.tags = tags(&heard.patches);
                        tags_of_stretches = stretches.clone().map(tags).collect();
                    }
                    let silent = heard.silent.chunks_exact(STRETCH_PATCHES);
                    let rows = stretches.zip(silent).map(|(patches, silent)| match silent.iter().all(|silent| *silent) {
                        true => Err(NO_SOUND),
                        false => Ok(spec.row(patches)),
                    });
                    InputHeard { row: spec.row(&heard.patches), stretches: rows.collect() }
                }
                Input::Summary(worker) => {
                    let row = worker.features_of(file)?.to_vec();
                    ensure!(!never_changes(&row), "{}: {NO_CHANGE}", file.display());
                    let stretches = if over_time { worker.stretches_of(file, self.stretch_s)? } else { vec![] };
                    let rows = stretches.into_iter().map(|row| if never_changes(&row) { Err(NO_CHANGE) } else { Ok(row) });
                    InputHeard { row, stretches: rows.collect() }
                }
            });
        }
        let rows: Vec<&[f32]> = heard_by.iter().map(|heard| heard.row.as_slice()).collect();
        answer.tasks = self.probabilities(&rows)?;
        answer.distance = Some(self.head.distances(&rows)[0] / self.head.card.familiarity.limit);
        let n_stretches = heard_by.iter().map(|heard| heard.stretches.len()).min().unwrap_or(0);
        for stretch in 0..n_stretches {
            let rows = heard_by.iter().map(|heard| heard.stretches[stretch].as_deref()).collect::<Result<Vec<_>, _>>();
            let tags = || tags_of_stretches.get(stretch).cloned().unwrap_or_default();
            answer.timeline.push(Moment {
                start_s: stretch as f64 * self.stretch_s,
                end_s: (stretch + 1) as f64 * self.stretch_s,
                said: match rows {
                    Ok(rows) => Ok(Said { tasks: self.probabilities(&rows)?, tags: tags() }),
                    Err(reason) => Err((*reason).to_owned()),
                },
            });
        }
        Ok(answer)
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
                    heard.patches = ear.first_patches(extractor, file, most)?;
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

/// # Errors
/// No input of the head is of this backbone: whoever names one means it to be listened with.
fn wanted(given: &Found, inputs: &[HeadInput], path: &Path) -> Result<()> {
    let of = |input: &HeadInput| input.backbone.as_ref().map(|digest| format!("{} of digest {digest:.12}", input.name));
    let fitted: Vec<String> = inputs.iter().filter_map(of).collect();
    ensure!(
        inputs.iter().any(|input| input.backbone.as_ref() == Some(&given.digest)),
        "{}: fitted to {}, and --backbone {} is {} of digest {:.12}: give what it was fitted to, or leave --backbone out where its file or the library has it",
        path.display(),
        if fitted.is_empty() { "no backbone".to_owned() } else { fitted.join(" and ") },
        given.file,
        given.backbone.name(),
        given.digest
    );
    Ok(())
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
            "{}: fitted to the backbone {} of digest {digest:.12}, found {found}: give its model file with --backbone, take it into the library with `segno model import`, or train the head again",
            path.display(),
            spec.backbone
        );
    };
    let ear = Ear::new(backbone)?;
    Ok(Input::Embedding { extractor: Box::new(ear.extractor()), ear: Arc::new(ear), spec })
}
