//! From a file and a model to the picture of what an answer hangs on.
//!
//! A trained network's answer is explained by integrated gradients, for it can be differentiated; that of a head or of MusiCNN by
//! occlusion, which asks it again and again. Both maps are put to the same test.

mod axis;
mod patches;
mod question;
mod saliency;
mod trained;

pub use patches::{explain_head, explain_tagger};
pub use question::Wanted;
pub use saliency::{STEPS, Saliency};
pub use trained::explain_trained;

/// Steps of the deletion and insertion curves.
const CURVE_STEPS: usize = 10;

/// What a picture says of random orders.
const CHANCE: &str = "Random: five random orders of the same cells, for an input with holes is strange to a model however they lie.";
