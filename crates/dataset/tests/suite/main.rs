//! The crate from outside, in one program: linking arrow and parquet once is enough.

mod bucket;
mod corpora;
mod corrupt;
mod fma;
mod folds;
mod gtzan_artists;
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
