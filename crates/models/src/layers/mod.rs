//! The layers that the networks are made of.

mod attention;
mod batch_norm;
mod conv_block;
mod lstm;
mod map_attention;
mod rnn;

pub use attention::Attention;
pub use batch_norm::BatchNorm;
pub use conv_block::ConvBlock;
pub use lstm::Lstm;
pub use map_attention::{ChannelSpatial, MapAttention};
pub use rnn::Rnn;
