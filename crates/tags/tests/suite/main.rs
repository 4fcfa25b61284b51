//! Files of every kind, written to and read back.

mod fields;
mod files;
mod hostile;
mod kept;
mod protected;
mod undo;
