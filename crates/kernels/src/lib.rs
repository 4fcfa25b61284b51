//! Fused neural-network operations on plain `f32` slices, forward and backward.
//!
//! - [`matmul`]: a bounds-checked matrix product over strided views ([`Mat`], [`MatMut`]).
//! - [`lstm_forward`], [`lstm_backward`]: a whole LSTM layer over a batch of sequences.
//! - [`block_forward`], [`block_backward`], [`block_infer`]: convolution, activation, normalisation and pooling in one.
//! - [`conv_forward`], [`norm_pool_forward`] and their backward passes: the two halves of a block by themselves.
//! - [`SpectralBank`]: the largest answers of long filters, by way of Fourier.
//! - [`sigmoid`], [`tanh`]: activations that the compiler turns into vector code.
//!
//! Results do not depend on the number of threads: work is cut into chunks of a fixed size, and sums over
//! chunks are taken in their order. The crate knows nothing of Burn, of devices, or of audio.
//!
//! ```
//! use segno_kernels::{Mat, MatMut, Threads, matmul};
//!
//! let a = [1.0, 2.0, 3.0, 4.0]; // 2 × 2, row-major
//! let b = [1.0, 0.0, 0.0, 1.0];
//! let mut product = [0.0; 4];
//! matmul(MatMut::rows(&mut product, 2, 2), false, Mat::rows(&a, 2, 2), Mat::rows(&b, 2, 2), Threads::One);
//! assert_eq!(product, a);
//! ```

mod activation;
mod conv;
mod lstm;
mod lstm_backward;
mod matmul;
mod spec;
mod spectral;

pub use activation::{sigmoid, tanh};
pub use conv::{
    Block, BlockGradients, BlockState, ConvGradients, ConvShape, Norm, NormPool, NormPoolGradients, Statistics, block_backward,
    block_forward, block_infer, conv_backward, conv_forward, norm_pool_backward, norm_pool_forward,
};
pub use lstm::{LstmShape, LstmState, lstm_forward};
pub use lstm_backward::{LstmGradients, lstm_backward};
pub use matmul::{Mat, MatMut, Threads, matmul};
pub use spec::{Activation, ConvSpec, Padding, Pool, PoolKind, Span};
pub use spectral::SpectralBank;
