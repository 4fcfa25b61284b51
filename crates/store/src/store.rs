//! A place where named bytes lie.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{Object, StoreError, Writer, bucket::Bucket, folder::Folder, location::Location, name};

/// A place where bytes lie under names, each whole or not there. Clones share its connections.
///
/// A place that nothing was written to holds nothing; it is made by the first writer (buckets are not).
#[derive(Clone, Debug)]
pub struct Store {
    kind: Kind,
    place: String,
}

#[derive(Clone, Debug)]
enum Kind {
    Folder(Folder),
    Bucket(Bucket),
}

impl Store {
    /// Opens a place by its location:
    ///
    /// | location | place |
    /// |---|---|
    /// | a path | a folder, by the system's own calls: flushed to the disk, then renamed |
    /// | `file:///path` | a folder, through `object_store` |
    /// | `s3://bucket/prefix` | a bucket, as the environment's `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ALLOW_HTTP` and others say |
    ///
    /// No server is asked yet.
    ///
    /// # Errors
    /// The location names no place, or the settings do not fit together.
    pub fn open(location: &str) -> Result<Self, StoreError> {
        Self::open_with(location, &[])
    }

    /// As [`Store::open`], with settings that stand before those of the environment: `("AWS_REGION", "eu-west-1")`.
    /// A folder has none and reads none.
    ///
    /// # Errors
    /// As [`Store::open`], or a setting is unknown.
    pub fn open_with(location: &str, settings: &[(&str, &str)]) -> Result<Self, StoreError> {
        let kind = match Location::parse(location)? {
            Location::Folder(path) => return Ok(Self::folder(&path)),
            Location::Local(prefix) => Kind::Bucket(Bucket::local(location, prefix)?),
            Location::S3 { bucket, prefix } => Kind::Bucket(Bucket::s3(location, &bucket, prefix, settings)?),
        };
        Ok(Self { kind, place: location.trim_end_matches('/').to_owned() })
    }

    /// The folder at `path`, whatever characters it has.
    pub fn folder(path: &Path) -> Self {
        Self { kind: Kind::Folder(Folder::new(path)), place: path.display().to_string() }
    }

    /// The place `name` below this one.
    ///
    /// # Errors
    /// `name` is not one part of a path.
    pub fn below(&self, name: &str) -> Result<Self, StoreError> {
        name::check(&self.place, name)?;
        let kind = match &self.kind {
            Kind::Folder(folder) => Kind::Folder(folder.below(name)),
            Kind::Bucket(bucket) => Kind::Bucket(bucket.below(name)?),
        };
        Ok(Self { kind, place: format!("{}/{name}", self.place) })
    }

    /// The names directly below, in order. Those of unfinished writers are none, nor are folders.
    ///
    /// # Errors
    /// The place cannot be read, or a name is not Unicode.
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = match &self.kind {
            Kind::Folder(folder) => folder.names()?,
            Kind::Bucket(bucket) => bucket.names()?,
        };
        names.sort_unstable();
        Ok(names)
    }

    /// Opens what lies under a name. A folder says here that nothing does, a server where it is first asked.
    ///
    /// # Errors
    /// `name` is none, nothing is there, or it cannot be read.
    pub fn object(&self, name: &str) -> Result<Object, StoreError> {
        name::check(&self.place, name)?;
        Ok(match &self.kind {
            Kind::Folder(folder) => Object::folder(folder.open(name)?),
            Kind::Bucket(bucket) => Object::bucket(bucket.object(name)?),
        })
    }

    /// Begins to write what is to lie under a name, replacing what does when it is whole.
    ///
    /// # Errors
    /// `name` is none, or a temporary file cannot be made.
    pub fn create(&self, name: &str) -> Result<Writer, StoreError> {
        name::check(&self.place, name)?;
        Ok(match &self.kind {
            Kind::Folder(folder) => Writer::folder(folder.create(name)?),
            Kind::Bucket(bucket) => Writer::bucket(bucket.create(name)?),
        })
    }

    /// Removes what lies under a name; nothing is fine too, for another may have been first.
    ///
    /// # Errors
    /// `name` is none, or the place refuses.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        name::check(&self.place, name)?;
        match &self.kind {
            Kind::Folder(folder) => folder.remove(name),
            Kind::Bucket(bucket) => bucket.remove(name),
        }
    }

    /// Removes what writers that were killed left in a folder: files under temporary names that nobody has written to
    /// for a day. What a living writer has is never touched, on whatever machine it is: machines that share a folder need to agree on
    /// the time to some hours. A bucket shows no uploads that were cut off; a rule of its own removes them (`AbortIncompleteMultipartUpload`).
    ///
    /// # Errors
    /// The folder cannot be read, or does not let a file be removed.
    pub fn clear_leftovers(&self) -> Result<(), StoreError> {
        match &self.kind {
            Kind::Folder(folder) => folder.clear_leftovers(),
            Kind::Bucket(_) => Ok(()),
        }
    }
}

impl From<&Path> for Store {
    fn from(path: &Path) -> Self {
        Self::folder(path)
    }
}

impl From<&PathBuf> for Store {
    fn from(path: &PathBuf) -> Self {
        Self::folder(path)
    }
}

impl From<&Store> for Store {
    fn from(store: &Store) -> Self {
        store.clone()
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)
    }
}
