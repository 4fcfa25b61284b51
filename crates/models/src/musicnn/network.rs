//! The network, planned from its parameters.

use rayon::prelude::*;
use segno_kernels::{Mat, MatMut, Threads, matmul};

use super::{
    BANDS, FRAMES, PENULTIMATE, POOLED, TAGS,
    filters::{Filters, padded_rows},
    names::{self, FRONT, LAYERS, MIDDLE, NORM},
    norm::Norm,
};
use crate::{ModelError, NamedTensor};

/// What the network makes of one patch.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// `[50]`: a tag each, before the sigmoid.
    pub logits: Vec<f32>,
    /// `[200]`: the last layer before the tags, normalised.
    pub penultimate: Vec<f32>,
    /// `[1506]`: of each channel of front end and middle, the largest over time and the mean.
    pub pooled: Vec<f32>,
}

/// A convolution over seven frames of all channels, with what follows it.
#[derive(Clone, Debug)]
struct Dense {
    inputs: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// MusiCNN, ready to listen. It holds filters as spectra; patches are worked on by every thread of rayon's current pool.
#[derive(Clone, Debug)]
pub struct Musicnn {
    input: Norm,
    front: Vec<Filters>,
    middle: Vec<(Dense, Norm)>,
    pooled: Norm,
    dense: (Dense, Norm),
    tags: Dense,
}

const TAPS: usize = 7;

impl Musicnn {
    /// Plans the network for parameters under the names of [`parameters`](super::parameters).
    ///
    /// # Errors
    /// [`ModelError::Tensor`] when one is missing, has another shape, or is left over.
    pub fn new(tensors: &[NamedTensor]) -> Result<Self, ModelError> {
        let expected = names::all();
        for (name, _, shape) in &expected {
            let found = tensors.iter().find(|tensor| tensor.name == *name).map(|tensor| &tensor.shape);
            if found != Some(shape) {
                let found = found.map_or_else(|| "none".to_owned(), |shape| format!("{shape:?}"));
                return Err(ModelError::Tensor { name: name.clone(), found, expected: format!("{shape:?}") });
            }
        }
        if let Some(left_over) = tensors.iter().find(|tensor| !expected.iter().any(|(name, ..)| *name == tensor.name)) {
            let found = format!("{:?}", left_over.shape);
            return Err(ModelError::Tensor { name: left_over.name.clone(), found, expected: "none".into() });
        }
        let values = |name: &str| &tensors.iter().find(|tensor| tensor.name == name).expect("was looked for above").values[..];
        let norm = |name: &str| Norm::new(NORM.map(|part| values(&format!("{name}.norm.{part}"))));
        let dense = |name: &str| {
            let bias = values(&format!("{name}.bias")).to_vec();
            let weights = values(&format!("{name}.kernel")).to_vec();
            Dense { inputs: weights.len() / bias.len(), weights, bias }
        };
        let filters = |name: &str, size: [usize; 2]| {
            let Dense { weights, bias, .. } = dense(name);
            Filters::new(&weights, size, bias, norm(name))
        };
        Ok(Self {
            input: norm("input"),
            front: vec![
                filters("timbral.38", [TAPS, 38]),
                filters("timbral.67", [TAPS, 67]),
                filters("temporal.128", [128, 1]),
                filters("temporal.64", [64, 1]),
                filters("temporal.32", [32, 1]),
            ],
            middle: LAYERS[5..8].iter().map(|layer| (dense(layer.name), norm(layer.name))).collect(),
            pooled: norm("pooled"),
            dense: (dense("dense"), norm("dense")),
            tags: dense("tags"),
        })
    }

    /// What it makes of each patch, in their order; the same on any number of threads.
    ///
    /// # Shapes
    /// `patches` [n, 187, 96]: log-compressed mel power, see `PatchSpec::musicnn` of segno-features
    ///
    /// # Panics
    /// When the values are no whole number of patches.
    pub fn listen(&self, patches: &[f32]) -> Vec<Heard> {
        assert!(patches.len().is_multiple_of(FRAMES * BANDS), "{} values are no patches of {FRAMES} × {BANDS}", patches.len());
        patches.par_chunks_exact(FRAMES * BANDS).map(|patch| self.hear(patch)).collect()
    }

    fn hear(&self, patch: &[f32]) -> Heard {
        let mut patch = patch.to_vec();
        self.input.apply(&mut patch);
        let mut front = vec![0.0; FRAMES * FRONT];
        let mut first = 0;
        for filters in &self.front {
            let n = filters.channels();
            for (row, answers) in front.chunks_exact_mut(FRONT).zip(filters.apply(&patch).chunks_exact(n)) {
                row[first..first + n].copy_from_slice(answers);
            }
            first += n;
        }
        let mut layers = vec![front];
        for (index, (layer, norm)) in self.middle.iter().enumerate() {
            let before = &layers[index];
            let mut after = layer.over_frames(before);
            norm.activate(&mut after, &layer.bias);
            if index > 0 {
                after.iter_mut().zip(before).for_each(|(after, before)| *after += before);
            }
            layers.push(after);
        }
        let pooled = pool(&layers);
        let mut normalised = pooled.clone();
        self.pooled.apply(&mut normalised);
        let (dense, norm) = &self.dense;
        let mut penultimate = dense.rows(&normalised);
        norm.activate(&mut penultimate, &dense.bias);
        let mut logits = self.tags.rows(&penultimate);
        logits.iter_mut().zip(&self.tags.bias).for_each(|(logit, bias)| *logit += bias);
        debug_assert!(logits.len() == TAGS && penultimate.len() == PENULTIMATE && pooled.len() == POOLED);
        Heard { logits, penultimate, pooled }
    }
}

/// Of each channel the largest over time, and the mean.
fn pool(layers: &[Vec<f32>]) -> Vec<f32> {
    let mut pooled = Vec::with_capacity(POOLED);
    for (layer, channels) in layers.iter().zip([FRONT, MIDDLE, MIDDLE, MIDDLE]) {
        for channel in 0..channels {
            let over_time = || layer.iter().skip(channel).step_by(channels);
            pooled.push(over_time().fold(f32::NEG_INFINITY, |largest, value| largest.max(*value)));
            pooled.push((over_time().map(|value| f64::from(*value)).sum::<f64>() / FRAMES as f64) as f32);
        }
    }
    pooled
}

impl Dense {
    /// # Shapes
    /// `x` [n, inputs] → [n, outputs], without the bias
    fn rows(&self, x: &[f32]) -> Vec<f32> {
        self.product(Mat::rows(x, x.len() / self.inputs, self.inputs), x.len() / self.inputs)
    }

    /// Each output a product with seven frames, those beyond the ends zero.
    ///
    /// # Shapes
    /// `x` [frames, inputs / 7] → [frames, outputs], without the bias
    fn over_frames(&self, x: &[f32]) -> Vec<f32> {
        let columns = self.inputs / TAPS;
        let padded = padded_rows(x, columns, TAPS);
        self.product(Mat::new(&padded, [FRAMES, self.inputs], [columns, 1]), FRAMES)
    }

    fn product(&self, x: Mat<'_>, rows: usize) -> Vec<f32> {
        let outputs = self.bias.len();
        let mut out = vec![0.0; rows * outputs];
        matmul(MatMut::rows(&mut out, rows, outputs), false, x, Mat::rows(&self.weights, self.inputs, outputs), Threads::One);
        out
    }
}
