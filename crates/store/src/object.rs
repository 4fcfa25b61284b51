//! What lies under a name.

use crate::{StoreError, bucket::BucketObject, folder::FolderObject};

/// Bytes under a name, as they were when first read: replaced in a folder, the old ones go on being read; replaced
/// elsewhere, reading fails with [`StoreError::Replaced`]. Of use from many threads at once.
#[derive(Debug)]
pub struct Object(Kind);

#[derive(Debug)]
enum Kind {
    Folder(FolderObject),
    Bucket(BucketObject),
}

impl Object {
    pub(crate) fn folder(object: FolderObject) -> Self {
        Self(Kind::Folder(object))
    }

    pub(crate) fn bucket(object: BucketObject) -> Self {
        Self(Kind::Bucket(object))
    }

    /// Whether each call is a request, so that few large reads are quicker than many small ones.
    pub fn is_far(&self) -> bool {
        matches!(self.0, Kind::Bucket(_))
    }

    /// How many bytes there are.
    ///
    /// # Errors
    /// Nothing lies under the name, or the place refuses.
    #[allow(clippy::len_without_is_empty, reason = "it may fail, and nobody asks whether there are none")]
    pub fn len(&self) -> Result<u64, StoreError> {
        match &self.0 {
            Kind::Folder(object) => object.len(),
            Kind::Bucket(object) => object.len(),
        }
    }

    /// Fills `out` with the bytes from `offset` on.
    ///
    /// # Errors
    /// The range ends behind the object, nothing lies under the name, or the place refuses.
    pub fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), StoreError> {
        match &self.0 {
            Kind::Folder(object) => object.read_at(offset, out),
            Kind::Bucket(object) => object.read_at(offset, out),
        }
    }
}
