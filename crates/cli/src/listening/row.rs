//! What is said of one track.

use std::path::PathBuf;

/// One track.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The file, as it was named.
    pub file: PathBuf,
    /// What was heard, or why there is no answer.
    pub heard: Result<Heard, String>,
}

/// What was heard of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// Clips or patches that were listened to.
    pub clips: usize,
    /// A row a task, in the order of the model's.
    pub tasks: Vec<TaskRow>,
    /// Tags and their likelihoods, in the order of the network's; several are true at once. None where the model has none.
    pub tags: Vec<(String, f32)>,
    /// Stretch by stretch, where it was asked for.
    pub timeline: Vec<Stretch>,
    /// What is odd about the file.
    pub note: Option<String>,
}

/// One task of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRow {
    /// `genre`, `mood`, …
    pub task: String,
    /// Classes and their probabilities, which sum to 1, in the order of the model's.
    pub classes: Vec<(String, f32)>,
    /// What to make of them.
    pub verdict: Verdict,
}

/// What to make of a task's probabilities.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// An answer.
    Sure {
        /// The most probable class.
        class: String,
        /// Its probability.
        confidence: f32,
    },
    /// None is better than a guess.
    NotSure {
        /// Why.
        reason: String,
    },
}

/// What is said of a stretch of a track: probabilities alone, since confidence is measured on whole tracks.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins, in seconds from the start of the file.
    pub start_s: f64,
    /// Where it ends.
    pub end_s: f64,
    /// What was heard, or why there is no answer.
    pub heard: Result<HeardStretch, String>,
}

/// What was heard of a stretch.
#[derive(Clone, Debug, PartialEq)]
pub struct HeardStretch {
    /// Tasks, and in each the classes and their probabilities.
    pub tasks: Vec<(String, Vec<(String, f32)>)>,
    /// Tags and their likelihoods.
    pub tags: Vec<(String, f32)>,
}

impl TaskRow {
    /// The classes from the most probable down; equals in the order of the model's.
    pub fn ranked(&self) -> Vec<(&str, f32)> {
        ranked(&self.classes)
    }
}

/// Names from the highest number down; equals in the order given.
pub fn ranked(named: &[(String, f32)]) -> Vec<(&str, f32)> {
    let mut ranked: Vec<(&str, f32)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranked
}
