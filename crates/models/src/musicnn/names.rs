//! Which tensor of the checkpoint is which parameter: TensorFlow counts its layers in the order in which they were made.

use super::{Checkpoint, CheckpointError, PENULTIMATE, POOLED, TAGS};
use crate::NamedTensor;

/// A layer: its name here, its name in the checkpoint, the shape of its kernel, and the number of its normalisation.
pub(super) struct Layer {
    pub(super) name: &'static str,
    source: &'static str,
    kernel: &'static [usize],
    norm: Option<u32>,
}

/// Filters of a timbral bank, of a temporal one, of a layer in the middle.
pub(super) const TIMBRAL: usize = 204;
pub(super) const TEMPORAL: usize = 51;
pub(super) const MIDDLE: usize = 64;
/// Channels of the front end, and of all that is pooled over time.
pub(super) const FRONT: usize = 2 * TIMBRAL + 3 * TEMPORAL;
pub(super) const CHANNELS: usize = FRONT + 3 * MIDDLE;

pub(super) const LAYERS: [Layer; 10] = [
    Layer { name: "timbral.38", source: "conv2d", kernel: &[7, 38, 1, TIMBRAL], norm: Some(1) },
    Layer { name: "timbral.67", source: "conv2d_1", kernel: &[7, 67, 1, TIMBRAL], norm: Some(2) },
    Layer { name: "temporal.128", source: "conv2d_2", kernel: &[128, 1, 1, TEMPORAL], norm: Some(3) },
    Layer { name: "temporal.64", source: "conv2d_3", kernel: &[64, 1, 1, TEMPORAL], norm: Some(4) },
    Layer { name: "temporal.32", source: "conv2d_4", kernel: &[32, 1, 1, TEMPORAL], norm: Some(5) },
    Layer { name: "middle.1", source: "conv2d_5", kernel: &[7, FRONT, 1, MIDDLE], norm: Some(6) },
    Layer { name: "middle.2", source: "conv2d_6", kernel: &[7, MIDDLE, 1, MIDDLE], norm: Some(7) },
    Layer { name: "middle.3", source: "conv2d_7", kernel: &[7, MIDDLE, 1, MIDDLE], norm: Some(8) },
    Layer { name: "dense", source: "dense", kernel: &[POOLED, PENULTIMATE], norm: Some(10) },
    Layer { name: "tags", source: "dense_1", kernel: &[PENULTIMATE, TAGS], norm: None },
];

/// What a batch normalisation keeps.
pub(super) const NORM: [&str; 4] = ["gamma", "beta", "moving_mean", "moving_variance"];

/// Every parameter of the network: its name here, its name in the checkpoint, its shape.
pub(super) fn all() -> Vec<(String, String, Vec<usize>)> {
    let norm = |name: &str, number: u32, size: usize| {
        let source = if number == 0 { "batch_normalization".to_owned() } else { format!("batch_normalization_{number}") };
        NORM.map(|part| (format!("{name}.{part}"), format!("{source}/{part}"), vec![size]))
    };
    let mut all = Vec::from(norm("input.norm", 0, 1));
    for Layer { name, source, kernel, norm: number } in LAYERS {
        let size = kernel[kernel.len() - 1];
        all.push((format!("{name}.kernel"), format!("{source}/kernel"), kernel.to_vec()));
        all.push((format!("{name}.bias"), format!("{source}/bias"), vec![size]));
        all.extend(number.into_iter().flat_map(|number| norm(&format!("{name}.norm"), number, size)));
    }
    all.extend(norm("pooled.norm", 9, POOLED));
    all
}

/// Name and shape of every parameter of the network.
pub fn shapes() -> Vec<(String, Vec<usize>)> {
    all().into_iter().map(|(name, _, shape)| (name, shape)).collect()
}

/// Takes the network's parameters out of a checkpoint of musicnn 0.1.0, the optimiser's state left behind.
///
/// # Errors
/// [`CheckpointError`] where one is missing, has another shape or is damaged.
pub fn parameters(checkpoint: &Checkpoint<'_>) -> Result<Vec<NamedTensor>, CheckpointError> {
    all().into_iter().map(|(name, source, shape)| Ok(NamedTensor { name, ..checkpoint.tensor(&source, &shape)? })).collect()
}
