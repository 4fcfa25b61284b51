//! Named bytes in a folder or a bucket: whole, or not there.
//!
//! - [`Store`]: a place by its location: a path, `file:///…` or `s3://bucket/prefix`.
//! - [`Object`]: what lies under a name, read in ranges, from many threads at once.
//! - [`Writer`]: bytes on their way to a name, which [`Writer::commit`] gives them.
//!
//! ```
//! use std::io::Write;
//!
//! use segno_store::{Store, StoreError};
//!
//! # let dir = tempfile::tempdir().unwrap();
//! # let location = dir.path().to_str().unwrap();
//! let store = Store::open(location)?;
//! let mut writer = store.create("greeting.txt")?;
//! writer.write_all(b"from the sign").unwrap();
//! assert!(store.names()?.is_empty(), "not whole yet");
//! writer.commit()?;
//! assert_eq!(store.names()?, ["greeting.txt"]);
//!
//! let mut sign = [0; 4];
//! store.object("greeting.txt")?.read_at(9, &mut sign)?;
//! assert_eq!(&sign, b"sign");
//! # Ok::<(), StoreError>(())
//! ```
//!
//! A plain path is a folder by the system's own calls, the fast way. The others go through `object_store`, on a tokio runtime of
//! the store's own: no future is seen outside. Calls wait, and may come from any thread but one that runs async tasks, which must not wait.
//!
//! This crate knows nothing of what the bytes mean.

mod bucket;
mod error;
mod folder;
mod location;
mod name;
mod object;
mod store;
mod writer;

pub use error::StoreError;
pub use object::Object;
pub use store::Store;
pub use writer::Writer;
