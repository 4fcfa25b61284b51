//! From a recording's plan to its samples: score, voices, drums, mix.

mod drums;
mod filter;
mod mix;
mod score;
mod voice;

pub(crate) use mix::render;
