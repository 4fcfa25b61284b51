//! The model file: one safetensors file with all that prediction needs.

use std::{collections::HashMap, fs, path::Path};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{ModelConfig, ModelError, NamedTensor, Network, Normaliser, Signature, load_weights, ops::Ops, weights};

/// What a model is and where it came from: the file's metadata, as JSON under the one key `segno`.
///
/// One key, because safetensors writes several in the order of a hash map, and equal models are to be equal files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    /// Version of this layout: 1.
    pub schema: u32,
    /// The experiment's name.
    pub experiment: String,
    /// The network.
    pub model: ModelConfig,
    /// Shape of the input, label sets of the outputs.
    pub signature: Signature,
    /// The feature specification, as the feature crate writes it.
    pub features: serde_json::Value,
    /// Version of the extractor that made the features.
    pub extractor_version: String,
    /// The training configuration, as the trainer writes it.
    pub training: serde_json::Value,
    /// The protocol of the split.
    pub protocol: String,
    /// Seed of split, parameters, order and dropout.
    pub seed: u64,
    /// Epoch of the parameters, chosen on the validation part (0: a convex fit).
    pub best_epoch: u32,
    /// Digest of the feature shards.
    pub shards_digest: String,
    /// Digest of the split table.
    pub split_digest: String,
}

/// A model as it lies on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    /// The metadata.
    pub card: ModelCard,
    /// The input normaliser.
    pub normaliser: Normaliser,
    /// The network's parameters.
    pub weights: Vec<NamedTensor>,
}

const KEY: &str = "segno";
const NETWORK: &str = "network.";
const MEAN: &str = "normaliser.mean";
const DEVIATION: &str = "normaliser.deviation";

impl ModelFile {
    /// Takes a network's parameters into a file.
    pub fn new<B: Ops>(card: ModelCard, normaliser: Normaliser, network: &Network<B>) -> Self {
        Self { card, normaliser, weights: weights(network) }
    }

    /// Builds the network on a device.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] when the parameters are not those of the configuration.
    pub fn network<B: Ops>(&self, device: &B::Device) -> Result<Network<B>, ModelError> {
        self.card.model.check()?;
        load_weights(self.card.model.init(&self.card.signature, 0, device), self.weights.clone())
    }

    /// The file's bytes: equal models give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = self
            .weights
            .iter()
            .map(|tensor| (format!("{NETWORK}{}", tensor.name), tensor.shape.clone(), bytes_of(&tensor.values)))
            .collect();
        for (name, values) in [(MEAN, &self.normaliser.mean), (DEVIATION, &self.normaliser.deviation)] {
            if !values.is_empty() {
                tensors.push((name.to_owned(), vec![values.len()], bytes_of(values)));
            }
        }
        let card = serde_json::to_string(&self.card).expect("a card has string keys only");
        let views = tensors.iter().map(|(name, shape, bytes)| {
            (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).expect("the bytes were made from this shape"))
        });
        safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), card)]))).expect("views are consistent")
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        let io = |source| ModelError::Io { path: path.to_owned(), source };
        let temporary = path.with_extension("safetensors.tmp");
        fs::write(&temporary, self.to_bytes()).map_err(io)?;
        fs::rename(&temporary, path).map_err(io)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelError::Io`] when it cannot be read, [`ModelError::Foreign`] when it is none of ours.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let bytes = fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
        Self::from_bytes(&bytes).map_err(|reason| ModelError::Foreign { path: path.to_owned(), reason })
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
        let card = header.metadata().as_ref().and_then(|metadata| metadata.get(KEY)).ok_or("its metadata has no key `segno`")?;
        let card: ModelCard = serde_json::from_str(card).map_err(|error| error.to_string())?;
        if card.schema != 1 {
            return Err(format!("its schema is {}, this program reads 1", card.schema));
        }
        let mut file = Self { card, normaliser: Normaliser { mean: vec![], deviation: vec![] }, weights: vec![] };
        for (name, view) in SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?.tensors() {
            if view.dtype() != Dtype::F32 {
                return Err(format!("tensor {name} is {:?}, expected F32", view.dtype()));
            }
            let values: Vec<f32> =
                view.data().chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes"))).collect();
            match name.as_str() {
                MEAN => file.normaliser.mean = values,
                DEVIATION => file.normaliser.deviation = values,
                _ => {
                    let name = name.strip_prefix(NETWORK).ok_or_else(|| format!("tensor {name} is unknown"))?.to_owned();
                    file.weights.push(NamedTensor { name, shape: view.shape().to_vec(), values });
                }
            }
        }
        let (bins, normaliser) = (file.card.signature.input[1], &file.normaliser);
        if normaliser.mean.len() != normaliser.deviation.len() || !(normaliser.mean.is_empty() || normaliser.mean.len() == bins) {
            return Err(format!("its normaliser has {} bins, its network {bins}", normaliser.mean.len()));
        }
        Ok(file)
    }

    /// SHA-256 of the file's bytes, in hexadecimal.
    pub fn digest(&self) -> String {
        Sha256::digest(self.to_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
