//! Heads: classifiers over what pre-trained networks and summaries make of whole tracks.

mod candidates;
mod choose;
mod cross;
mod familiar;
mod keep;
mod protocol;
mod published;
mod score;
mod sources;
mod task;
mod temperature;

pub use candidates::{Candidate, Kind, MOST_INPUTS, candidates};
pub use choose::{Chosen, Data, choose};
pub use cross::{Crossed, cross};
pub use familiar::familiar;
pub use keep::{forget, keep};
pub use protocol::{left_out, left_out_for, protocol};
pub use published::published;
pub use score::{measure, precision, shown};
pub use sources::{Source, Table};
pub use task::{contradictions, of_task, part};
