//! A comparison, before it takes a form: the very contents of `compare-A-B.json`.

use segno_dataset::Protocol;
use serde::Serialize;

use super::{ClassDifference, Discordant, Side, name};
use crate::{
    EvalError,
    metrics::Level,
    stats::{Bootstrap, Paired},
};

/// The version of the JSON; raised when a key changes its meaning or goes.
pub const COMPARISON_FORMAT: u32 = 2;

/// Two rows held against each other.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What a reader must know before any number.
    pub warnings: Vec<String>,
    /// [`COMPARISON_FORMAT`].
    pub format: u32,
    /// The command that makes it again.
    pub command: String,
    /// The corpus.
    pub corpus: String,
    /// The first row.
    pub a: SideFacts,
    /// The second row.
    pub b: SideFacts,
    /// How every interval over tracks was drawn.
    pub bootstrap: Bootstrap,
    /// One a protocol and task.
    pub parts: Vec<Part>,
}

/// One of the two rows.
#[derive(Clone, Debug, Serialize)]
pub struct SideFacts {
    /// Its `id`.
    pub row: String,
    /// Its label.
    pub label: String,
    /// The work folder's name, where the two are of two.
    pub folder: Option<String>,
    /// Its runs.
    pub runs: Vec<RunSource>,
}

/// What a run's answers come from.
#[derive(Clone, Debug, Serialize)]
pub struct RunSource {
    /// The protocol.
    pub protocol: Protocol,
    /// The seed.
    pub seed: u64,
    /// The file of predictions, relative to the work folder.
    pub file: String,
    /// Digest of the model file.
    pub model_digest: String,
    /// Digest of the split table.
    pub split_digest: String,
}

/// The comparison under one protocol, at one task.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// The protocol.
    pub protocol: Protocol,
    /// The task.
    pub task: String,
    /// The difference in a sentence.
    pub finding: String,
    /// Clip by clip; `None` where the rows cut tracks differently.
    pub clip: Option<Paired>,
    /// Track by track, by the mean of a track's probabilities.
    pub track: Paired,
    /// Class by class, clips of all seeds added up; tracks, where there is no `clip`.
    pub classes: Vec<ClassDifference>,
    /// The tracks that one has right and the other wrong, a seed each.
    pub discordant: Vec<Discordant>,
}

impl SideFacts {
    pub(super) fn of(side: &Side) -> Self {
        let source = |(file, predictions): &(String, segno_dataset::Predictions)| {
            let source = &predictions.source;
            RunSource {
                protocol: source.protocol,
                seed: source.seed,
                file: file.clone(),
                model_digest: source.model_digest.clone(),
                split_digest: source.split_digest.clone(),
            }
        };
        Self { row: side.row.clone(), label: side.label.clone(), folder: side.folder.clone(), runs: side.runs.iter().map(source).collect() }
    }

    /// Its label, with the folder where the two sides are of two.
    pub fn name(&self) -> String {
        name(&self.label, self.folder.as_deref())
    }
}

impl Part {
    /// The finest comparison that can be made: clip by clip, or track by track.
    pub(super) fn finest(&self) -> &Paired {
        self.clip.as_ref().unwrap_or(&self.track)
    }

    /// What the classes are counted in.
    pub(super) fn items(&self) -> &'static str {
        items(self.finest().level)
    }

    /// The comparisons made, the finest first.
    pub(super) fn levels(&self) -> impl Iterator<Item = &Paired> {
        self.clip.iter().chain([&self.track])
    }
}

/// `clips` or `tracks`.
pub(super) fn items(level: Level) -> &'static str {
    if level == Level::Clip { "clips" } else { "tracks" }
}

impl Comparison {
    /// The comparison as JSON: indented, with a line feed at the end.
    ///
    /// # Errors
    /// If the serialiser fails, which it has no reason to.
    pub fn to_json(&self) -> Result<String, EvalError> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The heading.
    pub(super) fn title(&self) -> String {
        format!("{} against {}", self.a.name(), self.b.name())
    }
}
