//! Convolutional networks on a spectrogram as an image.

mod config;

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Tensor, activation::relu, backend::Backend, s};

pub use config::{CnnConfig, ConvActivation, ConvBlockConfig, GlobalPool, MapAttentionConfig, Pooling};

use crate::layers::{BatchNorm, ChannelSpatial, ConvBlock, MapAttention};
use crate::{Init, Mode, Signature, ops::Ops};

/// | layer | output; of [`CnnConfig::li_2019`] on 128 × 128 | paper |
/// |---|---|---|
/// | input as one image, frequency down, time across; batch norm | [N, 1, D, T] | Li 2019, Figure 1 |
/// | blocks: convolution, ReLU or ELU, batch norm, pooling | 64 × 64 × 64, 128 × 32 × 32, 256 × 16 × 16, 512 × 4 × 4 | Figure 1 |
/// | attention: one map more, the weighted sum of all | 513 × 4 × 4 | section 2.2 |
/// | of each map what [`GlobalPool`] says: its mean, mean and largest, or these and the deviation | [N, 1 to 3 times the maps] |
/// | flatten, dropout | [N, 8192], with attention 8208 | Figure 1 |
/// | dense, ReLU, batch norm, dropout | [N, 15] | Figure 1 |
/// | a dense head a task | [N, classes] | Figure 1 |
///
/// Flattened are maps, then rows, then columns (Keras: rows, columns, maps): the same network up to the order of the
/// dense layer's inputs. Weights are drawn by [`Init::glorot_normal`], biases are 0.
#[derive(Module, Debug)]
pub struct Cnn<B: Backend> {
    input_norm: BatchNorm<B>,
    blocks: Vec<ConvBlock<B>>,
    feature_maps: Option<MapAttention<B>>,
    channel_spatial: Option<ChannelSpatial<B>>,
    dense: Linear<B>,
    dense_norm: BatchNorm<B>,
    heads: Vec<Linear<B>>,
    dropout: f64,
    #[module(skip)]
    global_pool: Option<GlobalPool>,
}

impl<B: Ops> Cnn<B> {
    pub(crate) fn new(config: &CnnConfig, signature: &Signature, init: &mut Init<'_, B>) -> Self {
        let input_norm = BatchNorm::new(1, init);
        let [frames, bins] = signature.input;
        let (mut maps, mut image) = (1, [bins, frames]);
        let mut blocks = Vec::with_capacity(config.blocks.len());
        for block in &config.blocks {
            let block = ConvBlock::new(maps, block, init);
            (maps, image) = (block.maps(), block.output(image));
            blocks.push(block);
        }
        let places = image[0] * image[1];
        let (mut feature_maps, mut channel_spatial) = (None, None);
        match config.attention {
            Some(MapAttentionConfig::FeatureMaps) => feature_maps = Some(MapAttention::new(places, init)),
            Some(MapAttentionConfig::ChannelSpatial { reduction, kernel }) => {
                channel_spatial = Some(ChannelSpatial::new(maps, reduction, kernel, init));
            }
            None => {}
        }
        let numbers = config.global_pool.map_or(places, GlobalPool::numbers);
        let flat = (maps + usize::from(feature_maps.is_some())) * numbers;
        Self {
            input_norm,
            blocks,
            feature_maps,
            channel_spatial,
            dense: init.glorot_linear(flat, config.dense),
            dense_norm: BatchNorm::new(config.dense, init),
            heads: signature.tasks.iter().map(|task| init.glorot_linear(config.dense, task.classes.len())).collect(),
            dropout: config.dropout,
            global_pool: config.global_pool,
        }
    }

    /// # Shapes
    /// `x` [N, T, D] → logits [N, classes] a task. In [`Mode::Train`] the running statistics move.
    pub fn forward(&self, x: Tensor<B, 3>, mode: &mut Mode<'_>) -> Vec<Tensor<B, 2>> {
        let mut maps = self.maps(x, mode);
        if let Some(attention) = &self.feature_maps {
            maps = attention.forward(maps);
        }
        if let Some(attention) = &self.channel_spatial {
            maps = attention.forward(maps);
        }
        let flat = mode.dropout(kept(maps, self.global_pool), self.dropout);
        let dense = self.dense_norm.forward_flat(relu(self.dense.forward(flat)), mode);
        let dense = mode.dropout(dense, self.dropout);
        self.heads.iter().map(|head| head.forward(dense.clone())).collect()
    }

