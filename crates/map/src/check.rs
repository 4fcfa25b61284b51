//! Whether the parts of a map belong together.

use crate::{Answer, Map};

/// Parts of a map that do not belong together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// There is nothing to draw.
    #[error("found {tracks} tracks in {layouts} layouts, expected one of each at least")]
    Empty {
        /// Tracks.
        tracks: usize,
        /// Layouts.
        layouts: usize,
    },
    /// A layout or a task is of other tracks.
    #[error("{what}: found {found} rows, expected {expected}, one a track")]
    Rows {
        /// The layout or the task.
        what: String,
        /// Rows.
        found: usize,
        /// Tracks.
        expected: usize,
    },
    /// A value of a track is none that can be drawn.
    #[error("{what}, {track}: found {found}, expected {expected}")]
    Value {
        /// The layout or the task.
        what: String,
        /// The track's path.
        track: String,
        /// The value.
        found: String,
        /// What is allowed.
        expected: String,
    },
    /// The data cannot be written.
    #[error("the page's data cannot be written as json: {0}")]
    Json(#[from] serde_json::Error),
}

impl Map {
    pub(crate) fn check(&self) -> Result<(), MapError> {
        let n = self.tracks.len();
        if n == 0 || self.layouts.is_empty() {
            return Err(MapError::Empty { tracks: n, layouts: self.layouts.len() });
        }
        let value = |what: &str, index: usize, found: String, expected: String| {
            Err(MapError::Value { what: what.to_owned(), track: self.tracks[index].path.clone(), found, expected })
        };
        let rows = |what: &str, found: usize| {
            if found == n { Ok(()) } else { Err(MapError::Rows { what: what.to_owned(), found, expected: n }) }
        };
        for layout in &self.layouts {
            rows(&layout.name, layout.points.len())?;
            if let Some(index) = layout.points.iter().position(|point| point.iter().any(|place| !place.is_finite())) {
                return value(&layout.name, index, format!("{:?}", layout.points[index]), "two finite numbers".into());
            }
        }
        for task in &self.tasks {
            rows(&task.name, task.answers.len())?;
            for (index, answer) in task.answers.iter().enumerate() {
                let Answer::Class { class, confidence } = answer else { continue };
                if *class >= task.classes.len() {
                    return value(&task.name, index, format!("class {class}"), format!("one of {} classes", task.classes.len()));
                }
                if let Some(confidence) = confidence.filter(|confidence| !(0.0..=1.0).contains(confidence)) {
                    return value(&task.name, index, format!("confidence {confidence}"), "0 to 1".into());
                }
            }
        }
        for (index, track) in self.tracks.iter().enumerate() {
            if let Some((near, similarity)) = track.near.iter().find(|(near, similarity)| *near >= n || !similarity.is_finite()) {
                return value("nearest tracks", index, format!("track {near} at {similarity}"), format!("one of {n} tracks, and a number"));
            }
        }
        Ok(())
    }
}
