//! MusiCNN (Pons and Serra 2019), a tagger whose parameters were learned from large collections: a pre-trained ear.
//!
//! The network runs on plain slices with segno-kernels, a patch of three seconds at a time; it is not trained here.
//!
//! | layer | shape | section 3.1 of the reference |
//! |---|---|---|
//! | input, normalised | 187 frames × 96 bands | |
//! | timbral filters 7 × 38 and 7 × 67, ReLU, largest over the bands | 187 × (204 + 204) | front end |
//! | temporal filters of 128, 64 and 32 frames, ReLU, largest over the bands | 187 × (51 + 51 + 51) | front end |
//! | three convolutions over 7 frames, the second and third with what came before added | 187 × 64 each | middle |
//! | front end and the three side by side: largest and mean over time | 753 × 2 | back end, `pooled` |
//! | dense, ReLU | 200 | back end, `penultimate` |
//! | dense | 50 tags | `logits` |
//!
//! Each convolution and dense layer but the last is followed by batch normalisation (ε = 0.001) with the statistics of training.
//!
//! # References
//! J. Pons, X. Serra: musicnn: pre-trained convolutional neural networks for music audio tagging, 2019; the package musicnn 0.1.0.

mod checkpoint;
mod filters;
mod labels;
mod names;
mod network;
mod norm;
mod table;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use labels::{Collection, LICENCE};
pub use names::{parameters, shapes};
pub use network::{Heard, Musicnn};

/// Frames of a patch.
pub const FRAMES: usize = 187;
/// Mel bands of a frame.
pub const BANDS: usize = 96;
/// Numbers of the last layer before the tags.
pub const PENULTIMATE: usize = 200;
/// Largest and mean over time of each channel of front end and middle.
pub const POOLED: usize = 2 * names::CHANNELS;
/// Tags of either collection.
pub const TAGS: usize = 50;
