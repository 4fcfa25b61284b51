//! Integrated gradients.

use burn::tensor::{Tensor, TensorData};
use segno_models::{InputGradient, Objective, ops::TrainBackend};

/// Clips asked at once: a convolutional network keeps what it made of each for the way back.
const BATCH: usize = 8;

/// Which answer is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// [frames, bins] of a clip.
    pub shape: [usize; 2],
    /// The task, by its place in the signature.
    pub task: usize,
    /// The class, by its place in the task.
    pub class: usize,
}

/// What each value of a clip adds to a class's probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// [frames, bins], row-major: it sums to `probability - baseline`, but for the steps.
    pub map: Vec<f32>,
    /// Of the class, for the clip.
    pub probability: f32,
    /// Of the class, for the baseline.
    pub baseline: f32,
}

/// The probability's gradient, averaged over `steps` points on the straight line from a baseline to the clip, times their difference.
///
/// # Shapes
/// `clip`, `baseline`: [frames, bins], standardised
///
/// # Panics
/// When they have another length, or there is no step.
///
/// # References
/// M. Sundararajan, A. Taly, Q. Yan: Axiomatic attribution for deep networks, 2017; midpoints of the intervals for the integral.
pub fn integrated_gradients<B: TrainBackend>(
    network: &InputGradient<B>,
    question: Question,
    clip: &[f32],
    baseline: &[f32],
    steps: usize,
    device: &B::Device,
) -> Attribution {
    let n_values = question.shape.iter().product::<usize>();
    assert!(clip.len() == n_values && baseline.len() == n_values && steps > 0, "a clip and a baseline of {n_values} values, and steps");
    let ask = |shares: &[f32]| {
        let [frames, bins] = question.shape;
        let points = shares.iter().flat_map(|share| baseline.iter().zip(clip).map(move |(from, to)| from + share * (to - from)));
        let points = TensorData::new(points.collect(), [shares.len(), frames, bins]);
        network.of(Tensor::from_data(points, device), question.task, question.class, Objective::Probability)
    };
    let shares: Vec<f32> = (0..steps).map(|step| (step as f32 + 0.5) / steps as f32).collect();
    let mut sums = vec![0.0_f64; n_values];
    for shares in shares.chunks(BATCH) {
        for gradients in ask(shares).gradients.chunks_exact(n_values) {
            sums.iter_mut().zip(gradients).for_each(|(sum, gradient)| *sum += f64::from(*gradient));
        }
    }
    let ends = ask(&[0.0, 1.0]).objectives;
    let differences = clip.iter().zip(baseline).map(|(to, from)| f64::from(to - from));
    let map = sums.iter().zip(differences).map(|(sum, difference)| (sum / steps as f64 * difference) as f32).collect();
    Attribution { map, probability: ends[1], baseline: ends[0] }
}
