//! Whatever kind of model a file holds.

use std::path::Path;

use crate::{Backbone, Head, ModelError, ModelFile, TensorFile};

/// A model file of any kind.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // one is held at a time
pub enum AnyModel {
    /// A network trained on features.
    Trained(ModelFile),
    /// A pre-trained network.
    Backbone(Backbone),
    /// A classifier over pre-trained networks or summaries.
    Head(Head),
}

impl AnyModel {
    /// Reads a model file of whichever kind its document says.
    ///
    /// # Errors
    /// [`ModelError::Io`] when it cannot be read, [`ModelError::Foreign`] when it is none of ours.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let file = TensorFile::read(path)?;
        let kind = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&file.document).unwrap_or_default();
        let read = if kind.contains_key("backbone") {
            Backbone::from_tensors(file).map(Self::Backbone)
        } else if kind.contains_key("head") {
            Head::from_tensors(file).map(Self::Head)
        } else {
            ModelFile::from_tensors(file).map(Self::Trained)
        };
        read.map_err(|reason| ModelError::Foreign { path: path.to_owned(), reason })
    }

    /// What it holds, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Trained(_) => "a network trained on features",
            Self::Backbone(_) => "a pre-trained network",
            Self::Head(_) => "a head",
        }
    }

    /// SHA-256 of the file's contents, in hexadecimal: of its bytes but for the seal.
    pub fn digest(&self) -> String {
        match self {
            Self::Trained(model) => model.digest(),
            Self::Backbone(backbone) => backbone.digest(),
            Self::Head(head) => head.digest(),
        }
    }
}
