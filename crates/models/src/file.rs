//! The model file: one safetensors file with all that prediction needs.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    Difference, Ending, ModelConfig, ModelError, NamedTensor, Network, Normaliser, Signature, TensorFile, differences, ops::Ops, weights,
};

/// What a model is and where it came from.
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

impl ModelCard {
    /// Whether two cards ask for the same training: all that decides it is equal. Which epoch came out is no part of that.
    pub fn same_job(&self, other: &Self) -> bool {
        Self { best_epoch: 0, ..self.clone() } == Self { best_epoch: 0, ..other.clone() }
    }
}

/// What training adds to the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Version of the code that trained it.
    pub trainer_version: String,
    /// Why training went no further.
    pub ending: Ending,
}

/// A model as it lies on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    /// What was asked for.
    pub card: ModelCard,
    /// How it was made.
    pub made: Made,
    /// The input normaliser.
    pub normaliser: Normaliser,
    /// The network's parameters.
    pub weights: Vec<NamedTensor>,
}

/// The file's document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    card: ModelCard,
    made: Made,
}

const NETWORK: &str = "network.";
const MEAN: &str = "normaliser.mean";
const DEVIATION: &str = "normaliser.deviation";

impl ModelFile {
    /// Takes a network's parameters into a file.
    pub fn new<B: Ops>(card: ModelCard, made: Made, normaliser: Normaliser, network: &Network<B>) -> Self {
        Self { card, made, normaliser, weights: weights(network) }
    }

    /// What this model has otherwise than a card asks for: nothing if the code of `trainer_version` would train this very
    /// model.
    pub fn differences(&self, card: &ModelCard, trainer_version: &str) -> Vec<Difference> {
        let fields = |card: &ModelCard, trainer_version: &str| {
            let mut fields = serde_json::to_value(ModelCard { best_epoch: 0, ..card.clone() }).expect("keys are text");
            fields["trainer_version"] = trainer_version.into();
            fields
        };
        differences(&fields(&self.card, &self.made.trainer_version), &fields(card, trainer_version))
    }

    /// Builds the network on a device.
    ///
    /// # Errors
    /// As [`ModelConfig::load`].
    pub fn network<B: Ops>(&self, device: &B::Device) -> Result<Network<B>, ModelError> {
        self.card.model.load(&self.card.signature, self.weights.clone(), device)
    }

    /// The tensors and the card of the file: equal models give equal bytes.
    fn to_tensors(&self) -> TensorFile {
        let mut tensors: Vec<NamedTensor> =
            self.weights.iter().map(|tensor| NamedTensor { name: format!("{NETWORK}{}", tensor.name), ..tensor.clone() }).collect();
        for (name, values) in [(MEAN, &self.normaliser.mean), (DEVIATION, &self.normaliser.deviation)] {
            if !values.is_empty() {
                tensors.push(NamedTensor { name: name.to_owned(), shape: vec![values.len()], values: values.clone() });
            }
        }
        let document = Document { card: self.card.clone(), made: self.made.clone() };
        TensorFile { document: serde_json::to_string(&document).expect("a document has string keys only"), tensors, bytes: vec![] }
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        self.to_tensors().write(path)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelError::Io`] when it cannot be read, [`ModelError::Foreign`] when it is none of ours.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        Self::from_tensors(TensorFile::read(path)?).map_err(|reason| ModelError::Foreign { path: path.to_owned(), reason })
    }

    pub(crate) fn from_tensors(tensors: TensorFile) -> Result<Self, String> {
        let Document { card, made } = serde_json::from_str(&tensors.document).map_err(|error| error.to_string())?;
        if card.schema != 1 {
            return Err(format!("its schema is {}, this program reads 1", card.schema));
        }
        let mut file = Self { card, made, normaliser: Normaliser { mean: vec![], deviation: vec![] }, weights: vec![] };
        for tensor in tensors.tensors {
            match tensor.name.as_str() {
                MEAN => file.normaliser.mean = tensor.values,
                DEVIATION => file.normaliser.deviation = tensor.values,
                name => {
                    let name = name.strip_prefix(NETWORK).ok_or_else(|| format!("tensor {name} is unknown"))?.to_owned();
                    file.weights.push(NamedTensor { name, ..tensor });
                }
            }
        }
        let (bins, normaliser) = (file.card.signature.input[1], &file.normaliser);
        if normaliser.mean.len() != normaliser.deviation.len() || !(normaliser.mean.is_empty() || normaliser.mean.len() == bins) {
            return Err(format!("its normaliser has {} bins, its network {bins}", normaliser.mean.len()));
        }
        Ok(file)
    }

    /// SHA-256 of the file's contents, in hexadecimal.
    pub fn digest(&self) -> String {
        self.to_tensors().digest()
    }
}
