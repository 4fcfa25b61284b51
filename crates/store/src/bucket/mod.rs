//! A place behind `object_store`.

mod fault;
mod object;
mod transport;
mod writer;

pub(crate) use object::BucketObject;
pub(crate) use writer::BucketWriter;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path,
};
use tokio::runtime::{Builder, Runtime};

use crate::{StoreError, error::Cause};
use transport::Transport;

/// After so long a request is not tried again: with the time to connect, a server that is not there is an error within ten seconds.
const RETRY_FOR: Duration = Duration::from_secs(5);
const MAX_RETRIES: usize = 6;

/// A prefix of a bucket; clones share its connections.
#[derive(Clone)]
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    // One thread at a time drives it; transfers themselves block threads of its pool.
    runtime: Arc<Runtime>,
    prefix: Path,
    place: String,
}

impl Bucket {
    /// The folder `prefix` of the file system.
    pub(crate) fn local(place: &str, prefix: Path) -> Result<Self, StoreError> {
        Self::new(place, Arc::new(LocalFileSystem::new().with_fsync(true)), prefix)
    }

    /// The prefix of a bucket, as the environment says and `settings` before it.
    pub(crate) fn s3(place: &str, bucket: &str, prefix: Path, settings: &[(&str, &str)]) -> Result<Self, StoreError> {
        let wrong =
            |found: String| StoreError::Location { location: place.into(), found, expected: "settings AWS_… that object_store knows" };
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_http_connector(Transport).with_retry(RetryConfig {
            backoff: BackoffConfig { max_backoff: Duration::from_secs(1), ..BackoffConfig::default() },
            max_retries: MAX_RETRIES,
            retry_timeout: RETRY_FOR,
        });
        for (key, value) in settings {
            let known: AmazonS3ConfigKey = key.to_ascii_lowercase().parse().map_err(|_| wrong(format!("the setting '{key}'")))?;
            builder = builder.with_config(known, *value);
        }
        let store = builder.build().map_err(|error| wrong(error.to_string()))?;
        Self::new(place, Arc::new(store), prefix)
    }

    fn new(place: &str, store: Arc<dyn ObjectStore>, prefix: Path) -> Result<Self, StoreError> {
        let place = place.trim_end_matches('/').to_owned();
        let runtime = Builder::new_current_thread().enable_time().build();
        let runtime = runtime.map_err(|source| StoreError::Remote { place: place.clone(), source: Cause::from(source) })?;
        Ok(Self { store, runtime: Arc::new(runtime), prefix, place })
    }

    pub(crate) fn below(&self, name: &str) -> Result<Self, StoreError> {
        Ok(Self { prefix: self.path(name)?, place: format!("{}/{name}", self.place), ..self.clone() })
    }

    pub(crate) fn names(&self) -> Result<Vec<String>, StoreError> {
        let listed = self.wait(self.store.list_with_delimiter(Some(&self.prefix))).map_err(|error| self.fault(None, error))?;
        Ok(listed.objects.iter().filter_map(|object| object.location.filename()).map(str::to_owned).collect())
    }

    pub(crate) fn object(&self, name: &str) -> Result<BucketObject, StoreError> {
        Ok(BucketObject::new(self.clone(), name, self.path(name)?))
    }

    pub(crate) fn create(&self, name: &str) -> Result<BucketWriter, StoreError> {
        Ok(BucketWriter::new(self.clone(), name, self.path(name)?))
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self.wait(self.store.delete(&self.path(name)?)).map_err(|error| self.fault(Some(name), error)) {
            Err(StoreError::Missing { .. }) => Ok(()),
            removed => removed,
        }
    }

    fn path(&self, name: &str) -> Result<Path, StoreError> {
        let path = if self.prefix.as_ref().is_empty() { Path::parse(name) } else { Path::parse(format!("{}/{name}", self.prefix)) };
        path.map_err(|_| StoreError::Name { place: self.place.clone(), name: name.into(), expected: "a name that a bucket can hold" })
    }

    fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the store: it may hold a secret.
        f.debug_struct("Bucket").field("place", &self.place).finish_non_exhaustive()
    }
}
