//! A safetensors file with one JSON document beside its tensors: the form of model files and checkpoints.

use std::{collections::HashMap, fs, path::Path};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use sha2::{Digest as _, Sha256};

use crate::{ModelError, NamedTensor};

/// Tensors, opaque bytes and a document.
///
/// The document lies under the one metadata key `segno`: safetensors writes several keys in the order of a hash map,
/// and equal contents are to be equal files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TensorFile {
    /// JSON, whatever the owner makes of it.
    pub document: String,
    /// 32-bit tensors.
    pub tensors: Vec<NamedTensor>,
    /// Anything else, by name.
    pub bytes: Vec<(String, Vec<u8>)>,
}

const KEY: &str = "segno";

/// The seal stands last in the document, whose other keys are the owner's.
const SEAL: &str = ",\"seal\":\"";

/// A document with its seal, which is the digest of the file without one.
fn sealed(document: &str, digest: &str) -> String {
    let body = document.strip_suffix('}').expect("a document is a JSON object");
    format!("{body}{SEAL}{digest}\"}}")
}

/// Takes the seal off a document; files from before there were seals have none.
///
/// # Errors
/// It is no JSON, or the seal is there under a name that is not its own: a byte of either has changed.
fn unsealed(document: &str) -> Result<(String, Option<&str>), String> {
    serde_json::from_str::<serde::de::IgnoredAny>(document).map_err(|error| format!("its document is no json: {error}"))?;
    let body = document.strip_suffix("\"}");
    if let Some((body, seal)) = body.and_then(|body| body.rsplit_once(SEAL)) {
        return Ok((format!("{body}}}"), Some(seal)));
    }
    let looks_sealed = body.and_then(|body| body.rsplit_once('"')).is_some_and(|(_, last)| last.len() == 64 && last.is_ascii());
    if looks_sealed { Err("damaged: its seal has another name".to_owned()) } else { Ok((document.to_owned(), None)) }
}

impl TensorFile {
    /// The file's bytes, but for the seal.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.with_document(Some(&self.document))
    }

    /// The tensors alone, as any reader of safetensors takes them: no document, no seal.
    pub fn to_plain_bytes(&self) -> Vec<u8> {
        self.with_document(None)
    }

    fn with_document(&self, document: Option<&str>) -> Vec<u8> {
        let little_endian: Vec<Vec<u8>> =
            self.tensors.iter().map(|tensor| tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect()).collect();
        let view = |kind, shape, bytes| TensorView::new(kind, shape, bytes).expect("the bytes were made from this shape");
        let tensors =
            self.tensors.iter().zip(&little_endian).map(|(tensor, bytes)| (&tensor.name, view(Dtype::F32, tensor.shape.clone(), bytes)));
        let blobs = self.bytes.iter().map(|(name, bytes)| (name, view(Dtype::U8, vec![bytes.len()], bytes)));
        safetensors::serialize(tensors.chain(blobs), document.map(|document| HashMap::from([(KEY.to_owned(), document.to_owned())])))
            .expect("views are consistent")
    }

    /// SHA-256 of the file's bytes without the seal, in hexadecimal: what the seal says.
    pub fn digest(&self) -> String {
        Sha256::digest(self.to_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Writes the file whole or not at all, sealed: a byte of it that changes later is noticed by whoever reads it.
    ///
    /// # Errors
    /// [`ModelError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        let io = |source| ModelError::Io { path: path.to_owned(), source };
        let temporary = path.with_extension("safetensors.tmp");
        let bytes = self.with_document(Some(&sealed(&self.document, &self.digest())));
        let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
        if written.is_err() {
            // Half a file would fill a full disk further; that nothing was written is told below.
            let _ = fs::remove_file(&temporary);
        }
        written.map_err(io)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ModelError::Io`] when it cannot be read, [`ModelError::Foreign`] when it is none of ours.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let bytes = fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
        Self::from_bytes(&bytes).map_err(|reason| ModelError::Foreign { path: path.to_owned(), reason })
    }

    /// Whether a file has a seal; one that was written before there were seals has none, and a byte of it may change unnoticed.
    ///
    /// # Errors
    /// As [`TensorFile::read`], but for a broken seal.
    pub fn has_seal(path: &Path) -> Result<bool, ModelError> {
        let bytes = fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
        let foreign = |reason| ModelError::Foreign { path: path.to_owned(), reason };
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| foreign(error.to_string()))?;
        let document = header.metadata().as_ref().and_then(|metadata| metadata.get(KEY));
        Ok(document.map(|document| unsealed(document)).transpose().map_err(foreign)?.is_some_and(|(_, seal)| seal.is_some()))
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
        let sealed_document =
            header.metadata().as_ref().and_then(|metadata| metadata.get(KEY)).ok_or("its metadata has no key `segno`")?.clone();
        let (document, seal) = unsealed(&sealed_document)?;
        let mut file = Self { document, ..Self::default() };
        let mut names = header.offset_keys();
        let all = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
        for name in names.drain(..) {
            let view = all.tensor(&name).map_err(|error| error.to_string())?;
            match view.dtype() {
                Dtype::F32 => {
                    let values =
                        view.data().chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes"))).collect();
                    file.tensors.push(NamedTensor { name, shape: view.shape().to_vec(), values });
                }
                Dtype::U8 => file.bytes.push((name, view.data().to_vec())),
                other => return Err(format!("tensor {name} is {other:?}, expected F32 or U8")),
            }
        }
        match seal.filter(|seal| *seal != file.digest()) {
            Some(seal) => Err(format!("damaged: its contents have the digest {}, and its seal says {seal}", file.digest())),
            None => Ok(file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> TensorFile {
        let tensor = NamedTensor { name: "weights".into(), shape: vec![2, 2], values: vec![1.0, -2.0, 0.5, 3.0] };
        TensorFile { document: r#"{"head":{"corpus":"mine"}}"#.into(), tensors: vec![tensor], bytes: vec![("state".into(), vec![1, 2, 3])] }
    }

    fn written(file: &TensorFile) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.safetensors");
        file.write(&path).unwrap();
        fs::read(path).unwrap()
    }

    #[test]
    fn any_byte_that_changes_is_noticed() {
        let whole = written(&file());
        assert_eq!(TensorFile::from_bytes(&whole).unwrap(), file());
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            assert!(TensorFile::from_bytes(&bytes).is_err(), "byte {at} of {}", whole.len());
        }
    }

    #[test]
    fn a_file_from_before_there_were_seals_is_read() {
        assert_eq!(TensorFile::from_bytes(&file().to_bytes()).unwrap(), file());
    }
}
