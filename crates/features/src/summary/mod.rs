//! A clip's frames become a few numbers: statistics of each value over time.

mod framer;
mod frames;
mod moments;
mod spec;
mod track;

pub(crate) use frames::TrackFrames;
pub(crate) use moments::Summary;
pub use spec::{Statistic, SummarySpec};
pub use track::TrackExtractor;
