//! Writing what is to lie under a name.

use std::{fmt, io};

use object_store::{MultipartUpload, ObjectStoreExt, PutPayload, path::Path};

use super::Bucket;
use crate::StoreError;

/// Bytes of a part of an upload, which are what a writer holds in memory. Servers take 10 000 parts: 78 GiB.
const PART_BYTES: usize = 8 << 20;

/// An object of a bucket that is being written: put whole if it is short, else uploaded in parts of one length.
pub(crate) struct BucketWriter {
    bucket: Bucket,
    name: String,
    path: Path,
    part: Vec<u8>,
    upload: Option<Box<dyn MultipartUpload>>,
}

impl BucketWriter {
    pub(super) fn new(bucket: Bucket, name: &str, path: Path) -> Self {
        Self { bucket, name: name.into(), path, part: Vec::new(), upload: None }
    }

    pub(crate) fn commit(mut self) -> Result<(), StoreError> {
        if self.upload.is_none() {
            let payload = PutPayload::from(std::mem::take(&mut self.part));
            let put = self.bucket.wait(self.bucket.store.put(&self.path, payload));
            return put.map(drop).map_err(|error| self.fault(error));
        }
        if !self.part.is_empty() {
            self.send()?;
        }
        let upload = self.upload.as_mut().expect("there is one, as was just seen");
        match self.bucket.wait(upload.complete()) {
            Ok(_) => {
                self.upload = None;
                Ok(())
            }
            Err(error) => Err(self.fault(error)),
        }
    }

    /// Uploads the part at hand, beginning the upload with the first.
    fn send(&mut self) -> Result<(), StoreError> {
        let payload = PutPayload::from(std::mem::take(&mut self.part));
        let sent = self.bucket.wait(async {
            if self.upload.is_none() {
                self.upload = Some(self.bucket.store.put_multipart(&self.path).await?);
            }
            self.upload.as_mut().expect("it was begun just now").put_part(payload).await
        });
        sent.map_err(|error| self.fault(error))
    }

    fn fault(&self, error: object_store::Error) -> StoreError {
        self.bucket.fault(Some(&self.name), error)
    }
}

impl io::Write for BucketWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Not before there is more: what fits one part is put whole.
        if self.part.len() == PART_BYTES && !bytes.is_empty() {
            self.send().map_err(io::Error::other)?;
        }
        let n_bytes = bytes.len().min(PART_BYTES - self.part.len());
        self.part.extend_from_slice(&bytes[..n_bytes]);
        Ok(n_bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        // Parts but the last are of one length, and nothing is seen of any before the end.
        Ok(())
    }
}

impl Drop for BucketWriter {
    fn drop(&mut self) {
        if let Some(mut upload) = self.upload.take() {
            // Nothing more can be done about it here; the bucket's own rule removes what stays.
            let _ = self.bucket.wait(upload.abort());
        }
    }
}

impl fmt::Debug for BucketWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketWriter").field("bucket", &self.bucket).field("name", &self.name).finish_non_exhaustive()
    }
}
