//! Convolution, batch normalisation and pooling over images, [N, C, H, W].
//!
//! A batch is cut into tiles that fit the second-level cache; the patches of a tile become the columns of a matrix, and
//! what follows the product (bias, activation, statistics, pooling) happens while the tile is there.

mod activate;
mod block;
mod convolution;
mod norm;
mod patches;
mod plane;
mod pool;
mod pool_backward;
mod pool_forward;
mod product;
mod shape;
mod tiling;

pub use block::{Block, BlockGradients, BlockState, block_backward, block_forward, block_infer};
pub use convolution::{ConvGradients, conv_backward, conv_forward};
pub use norm::{Norm, NormPool, NormPoolGradients, Statistics, norm_pool_backward, norm_pool_forward};
pub use shape::ConvShape;
