//! What a model of any kind says of one file, in numbers alone: what is made of them is [`listening`](crate::listening)'s.

mod head;
mod tagger;
mod trained;

use std::path::Path;

use anyhow::Result;
pub use head::HeadAnswers;
use segno_models::TaskClasses;
use serde::{Deserialize, Serialize};
pub use tagger::Tagger;
pub use trained::{Trained, features_of, mean_over_clips};

/// A model, ready to be asked: a thread's own.
pub trait Answers {
    /// What it says of a file; over time too, where `over_time` is asked for.
    ///
    /// # Errors
    /// The file has no answer, with the reason: it cannot be decoded, is too short, or silent.
    fn answer(&mut self, file: &Path, over_time: bool) -> Result<Answer>;
}

/// What a model's numbers stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// Tasks, of each of which one class is true.
    pub tasks: Vec<TaskClasses>,
    /// Tags, of which several are true at once; none where the model has none.
    pub tags: Vec<String>,
}

/// What a model says of a file, in the order of its [`Labels`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Clips or patches that were listened to.
    pub clips: usize,
    /// Probabilities of each task's classes.
    pub tasks: Vec<Vec<f32>>,
    /// Likelihood of each tag, which stands for itself.
    pub tags: Vec<f32>,
    /// How far it is from all that the model was fitted on, in parts of the limit: above 1 it is none of the classes. None where the
    /// model has no such limit.
    pub distance: Option<f32>,
    /// Stretch by stretch, where it was asked for. The numbers above are of all stretches, silent ones too.
    pub timeline: Vec<Moment>,
    /// What is odd about the file.
    pub note: Option<String>,
}

/// What a model says of a stretch of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Where it begins, in seconds from the start of the file.
    pub start_s: f64,
    /// Where it ends.
    pub end_s: f64,
    /// What is said of it, or why there is no answer: it is silent, though the file is not.
    pub said: Result<Said, String>,
}

/// What a model says of a moment that has sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Probabilities of each task's classes.
    pub tasks: Vec<Vec<f32>>,
    /// Likelihood of each tag.
    pub tags: Vec<f32>,
}

/// The note of a file shorter than a patch.
const REPEATED: &str = "shorter than 3 s: repeated up to it";
