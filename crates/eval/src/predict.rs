//! What a model says of the test part.

use burn::tensor::{Tensor, TensorData, activation::softmax};
use segno_dataset::{ClipRef, Examples, Prediction, PredictionSource, Predictions};
use segno_models::{Mode, ModelFile, ops::Ops};

use crate::EvalError;

/// Runs a model over examples loaded as its card asks; features are standardised here, by the model's normaliser.
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
        return Err(segno_models::ModelError::Shape { found: examples.shape, expected: signature.input }.into());
    }
    let network = model.network::<B>(device)?;
    let [frames, bins] = examples.shape;
    let mut rows = Vec::with_capacity(examples.len() * signature.tasks.len());
    let order: Vec<usize> = (0..examples.len()).collect();
    for batch in examples.batches(&order, batch_size) {
        let (indices, mut features) = batch?;
        model.normaliser.apply(&mut features);
        let x = Tensor::<B, 3>::from_data(TensorData::new(features, [indices.len(), frames, bins]), device);
        let probabilities: Vec<Vec<f32>> = network
            .forward(x, &mut Mode::Infer)
            .into_iter()
            .map(|logits| softmax(logits, 1).into_data().convert::<f32>().to_vec().expect("converted to f32"))
            .collect();
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
