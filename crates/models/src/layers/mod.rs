//! The layers that the networks are made of.

mod attention;
mod lstm;
mod rnn;

pub use attention::Attention;
pub use lstm::Lstm;
pub use rnn::Rnn;
