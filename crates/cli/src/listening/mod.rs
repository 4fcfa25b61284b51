//! Many files, listened to by one model: what is said of each, in the order of the files.
//!
//! [`listen`] asks on every core and gives [`Answer`]s, which are numbers; a [`Judge`] makes a [`Row`] of each, which has names and a
//! [`Verdict`] a task; [`write`] has the forms that rows are written in. A [`Journal`] keeps the answers of a run, so that another goes
//! on from there. Whoever has something else to do with what was heard (tags of files, playlists) takes [`Row`]s.
//!
//! [`Answer`]: crate::answer::Answer

mod ask;
mod journal;
mod judge;
mod row;
mod sure;
pub mod write;

pub use ask::{Outcome, listen};
pub use journal::Journal;
pub use judge::Judge;
pub use row::{Heard, HeardStretch, Row, Stretch, TaskRow, Verdict};
pub use sure::{Sure, TAGS};
