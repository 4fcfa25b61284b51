//! What a model says of clips, and of a whole part of a split.

use burn::tensor::{Tensor, TensorData, activation::softmax};
use segno_dataset::{ClipRef, Examples, Prediction, PredictionSource, Predictions};
use segno_models::{Mode, ModelError, ModelFile, Network, ops::Ops};

use crate::EvalError;

/// A model on a device, ready to be asked.
pub struct Answerer<'a, B: Ops> {
    model: &'a ModelFile,
    network: Network<B>,
    device: &'a B::Device,
}

impl<'a, B: Ops> Answerer<'a, B> {
    /// Puts the model's network on the device.
    ///
    /// # Errors
    /// Its parameters do not fit its configuration.
    pub fn new(model: &'a ModelFile, device: &'a B::Device) -> Result<Self, ModelError> {
        Ok(Self { model, network: model.network(device)?, device })
    }

    /// Probabilities of clips whose features are as extracted; they are standardised here, by the model's normaliser.
    ///
    /// # Shapes
    /// In: [clips, frames, bins], row-major. Out, a task each: [clips, classes], row-major.
    ///
    /// # Panics
    /// The features are no whole number of the model's clips.
    pub fn probabilities(&self, mut features: Vec<f32>) -> Vec<Vec<f32>> {
        let [frames, bins] = self.model.card.signature.input;
        assert!(features.len().is_multiple_of(frames * bins), "{} values are no clips of {frames} × {bins}", features.len());
        let clips = features.len() / (frames * bins);
        self.model.normaliser.apply(&mut features);
        let x = Tensor::<B, 3>::from_data(TensorData::new(features, [clips, frames, bins]), self.device);
        let logits = self.network.forward(x, &mut Mode::Infer).into_iter();
        logits.map(|logits| softmax(logits, 1).into_data().convert::<f32>().to_vec().expect("converted to f32")).collect()
    }
}

/// Runs a model over examples loaded as its card asks.
///
/// # Errors
/// [`EvalError::Model`] when the features do not have the model's shape or its parameters do not fit;
/// [`EvalError::Data`] when they cannot be read.
pub fn predict<B: Ops>(
    model: &ModelFile,
    examples: &Examples,
    source: PredictionSource,
    batch_size: usize,
    device: &B::Device,
    mut on_batch: impl FnMut(usize),
) -> Result<Predictions, EvalError> {
    let signature = &model.card.signature;
    if examples.shape != signature.input {
        return Err(ModelError::Shape { found: examples.shape, expected: signature.input }.into());
    }
    let answerer = Answerer::<B>::new(model, device)?;
    let mut rows = Vec::with_capacity(examples.len() * signature.tasks.len());
    let order: Vec<usize> = (0..examples.len()).collect();
    for batch in examples.batches(&order, batch_size) {
        let (indices, features) = batch?;
        let probabilities = answerer.probabilities(features);
        for (clip, index) in indices.iter().enumerate() {
            let ClipRef { clip_id, track_id } = &examples.clips[*index];
            for ((task, labels), probabilities) in signature.tasks.iter().zip(&examples.labels).zip(&probabilities) {
                rows.push(Prediction {
                    clip_id: clip_id.clone(),
                    track_id: track_id.clone(),
                    task: task.task.clone(),
                    true_label: task.classes[labels[*index]].clone(),
                    probabilities: probabilities[clip * task.classes.len()..][..task.classes.len()].to_vec(),
                });
            }
        }
        on_batch(indices.len());
    }
    let classes = signature.tasks.iter().map(|task| (task.task.clone(), task.classes.clone())).collect();
    Ok(Predictions { source, classes, rows })
}
