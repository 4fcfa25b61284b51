//! What a convolutional network is: its knobs, and the networks of the paper.

use serde::{Deserialize, Serialize};

use crate::{
    ModelError,
    config::{probability, require, size},
};

/// | knob | purpose | range |
/// |---|---|---|
/// | `blocks` | convolution blocks, first to last | 1 to 8 of them |
/// | `attention` | over the maps of the last block | `"feature-maps"`, `{ channel-spatial = { reduction, kernel } }`, or absent |
/// | `global_pool` | what each map is brought down to before the dense layer | `"mean"`, `"mean-and-max"`, `"statistics"`, or absent: all its places |
/// | `dense` | units of the dense layer that all heads share | 1 to 4096 |
/// | `dropout` | probability before and behind the dense layer | [0, 1) |
///
/// [`CnnConfig::li_2019`] in an experiment file, its heads 15 units wide:
///
/// ```toml
/// [rows.model.cnn]
/// blocks = [
///     { maps = 64, kernel = [2, 2], stride = [1, 1], activation = "relu", pool = { max = [2, 2] } },
///     { maps = 128, kernel = [2, 2], stride = [1, 1], activation = "relu", pool = { max = [2, 2] } },
///     { maps = 256, kernel = [2, 2], stride = [1, 1], activation = "relu", pool = { max = [2, 2] } },
///     { maps = 512, kernel = [2, 2], stride = [2, 2], activation = "relu", pool = { max-average-mean = [2, 2] } },
/// ]
/// attention = "feature-maps"
/// dense = 15
/// dropout = 0.5
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct CnnConfig {
    pub blocks: Vec<ConvBlockConfig>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<MapAttentionConfig>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_pool: Option<GlobalPool>,
    pub dense: usize,
    pub dropout: f64,
}

/// Convolution, activation, batch normalisation, pooling; pairs are [frequency, time], all padding is Keras' `same`.
///
/// | knob | purpose | range |
/// |---|---|---|
/// | `maps` | feature maps | 1 to 4096 |
/// | `kernel` | of the convolution | 1 to 64 each way |
/// | `stride` | of the convolution | 1 to 64 each way |
/// | `activation` | before the normalisation | `relu`, `elu` |
/// | `pool` | behind it | `{ max = [2, 2] }`, `{ max-average-mean = [2, 2] }` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct ConvBlockConfig {
    pub maps: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub activation: ConvActivation,
    pub pool: Pooling,
}

/// The non-linearity of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConvActivation {
    /// max(x, 0)
    Relu,
    /// x where it is positive, else eˣ - 1
    Elu,
}

/// What becomes of each window of [frequency, time] elements; windows lie side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// The largest element.
    Max([usize; 2]),
    /// Half the largest element plus half the mean.
    MaxAverageMean([usize; 2]),
}

/// What is kept of a map's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlobalPool {
    /// Their mean (Lin, Chen, Yan 2014).
    Mean,
    /// Their mean and the largest.
    MeanAndMax,
    /// Their mean, the largest, and their standard deviation, √(variance + 1e-4), which has a slope where a map is even (Snyder et al. 2018, X-vectors, "statistics pooling", which lacks the largest).
    Statistics,
}

impl GlobalPool {
    /// Numbers of a map.
    pub(crate) fn numbers(self) -> usize {
        match self {
            Self::Mean => 1,
            Self::MeanAndMax => 2,
            Self::Statistics => 3,
        }
    }
}

/// Attention over the feature maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum MapAttentionConfig {
    /// The paper's: one map more, the weighted sum of all ([`crate::layers::MapAttention`]).
    FeatureMaps,
    /// A variant that is not the paper's model: maps and places are weighted ([`crate::layers::ChannelSpatial`]).
    ChannelSpatial {
        /// By what the channel network narrows; at most the number of maps.
        reduction: usize,
        /// Rows and columns of the spatial convolution.
        kernel: usize,
    },
}

impl CnnConfig {
    /// The four layers of Li 2019, Figure 1; with [`MapAttentionConfig::FeatureMaps`], section 4.2.
    pub fn li_2019(attention: Option<MapAttentionConfig>) -> Self {
        let block =
            |maps, stride, pool| ConvBlockConfig { maps, kernel: [2, 2], stride: [stride, stride], activation: ConvActivation::Relu, pool };
        let max = Pooling::Max([2, 2]);
        let blocks = vec![block(64, 1, max), block(128, 1, max), block(256, 1, max), block(512, 2, Pooling::MaxAverageMean([2, 2]))];
        Self { blocks, attention, global_pool: None, dense: 15, dropout: 0.5 }
    }

    /// Li 2019's baseline of three layers after Zhang et al. 2016, as its published code has it (Table 2).
    ///
    /// That each of the three poolings averages maximum and mean is our reading.
    pub fn zhang_2016() -> Self {
        let block = |maps, window| ConvBlockConfig {
            maps,
            kernel: [1, 1],
            stride: [1, 1],
            activation: ConvActivation::Relu,
            pool: Pooling::MaxAverageMean([window, 1]),
        };
        Self { blocks: vec![block(128, 2), block(128, 2), block(256, 6)], attention: None, global_pool: None, dense: 15, dropout: 0.5 }
    }

    /// Li 2019's baseline of five layers after Choi et al. 2016, as its published code has it (Table 2).
    pub fn choi_2016() -> Self {
        let block = |maps, window| ConvBlockConfig {
            maps,
            kernel: [3, 3],
            stride: [3, 3],
            activation: ConvActivation::Elu,
            pool: Pooling::Max(window),
        };
        let blocks = vec![block(32, [1, 2]), block(128, [1, 2]), block(128, [1, 2]), block(192, [3, 5]), block(256, [4, 4])];
        Self { blocks, attention: None, global_pool: None, dense: 15, dropout: 0.5 }
    }

    pub(crate) fn check(&self) -> Result<(), ModelError> {
        require("blocks", self.blocks.len(), (1..=8).contains(&self.blocks.len()), "1 to 8 blocks")?;
        for block in &self.blocks {
            size("maps", block.maps, 4096, "1 to 4096")?;
            let (Pooling::Max(window) | Pooling::MaxAverageMean(window)) = block.pool;
            for (knob, pair) in [("kernel", block.kernel), ("stride", block.stride), ("pool", window)] {
                pair.into_iter().try_for_each(|side| size(knob, side, 64, "1 to 64"))?;
            }
        }
        if let Some(MapAttentionConfig::ChannelSpatial { reduction, kernel }) = self.attention {
            let maps = self.blocks.last().map_or(0, |block| block.maps);
            size("reduction", reduction, maps, "1 to the maps of the last block")?;
            size("kernel", kernel, 64, "1 to 64")?;
        }
        size("dense", self.dense, 4096, "1 to 4096")?;
        probability(self.dropout)
    }
}
