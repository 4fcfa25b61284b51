//! The sound that a network takes for a class.

use anyhow::Result;
use burn::backend::{Autodiff, Flex};
use burn::tensor::{Tensor, TensorData};
use segno_eval::Answerer;
use segno_models::{InputGradient, ModelFile, Objective};

use super::{Clips, climb::Climb, quantised};
use crate::answer::mean_over_clips;

/// Steps between one sound and the next.
const STEPS: usize = 8;

/// What is looked for: a class of a task, by their places in the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The task.
    pub task: usize,
    /// The class.
    pub class: usize,
}

/// How it is looked for.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `rounds` | 40 | from 1 | sounds that are made, each from the one before |
/// | `enough` | 0.9 | 0 to 1 | the probability at which the search ends |
/// | `naturalness` | 1 | 0 to [`Climb::MOST_NATURAL`] | a cell changes by no more than 1 / naturalness deviations |
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the table above has one row for each field")]
pub struct Search {
    pub rounds: usize,
    pub enough: f32,
    pub naturalness: f32,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Sixteen bits a sample.
    pub steps: Vec<i16>,
    /// Of the class, for the sound that it began with.
    pub from: f32,
    /// Of the class, for these samples.
    pub probability: f32,
    /// Of the class, for the features before they were made sound: what the network alone would have it be.
    pub inside: f32,
    /// Root mean square of the features' change, in deviations.
    pub change: f64,
    /// Relative distance of the magnitudes from those that were asked for.
    pub consistency_error: f64,
    /// Sounds that were made.
    pub rounds: usize,
}

impl Search {
    /// Goes from sound to features, some steps towards the class, and back to sound of sixteen bits, again and again; keeps the sound
    /// with the highest mean probability over its clips.
    ///
    /// # Shapes
    /// `start` [clips · samples]
    ///
    /// # Errors
    /// The start has no features.
    pub fn run(&self, model: &ModelFile, clips: &mut Clips, goal: Goal, start: &[f32], mut told: impl FnMut(usize, f32)) -> Result<Found> {
        let device = Default::default();
        let network = InputGradient::<Autodiff<Flex>>::new(model.network(&device)?);
        let answerer = Answerer::<Flex>::new(model, &device)?;
        let shape @ [frames, bins] = model.card.signature.input;
        let n_values = frames * bins;
        let n_clips = start.len() / clips.samples;
        let asked = |features: &[f32]| {
            mean_over_clips(&model.card.signature.tasks, &answerer.probabilities(features.to_vec()))[goal.task][goal.class]
        };

        let (steps, mut samples) = quantised(start);
        let mut features = clips.features(&samples)?;
        let origin = features.clone();
        let units = units(model, &origin);
        let from = asked(&features);
        let mut best = Found { steps, from, probability: from, inside: from, change: 0.0, consistency_error: 0.0, rounds: 0 };
        let mut climbs: Vec<Climb> = (0..n_clips).map(|_| Climb::new(shape, self.naturalness)).collect();
        for round in 1..=self.rounds {
            if best.probability >= self.enough {
                break;
            }
            for _ in 0..STEPS {
                let mut x = features.clone();
                model.normaliser.apply(&mut x);
                let x = Tensor::from_data(TensorData::new(x, [n_clips, frames, bins]), &device);
                let slopes = network.of(x, goal.task, goal.class, Objective::LogProbability).gradients;
                for (clip, climb) in climbs.iter_mut().enumerate() {
                    let of_clip = clip * n_values..(clip + 1) * n_values;
                    let unit = |at: usize| units.of_features[at % bins];
                    // The slope along a unit of the features, where the network's is along a unit of its input.
                    let slope: Vec<f32> =
                        slopes[of_clip.clone()].iter().enumerate().map(|(at, slope)| slope * units.of_input[at % bins]).collect();
                    let places = || features[of_clip.clone()].iter().zip(&origin[of_clip.clone()]).enumerate();
                    let mut change: Vec<f32> = places().map(|(at, (now, then))| (now - then) / unit(at)).collect();
                    climb.step(&slope, &mut change);
                    let moved: Vec<f32> = change
                        .iter()
                        .zip(&origin[of_clip.clone()])
                        .enumerate()
                        .map(|(at, (change, then))| then + change * unit(at))
                        .collect();
                    features[of_clip].copy_from_slice(&moved);
                }
            }
            let inside = asked(&features);
            let (sound, consistency_error) = clips.sound(&features, &samples)?;
            let (steps, heard) = quantised(&sound);
            samples = heard;
            features = clips.features(&samples)?;
            let probability = asked(&features);
            told(round, probability);
            if probability > best.probability {
                let change = units.between(&features, &origin);
                best = Found { steps, from, probability, inside, change, consistency_error, rounds: round };
            }
        }
        Ok(best)
    }
}

/// What a change is measured in, bin by bin.
struct Units {
    of_features: Vec<f32>,
    of_input: Vec<f32>,
}

impl Units {
    /// Root mean square of the difference.
    fn between(&self, now: &[f32], then: &[f32]) -> f64 {
        let units = self.of_features.iter().cycle();
        let sum = now.iter().zip(then).zip(units).map(|((now, then), unit)| f64::from((now - then) / unit).powi(2)).sum::<f64>();
        (sum / now.len() as f64).sqrt()
    }
}

/// The deviation of the training clips where the model knows it, and else that of the start over all bins.
fn units(model: &ModelFile, start: &[f32]) -> Units {
    let bins = model.card.signature.input[1];
    let normaliser = &model.normaliser;
    let divisor = |bin: usize| normaliser.deviation.get(bin).copied().unwrap_or(1.0);
    if normaliser.has_statistics() {
        return Units { of_features: (0..bins).map(divisor).collect(), of_input: vec![1.0; bins] };
    }
    let mean = start.iter().sum::<f32>() / start.len() as f32;
    let variance = start.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / start.len() as f32;
    let deviation = variance.sqrt().max(f32::MIN_POSITIVE);
    Units { of_features: vec![deviation; bins], of_input: (0..bins).map(|bin| deviation / divisor(bin)).collect() }
}
