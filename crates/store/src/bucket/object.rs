//! Reading what lies under a name.

use std::sync::OnceLock;

use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStoreExt, path::Path};

use super::Bucket;
use crate::StoreError;

/// An object of a bucket. The first answer about it says which version it is; later reads ask for that one.
#[derive(Debug)]
pub(crate) struct BucketObject {
    bucket: Bucket,
    name: String,
    path: Path,
    meta: OnceLock<ObjectMeta>,
}

impl BucketObject {
    pub(super) fn new(bucket: Bucket, name: &str, path: Path) -> Self {
        Self { bucket, name: name.into(), path, meta: OnceLock::new() }
    }

    pub(crate) fn len(&self) -> Result<u64, StoreError> {
        if let Some(meta) = self.meta.get() {
            return Ok(meta.size);
        }
        match self.bucket.wait(self.bucket.store.head(&self.path)).map_err(|error| self.fault(error)) {
            Ok(meta) => Ok(self.meta.get_or_init(|| meta).size),
            // Such an answer has no body that could tell a bucket that is not there from an object that is not: listing does.
            Err(missing @ StoreError::Missing { .. }) => self.bucket.names().and(Err(missing)),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), StoreError> {
        let end = offset.saturating_add(out.len() as u64);
        let read = if out.is_empty() { Ok(()) } else { self.get(offset, end, out) };
        match read {
            Ok(()) => Ok(()),
            // What servers say to a range behind the end differs.
            Err(error @ StoreError::Remote { .. }) => match self.len()? {
                len if len < end => Err(StoreError::Range { place: self.bucket.place.clone(), name: self.name.clone(), len, end }),
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    fn get(&self, offset: u64, end: u64, out: &mut [u8]) -> Result<(), StoreError> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(offset..end)),
            if_match: self.meta.get().and_then(|meta| meta.e_tag.clone()),
            ..GetOptions::default()
        };
        let got = self.bucket.wait(async {
            let result = self.bucket.store.get_opts(&self.path, options).await?;
            let meta = result.meta.clone();
            Ok((meta, result.bytes().await?))
        });
        let (meta, bytes) = got.map_err(|error| self.fault(error))?;
        if bytes.len() != out.len() {
            let found = format!("{} bytes, asked for {}", bytes.len(), out.len());
            return Err(StoreError::Remote { place: format!("{}/{}", self.bucket.place, self.name), source: found.into() });
        }
        out.copy_from_slice(&bytes);
        let first = self.meta.get_or_init(|| meta.clone());
        if first.e_tag != meta.e_tag {
            // Two threads asked at once, and were answered before and after.
            return Err(StoreError::Replaced { place: self.bucket.place.clone(), name: self.name.clone() });
        }
        Ok(())
    }

    fn fault(&self, error: object_store::Error) -> StoreError {
        self.bucket.fault(Some(&self.name), error)
    }
}
