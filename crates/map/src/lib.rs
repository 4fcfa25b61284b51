//! A library of tracks laid out in the plane, as one page that needs nothing else: a mark a track, coloured by what a model says of it,
//! with search, names under the pointer and by keyboard, and each track's path to copy.
//!
//! - [`Map`]: tracks, [`Layout`]s of them, and [`Task`]s to colour them by; [`Map::html`] is the page.
//! - [`MapError`]: parts of a map that do not belong together.
//!
//! The page draws on a canvas by a script of its own (`map.js`), which reads a block of JSON; no name of a track is ever markup.
//!
//! ```
//! use segno_map::{Answer, Layout, Map, Task, Track};
//!
//! let track = |path: &str| Track { path: path.into(), near: vec![] };
//! let map = Map {
//!     title: "Two tracks".into(),
//!     made: "By hand".into(),
//!     tracks: vec![track("music/a.mp3"), track("music/</script>.mp3")],
//!     layouts: vec![Layout { name: "A line".into(), points: vec![[0.0, 0.0], [1.0, 0.0]] }],
//!     tasks: vec![Task {
//!         name: "genre".into(),
//!         classes: vec!["jazz".into()],
//!         answers: vec![Answer::Class { class: 0, confidence: Some(0.9) }, Answer::NotSure { reason: "jazz 0.40".into() }],
//!     }],
//! };
//! let page = map.html()?;
//! assert_eq!(page.matches("</script>").count(), 2, "the data's end and the script's");
//! # Ok::<(), segno_map::MapError>(())
//! ```
//!
//! This crate knows nothing of audio, of embeddings, or of where points come from.

mod check;
mod data;
mod folder;
mod page;

pub use check::MapError;

/// A library of tracks, laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// The heading.
    pub title: String,
    /// What it was made of, in a sentence.
    pub made: String,
    /// The tracks.
    pub tracks: Vec<Track>,
    /// Ways to lay them out; the first is shown first. One at least.
    pub layouts: Vec<Layout>,
    /// What they may be coloured by; the first is shown first. None is a map of one colour.
    pub tasks: Vec<Task>,
}

/// A track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// Where it lies, or its name.
    pub path: String,
    /// Indices of the tracks that are nearest, the nearest first, and how near: 1 is the same.
    pub near: Vec<(usize, f64)>,
}

/// A place in the plane for each track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Its name, as a reader chooses it.
    pub name: String,
    /// A point a track, in any unit that is the same across and up.
    pub points: Vec<[f32; 2]>,
}

/// One question that was asked about every track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// `genre`, `mood`, …
    pub name: String,
    /// The classes, in the order of the legend.
    pub classes: Vec<String>,
    /// An answer a track.
    pub answers: Vec<Answer>,
}

/// What a track is said to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A class.
    Class {
        /// Its index in [`Task::classes`].
        class: usize,
        /// How sure it is, from 0 to 1, where that is known.
        confidence: Option<f32>,
    },
    /// None is better than a guess.
    NotSure {
        /// Why.
        reason: String,
    },
    /// It was not asked, or could not be heard.
    Unknown,
}
