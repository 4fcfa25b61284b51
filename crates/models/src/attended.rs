//! What a network's attention looked at.

use burn::tensor::{Tensor, backend::Backend};

/// The weights of an attention, for clips that were asked about.
#[derive(Clone, Debug)]
pub enum Attended<B: Backend> {
    /// α of each frame, [N, T]: each row a distribution.
    ///
    /// # References
    /// Irvin, Chartock, Hollander 2016, section 3.2.3.
    Frames(Tensor<B, 2>),
    /// α of each feature map, and the sum of the maps that it gives: what the network reads as one map more.
    ///
    /// # References
    /// Li 2019, section 2.2.
    Maps {
        /// [N, C]: each row a distribution.
        weights: Tensor<B, 2>,
        /// [N, H, W]: frequency, lowest first, by time.
        sum: Tensor<B, 3>,
    },
}
