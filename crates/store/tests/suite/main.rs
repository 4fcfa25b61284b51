//! A folder, a folder through `object_store`, and a bucket of a server started here, held to the same.

mod environment;
mod faults;
mod leftovers;
mod places;
mod server;
mod threads;
mod whole;