    /// The attention over the maps of the last block, where it is the paper's.
    ///
    /// # Shapes
    /// `x` [N, T, D] → weights [N, C], each row a distribution, and the weighted sum of the maps, [N, H, W].
    pub fn attention(&self, x: Tensor<B, 3>) -> Option<(Tensor<B, 2>, Tensor<B, 3>)> {
        let attention = self.feature_maps.as_ref()?;
        let maps = self.maps(x, &mut Mode::Infer);
        let weights = attention.weights(maps.clone().flatten::<3>(2, 3));
        let channels = maps.dims()[1];
        let with_sum = attention.forward(maps);
        Some((weights, with_sum.slice(s![.., channels..channels + 1, .., ..]).squeeze_dim::<3>(1)))
    }

    /// # Shapes
    /// `x` [N, T, D] → the maps of the last block, [N, C, H, W].
    fn maps(&self, x: Tensor<B, 3>, mode: &mut Mode<'_>) -> Tensor<B, 4> {
        let image = x.swap_dims(1, 2).unsqueeze_dim::<4>(1);
        let mut maps = self.input_norm.forward(image, mode);
        for block in &self.blocks {
            maps = block.forward(maps, mode);
        }
        maps
    }

    /// The dense layer's weights, where the paper's L2 penalty lies.
    pub(crate) fn dense_weights(&self) -> Tensor<B, 2> {
        self.dense.weight.val()
    }
}

/// Added to a variance, so that the gradient of its root stays finite where a map is even.
const LEAST_VARIANCE: f32 = 1e-4;

/// What of the maps goes into the dense layer.
///
/// # Shapes
/// `maps` [N, C, H, W] → [N, C·H·W], or [N, C], [N, 2 C] or [N, 3 C], a map's numbers side by side
fn kept<B: Backend>(maps: Tensor<B, 4>, global_pool: Option<GlobalPool>) -> Tensor<B, 2> {
    let places = maps.flatten::<3>(2, 3);
    let kept = match global_pool {
        None => places,
        Some(GlobalPool::Mean) => places.mean_dim(2),
        Some(GlobalPool::MeanAndMax) => Tensor::cat(vec![places.clone().mean_dim(2), places.max_dim(2)], 2),
        Some(GlobalPool::Statistics) => {
            let mean = places.clone().mean_dim(2);
            let deviation = ((places.clone() - mean.clone()).square().mean_dim(2) + LEAST_VARIANCE).sqrt();
            Tensor::cat(vec![mean, places.max_dim(2), deviation], 2)
        }
    };
    kept.flatten(1, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::{Autodiff, Flex};

    #[test]
    fn global_pooling_keeps_a_few_numbers_a_map() {
        let maps = Tensor::<Flex, 4>::from_data([[[[1.0, 2.0], [3.0, 6.0]], [[-4.0, -1.0], [-1.0, -2.0]]]], &Default::default());
        let values = |global_pool| kept(maps.clone(), global_pool).into_data().to_vec::<f32>().unwrap();
        assert_eq!(values(None), [1.0, 2.0, 3.0, 6.0, -4.0, -1.0, -1.0, -2.0]);
        assert_eq!(values(Some(GlobalPool::Mean)), [3.0, -2.0]);
        assert_eq!(values(Some(GlobalPool::MeanAndMax)), [3.0, 6.0, -2.0, -1.0]);
        let deviations = [3.5_f32, 1.5].map(|variance| (variance + LEAST_VARIANCE).sqrt());
        assert_eq!(values(Some(GlobalPool::Statistics)), [3.0, 6.0, deviations[0], -2.0, -1.0, deviations[1]]);
    }

    #[test]
    fn an_even_map_has_a_gradient() {
        let maps = Tensor::<Autodiff<Flex>, 4>::zeros([1, 1, 2, 2], &Default::default()).require_grad();
        let deviation = kept(maps.clone(), Some(GlobalPool::Statistics)).slice(s![.., 2..3]);
        let slopes = maps.grad(&deviation.sum().backward()).unwrap().into_data().to_vec::<f32>().unwrap();
        assert_eq!(slopes, [0.0; 4]);
    }
}
