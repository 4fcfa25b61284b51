//! A pre-trained network's own tags of a file.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use segno_features::{PatchExtractor, PatchSpec};
use segno_models::{Backbone, musicnn::Heard};

use super::{Answer, Answers, Labels, Moment, REPEATED, Said};
use crate::{ear::Ear, silence::NO_SOUND};

/// A pre-trained network, ready to tag.
#[derive(Clone)]
pub struct Tagger {
    ear: Arc<Ear>,
    extractor: PatchExtractor,
}

impl Tagger {
    /// Plans the network.
    ///
    /// # Errors
    /// As [`Ear::new`].
    pub fn new(backbone: &Backbone) -> Result<Self> {
        let ear = Ear::new(backbone)?;
        Ok(Self { extractor: ear.extractor(), ear: Arc::new(ear) })
    }

    /// What its numbers stand for.
    pub fn labels(backbone: &Backbone) -> Labels {
        Labels { tasks: vec![], tags: backbone.card.tags.clone() }
    }

    /// What its patches are of.
    pub fn patch_spec(&self) -> &PatchSpec {
        self.ear.spec()
    }

    /// The first patches of a file, `most` of them where it has as many.
    ///
    /// # Errors
    /// As [`Ear::listen`].
    pub fn patches(&mut self, file: &Path, most: usize) -> Result<Vec<f32>> {
        self.ear.first_patches(&mut self.extractor, file, most)
    }

    /// The likelihood of each tag, had it heard these patches.
    pub fn tags_of(&self, patches: &[f32]) -> Vec<f32> {
        tags(&self.ear.network().listen(patches))
    }
}

/// The likelihood of each tag: the mean over patches of the sigmoid, silent ones too, as the package's `top_tags` has it.
pub(super) fn tags(patches: &[Heard]) -> Vec<f32> {
    let sigmoid = |logit: f32| 1.0 / (1.0 + f64::from(-logit).exp());
    let n_tags = patches.first().map_or(0, |patch| patch.logits.len());
    let mean = |tag: usize| patches.iter().map(|patch| sigmoid(patch.logits[tag])).sum::<f64>() / patches.len() as f64;
    (0..n_tags).map(|tag| mean(tag) as f32).collect()
}

impl Answers for Tagger {
    /// As [`Ear::listen`]; over time, patch by patch, and of silent ones nothing.
    fn answer(&mut self, file: &Path, over_time: bool) -> Result<Answer> {
        let heard = self.ear.listen(&mut self.extractor, file)?;
        let patch_s = self.ear.patch_s();
        let said = |(patch, is_silent): (_, &bool)| match is_silent {
            true => Err(NO_SOUND.to_owned()),
            false => Ok(Said { tasks: vec![], tags: tags(std::slice::from_ref(patch)) }),
        };
        let moment = |(index, patch)| Moment { start_s: index as f64 * patch_s, end_s: (index + 1) as f64 * patch_s, said: said(patch) };
        let patches = heard.patches.iter().zip(&heard.silent).enumerate();
        let timeline = if over_time { patches.map(moment).collect() } else { vec![] };
        let note = heard.is_repeated.then(|| REPEATED.to_owned());
        Ok(Answer { clips: heard.patches.len(), tasks: vec![], tags: tags(&heard.patches), distance: None, timeline, note })
    }
}
