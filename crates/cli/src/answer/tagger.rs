//! A pre-trained network's own tags of a file.

use std::path::Path;

use anyhow::Result;
use segno_features::PatchExtractor;
use segno_models::{Backbone, TaskClasses};

use super::{Answer, REPEATED};
use crate::ear::Ear;

/// A pre-trained network, ready to tag.
pub struct Tagger {
    ear: Ear,
    extractor: PatchExtractor,
    tags: TaskClasses,
}

impl Tagger {
    /// Plans the network.
    ///
    /// # Errors
    /// As [`Ear::new`].
    pub fn new(backbone: &Backbone) -> Result<Self> {
        let ear = Ear::new(backbone)?;
        Ok(Self { extractor: ear.extractor(), ear, tags: TaskClasses { task: "tags".into(), classes: backbone.card.tags.clone() } })
    }

    /// The likelihood of each tag: the mean over patches of the sigmoid, as the package's `top_tags` has it.
    ///
    /// # Errors
    /// As [`Ear::listen`].
    pub fn answer(&mut self, file: &Path) -> Result<Answer> {
        let heard = self.ear.listen(&mut self.extractor, file)?;
        let clips = heard.patches.len();
        let sigmoid = |logit: f32| 1.0 / (1.0 + f64::from(-logit).exp());
        let mean = |tag: usize| heard.patches.iter().map(|patch| sigmoid(patch.logits[tag])).sum::<f64>() / clips as f64;
        let likelihoods = (0..self.tags.classes.len()).map(|tag| mean(tag) as f32).collect();
        let note = heard.is_repeated.then(|| REPEATED.to_owned());
        Ok(Answer { clips, tasks: vec![(self.tags.clone(), likelihoods)], are_tags: true, note })
    }
}
