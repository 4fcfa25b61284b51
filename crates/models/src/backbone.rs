//! The file of a pre-trained ear: parameters, tags, licence and features, without which it hears nothing.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    AnyModel, ModelError, NamedTensor, TensorFile,
    musicnn::{Checkpoint, CheckpointError, Collection, LICENCE, Musicnn, parameters},
};

/// What a backbone is and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackboneCard {
    /// Version of this layout: 1.
    pub schema: u32,
    /// What it was trained on.
    pub collection: Collection,
    /// The package that the parameters were taken from, with its version.
    pub source: String,
    /// SHA-256 of the package's file.
    pub source_sha256: String,
    /// The notice under which the parameters may be passed on.
    pub licence: String,
    /// What each logit stands for.
    pub tags: Vec<String>,
    /// What it listens to, as the feature crate writes it.
    pub patches: serde_json::Value,
    /// Version of the extractor whose features it was held against.
    pub extractor_version: String,
}

/// A backbone as it lies on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Backbone {
    /// What it is.
    pub card: BackboneCard,
    /// Its parameters.
    pub weights: Vec<NamedTensor>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    backbone: BackboneCard,
}

impl Backbone {
    /// Takes MusiCNN out of a checkpoint of the package musicnn, whose file has the digest `source_sha256`.
    ///
    /// # Errors
    /// [`CheckpointError`] where the checkpoint is damaged or of something else.
    pub fn import(
        collection: Collection,
        [index, data]: [&[u8]; 2],
        source: &str,
        source_sha256: &str,
        patches: serde_json::Value,
        extractor_version: &str,
    ) -> Result<Self, CheckpointError> {
        let weights = parameters(&Checkpoint::open(index, data)?)?;
        let card = BackboneCard {
            schema: 1,
            collection,
            source: source.to_owned(),
            source_sha256: source_sha256.to_owned(),
            licence: LICENCE.to_owned(),
            tags: collection.tags().map(str::to_owned).to_vec(),
            patches,
            extractor_version: extractor_version.to_owned(),
        };
        Ok(Self { card, weights })
    }

    /// Its name: `musicnn-msd` or `musicnn-mtt`.
    pub fn name(&self) -> String {
        format!("musicnn-{}", self.card.collection.name())
    }

    /// Plans the network.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] where the parameters are not the network's.
    pub fn network(&self) -> Result<Musicnn, ModelError> {
        Musicnn::new(&self.weights)
    }

    pub(crate) fn to_tensors(&self) -> TensorFile {
        let document = Document { backbone: self.card.clone() };
        TensorFile {
            document: serde_json::to_string(&document).expect("a document has string keys only"),
            tensors: self.weights.clone(),
            bytes: vec![],
        }
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        self.to_tensors().write(path)
    }

    /// Reads a backbone.
    ///
    /// # Errors
    /// [`ModelError::Io`] when it cannot be read, [`ModelError::Foreign`] when it is no model file, [`ModelError::Kind`] when it is one
    /// of another kind.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        match AnyModel::read(path)? {
            AnyModel::Backbone(backbone) => Ok(backbone),
            other => Err(ModelError::Kind {
                path: path.to_owned(),
                found: other.kind(),
                expected: "a pre-trained network, as `segno model import` writes it",
            }),
        }
    }

    pub(crate) fn from_tensors(file: TensorFile) -> Result<Self, String> {
        let Document { backbone: card } = serde_json::from_str(&file.document).map_err(|error| error.to_string())?;
        if card.schema != 1 {
            return Err(format!("its schema is {}, this program reads 1", card.schema));
        }
        if card.tags != card.collection.tags() {
            return Err(format!("its tags are not those of {}", card.collection.name()));
        }
        Ok(Self { card, weights: file.tensors })
    }

    /// SHA-256 of the file's contents, in hexadecimal: what embeddings and heads name it by.
    pub fn digest(&self) -> String {
        self.to_tensors().digest()
    }
}
