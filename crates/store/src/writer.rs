//! Bytes on their way to a name.

use std::io;

use crate::{StoreError, bucket::BucketWriter, folder::FolderWriter};

/// Bytes that are to lie under a name once they are whole. Dropped without [`Writer::commit`], they leave nothing there.
///
/// A folder's file lies under a temporary name until then. For a bucket, up to 8 MiB are kept in memory and put by one request; what is
/// longer is uploaded in parts of 8 MiB, of which at most one is in memory, and the upload is taken back if it is not committed.
#[derive(Debug)]
pub struct Writer(Kind);

#[derive(Debug)]
enum Kind {
    Folder(FolderWriter),
    Bucket(BucketWriter),
}

impl Writer {
    pub(crate) fn folder(writer: FolderWriter) -> Self {
        Self(Kind::Folder(writer))
    }

    pub(crate) fn bucket(writer: BucketWriter) -> Self {
        Self(Kind::Bucket(writer))
    }

    /// Gives the bytes their name, in place of what had it: at every moment the old ones are there whole, or the new ones.
    ///
    /// # Errors
    /// The place refuses. What lay under the name before still does.
    pub fn commit(self) -> Result<(), StoreError> {
        match self.0 {
            Kind::Folder(writer) => writer.commit(),
            Kind::Bucket(writer) => writer.commit(),
        }
    }
}

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Folder(writer) => writer.write(bytes),
            Kind::Bucket(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Folder(writer) => writer.flush(),
            Kind::Bucket(writer) => writer.flush(),
        }
    }
}
