//! What each value of a file's features adds to a trained network's answer.

use anyhow::Result;
use burn::backend::{Autodiff, Flex};
use segno_eval::explain::{Question, integrated_gradients};
use segno_models::{InputGradient, ModelFile};

/// Points on the way from nothing to the clip.
pub const STEPS: usize = 32;

/// Integrated gradients of a class's probability, clip by clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Saliency {
    /// [clips, frames, values]
    pub map: Vec<f32>,
    /// [clips, frames, values]: features that stand for nothing.
    pub nothing: Vec<f32>,
    /// What they are.
    pub nothing_told: &'static str,
}

impl Saliency {
    /// Of features [clips, frames, values].
    ///
    /// # Errors
    /// The model's parameters do not fit.
    pub fn of(model: &ModelFile, features: &[f32], task: usize, class: usize) -> Result<Self> {
        let device = Default::default();
        let shape @ [frames, bins] = model.card.signature.input;
        let (nothing, nothing_told) = nothing(model, features);
        let standardised = |features: &[f32]| {
            let mut values = features.to_vec();
            model.normaliser.apply(&mut values);
            values
        };
        let network = InputGradient::<Autodiff<Flex>>::new(model.network(&device)?);
        let question = Question { shape, task, class };
        let (inputs, baselines) = (standardised(features), standardised(&nothing));
        let of_clip = inputs.chunks_exact(frames * bins).zip(baselines.chunks_exact(frames * bins));
        let map =
            of_clip.flat_map(|(clip, baseline)| integrated_gradients(&network, question, clip, baseline, STEPS, &device).map).collect();
        Ok(Self { map, nothing, nothing_told })
    }
}

/// What stands for nothing, as the features are: what the network was told to expect, where it was told, or else silence.
fn nothing(model: &ModelFile, features: &[f32]) -> (Vec<f32>, &'static str) {
    if model.normaliser.has_statistics() {
        let mean = &model.normaliser.mean;
        return (features.chunks_exact(mean.len()).flat_map(|_| mean.iter().copied()).collect(), "the mean of the clips it was trained on");
    }
    let quietest = features.iter().fold(f32::INFINITY, |quietest, value| quietest.min(*value));
    (vec![quietest; features.len()], "the quietest value of the file")
}
