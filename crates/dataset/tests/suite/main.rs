//! The crate from outside, in one program: linking arrow and parquet once is enough.

mod bucket;
mod corpora;
mod corrupt;
mod cross;
mod fma;
mod folds;
mod gtzan_artists;
mod hostile;
mod precision;
mod pyarrow;
mod resume;
#[path = "../../../store/tests/suite/server.rs"]
mod server;
mod shards;
mod splits;
mod streaming;
mod tables;
mod world;
