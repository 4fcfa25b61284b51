//! The answer of a trained network, by integrated gradients.

use std::path::Path;

use anyhow::{Result, ensure};
use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};
use segno_eval::{
    Answerer,
    explain::{Attention, Explanation, Grid, Rectangles, Units, faithfulness},
};
use segno_models::{Attended, ModelFile};

use super::{CHANCE, CURVE_STEPS, STEPS, Saliency, Wanted, axis::marks};
use crate::{
    answer::{features_of, mean_over_clips},
    preprocess::Worker,
};

/// Cells that a clip is cut into, along each axis, for the curves.
const CELLS: usize = 12;

/// Explains a trained network's answer to a file.
///
/// # Errors
/// The file cannot be heard, the model cannot be asked, or it has no such class.
pub fn explain_trained(model: &ModelFile, path: &Path, file: &Path, wanted: Wanted<'_>) -> Result<Explanation> {
    let spec = features_of(model, path)?;
    let [frames, bins] = model.card.signature.input;
    ensure!(frames > 1, "{}: it hears a file as {bins} numbers, without time: there is no picture of that", path.display());
    let device = Default::default();
    let answerer = Answerer::<Flex>::new(model, &device)?;
    let mut features = Worker::new(&spec)?.features_of(file)?.to_vec();
    let clips = (features.len() / (frames * bins)).min(wanted.clips);
    ensure!(clips > 0, "{}: shorter than one clip of the model's", file.display());
    features.truncate(clips * frames * bins);

    let tasks = &model.card.signature.tasks;
    let means = |features: &[f32]| mean_over_clips(tasks, &answerer.probabilities(features.to_vec()));
    let (task, class, answer) = wanted.choose(tasks, &means(&features))?;
    let saliency = Saliency::of(model, &features, task, class)?;
    let (map, nothing) = (saliency.map, saliency.nothing);

    let whole = [clips * frames, bins];
    let cells = Rectangles { input: whole, size: [frames.div_ceil(CELLS), bins.div_ceil(CELLS)] }.of_values();
    let units = Units { values: &features, baseline: &nothing, of_values: &cells };
    let mut scores = vec![0.0_f32; units.count()];
    map.iter().zip(&cells).for_each(|(value, cell)| scores[*cell] += value);
    let asked = |features: &[f32]| Ok::<_, anyhow::Error>(f64::from(means(features)[task][class]));
    let faithfulness = faithfulness(&units, &scores, CURVE_STEPS, asked)?;

    let mut inputs = features.clone();
    model.normaliser.apply(&mut inputs);
    let x = Tensor::<Flex, 3>::from_data(TensorData::new(inputs, [clips, frames, bins]), &device);
    let seconds = spec.clip_samples().map_or(0.0, |samples| clips as f64 * samples as f64 / f64::from(spec.sample_rate_hz));
    Ok(Explanation {
        title: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        answer,
        method: format!("Integrated gradients of the probability in {STEPS} steps; nothing is {}.", saliency.nothing_told),
        notes: vec![CHANCE.to_owned()],
        heard: Grid { shape: whole, values: features.clone() },
        map: Grid { shape: whole, values: map },
        attention: model.network::<Flex>(&device)?.attention(x).map(attention),
        frequencies: marks(&spec.representation, spec.sample_rate_hz),
        seconds,
        clips,
        faithfulness,
    })
}

fn attention(attended: Attended<Flex>) -> Attention {
    fn values<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f32> {
        tensor.into_data().convert::<f32>().to_vec().expect("converted to f32")
    }
    match attended {
        Attended::Frames(weights) => Attention::Frames(values(weights)),
        Attended::Maps { weights, sum } => {
            let [clips, maps] = weights.dims();
            let entropy = |clip: &[f32]| {
                clip.iter().filter(|weight| **weight > 0.0).map(|weight| -f64::from(*weight) * f64::from(*weight).ln()).sum::<f64>()
            };
            let effective = values(weights).chunks_exact(maps).map(|clip| entropy(clip).exp()).sum::<f64>() / clips as f64;
            let [_, rows, columns] = sum.dims();
            // Time first, as grids are.
            let sum = Grid { shape: [clips * columns, rows], values: values(sum.swap_dims(1, 2)) };
            Attention::Maps { sum, effective, maps }
        }
    }
}
