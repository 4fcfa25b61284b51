//! What a model of any kind says of one file.

mod head;
mod tagger;
mod trained;

pub use head::{HeadAnswers, HeardByHead};
use segno_models::TaskClasses;
pub use tagger::Tagger;
pub use trained::{Trained, features_of};

/// What a model says of a file.
pub struct Answer {
    /// Clips or patches that were listened to.
    pub clips: usize,
    /// Probabilities, in the order of the classes.
    pub tasks: Vec<(TaskClasses, Vec<f32>)>,
    /// Several are true at once: each probability stands for itself.
    pub are_tags: bool,
    /// What is odd about the file.
    pub note: Option<String>,
}

/// The note of a file shorter than a patch.
const REPEATED: &str = "shorter than 3 s: repeated up to it";
