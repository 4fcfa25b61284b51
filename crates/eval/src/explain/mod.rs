//! What a model's answer hangs on: maps over its input, how faithful they are, and the picture of both.
//!
//! - [`integrated_gradients`]: a map of a network that can be differentiated; [`occlusion`]: of anything that can be asked.
//! - [`faithfulness`]: whether the answer falls as what the map points at is taken away, faster than by chance.
//! - [`Explanation`]: the picture, as SVG or as a page.

mod attribute;
mod curves;
mod draw;
mod faithful;
mod heat;
mod occlude;
mod page;

pub use attribute::{Attribution, Question, integrated_gradients};
pub use draw::{Attention, Explanation, Grid, Tick};
pub use faithful::{Curves, Faithfulness, Units, faithfulness};
pub use occlude::{Rectangles, occlusion};
