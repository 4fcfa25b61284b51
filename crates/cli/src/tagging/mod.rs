//! What was heard, into the files' own tags: which field says what, the dry run, and the way back.
//!
//! [`Fields`] has the rule, [`Writer`] carries it out row by row, and [`same_audio`] is what it asks before a file is replaced.

mod audio;
mod fields;
mod writer;

pub use audio::same_audio;
pub use fields::{Fields, Roles};
pub use writer::{Writer, Writing, folder_of, shown};
