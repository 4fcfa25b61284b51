//! From a network back to sound: what it takes for a class, and what of a track it hangs on.
//!
//! Everything that is found is sound of sixteen bits whose features were taken anew: no answer counts that is that of features alone,
//! for most features are those of no sound.

mod climb;
mod clips;
mod noise;
mod search;
mod smooth;
mod weigh;

pub use climb::Climb;
pub use clips::{Clips, quantised};
pub use noise::noise;
pub use search::{Goal, Search};
pub use weigh::weigh;
