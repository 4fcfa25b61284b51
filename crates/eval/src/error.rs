//! What can be wrong with predictions or with the facts a report is asked to hold.

use segno_dataset::{Part, Protocol};

/// Why predictions could not be scored or a report could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The model does not fit the features, or its file is at fault.
    #[error(transparent)]
    Model(#[from] segno_models::ModelError),
    /// The features cannot be read.
    #[error(transparent)]
    Data(#[from] segno_dataset::DatasetError),
    /// The predictions hold nothing for the task asked for.
    #[error(
        "predictions of row `{row}`, protocol {protocol}, seed {seed} hold no classes for task `{task}`; \
         they hold {found:?}: choose one of these, or predict again with a model of that task"
    )]
    NoSuchTask {
        /// The row.
        row: String,
        /// The protocol.
        protocol: Protocol,
        /// The seed.
        seed: u64,
        /// The task asked for.
        task: String,
        /// The tasks that the predictions hold.
        found: Vec<String>,
    },
    /// A prediction has more or fewer probabilities than there are classes.
    #[error("clip `{clip_id}` has {found} probabilities where {expected} were expected, one a class: predict again")]
    ProbabilityCount {
        /// The clip.
        clip_id: String,
        /// Probabilities found.
        found: usize,
        /// Classes.
        expected: usize,
    },
    /// A number that is no probability: negative, above one, infinite or not a number.
    #[error(
        "clip `{clip_id}` gives class `{class}` the probability {value}, expected a number from 0 to 1: \
         the model has probably diverged, train it again with a lower learning rate"
    )]
    NotAProbability {
        /// The clip.
        clip_id: String,
        /// The class.
        class: String,
        /// What was found.
        value: f32,
    },
    /// A clip's probabilities do not add up to one.
    #[error("the probabilities of clip `{clip_id}` add up to {sum}, expected 1 within {tolerance}: predict again")]
    ProbabilitySum {
        /// The clip.
        clip_id: String,
        /// Their sum.
        sum: f64,
        /// How far from 1 is let pass.
        tolerance: f64,
    },
    /// A class is named twice.
    #[error("class `{class}` is named twice among the classes, expected each once: predict again")]
    RepeatedClass {
        /// The class.
        class: String,
    },
    /// A clip is predicted twice for one task.
    #[error("clip `{clip_id}` is predicted twice for one task, expected once: predict again into an empty file")]
    RepeatedClip {
        /// The clip.
        clip_id: String,
    },
    /// Two clips of one track carry different true labels.
    #[error(
        "clips of track `{track_id}` carry the true labels `{first}` and `{second}`, expected one label a track: \
         correct the manifest and extract again"
    )]
    LabelsDiffer {
        /// The track.
        track_id: String,
        /// The label of its first clip.
        first: String,
        /// Another clip's label.
        second: String,
    },
    /// A run, or a variant, names a row that is not listed.
    #[error("row `{row}` is named by {named_by} and is not among the report's rows: add it to `rows`")]
    UnknownRow {
        /// The row.
        row: String,
        /// Who names it.
        named_by: String,
    },
    /// Two models are compared whose predictions are of no protocol, or of several.
    #[error("the predictions compared are of the protocols {found:?}, expected one: compare protocol by protocol")]
    NotOneProtocol {
        /// The protocols found.
        found: Vec<Protocol>,
    },
    /// One side of a comparison holds a seed twice.
    #[error("the predictions of `{experiment}` hold {protocol}, seed {seed} twice, expected once: hand in one file a seed")]
    RepeatedSeed {
        /// The protocol.
        protocol: Protocol,
        /// The seed.
        seed: u64,
        /// The experiment's name.
        experiment: String,
    },
    /// No seed is on both sides of a comparison.
    #[error("under {protocol} the first model has the seeds {a:?}, the second {b:?}, expected a common one: run one that both have")]
    NoCommonSeed {
        /// The protocol.
        protocol: Protocol,
        /// Seeds of the first model.
        a: Vec<u64>,
        /// Seeds of the second.
        b: Vec<u64>,
    },
    /// The two models of a comparison have not answered the same clips.
    #[error(
        "{protocol}, seed {seed}: the two models cannot be paired at clip `{clip_id}`: {found}; \
         expected the same clips and labels: predict both from the same split and corpus"
    )]
    UnpairedClip {
        /// The protocol.
        protocol: Protocol,
        /// The seed.
        seed: u64,
        /// The first clip that differs.
        clip_id: String,
        /// How it differs.
        found: String,
    },
    /// The two models of a comparison by track have not answered the same tracks.
    #[error(
        "{protocol}, seed {seed}: the two models cannot be paired at track `{track_id}`: {found}; \
         expected the same tracks and labels: predict both from the same split and corpus. A track shorter than a row's clips has none of them"
    )]
    UnpairedTrack {
        /// The protocol.
        protocol: Protocol,
        /// The seed.
        seed: u64,
        /// The first track that differs.
        track_id: String,
        /// How it differs.
        found: String,
    },
    /// Two rows, or two protocols, share a name.
    #[error("`{name}` is listed twice among the report's {list}, expected once")]
    Repeated {
        /// The name.
        name: String,
        /// `rows`, `protocols` or `runs`.
        list: &'static str,
    },
    /// A run's protocol is not described.
    #[error("row `{row}` has a run under {protocol}, which is not among the report's protocols: describe it there")]
    UnknownProtocol {
        /// The row.
        row: String,
        /// The protocol.
        protocol: Protocol,
    },
    /// Predictions are filed under another protocol or seed than they say of themselves.
    #[error(
        "{file}: these predictions say that they are of {found_protocol}, seed {found_seed}; \
         row `{row}` expected {protocol}, seed {seed}: hand in the right file"
    )]
    WrongSource {
        /// The predictions' file.
        file: String,
        /// The row.
        row: String,
        /// The protocol expected.
        protocol: Protocol,
        /// The seed expected.
        seed: u64,
        /// The protocol found.
        found_protocol: Protocol,
        /// The seed found.
        found_seed: u64,
    },
    /// Predictions of one part are handed in for another.
    #[error("{file}: found predictions of the {found} part, expected those of the {expected} part: hand in the right file")]
    WrongPart {
        /// The file of the run's test part.
        file: String,
        /// The part expected.
        expected: Part,
        /// The part found.
        found: Part,
    },
    /// A report of no task.
    #[error("the report's list of tasks is empty, expected at least one, e.g. `genre`")]
    NoTask,
    /// A row carries the paper's figure of a task that the report is not of.
    #[error("row `{row}` has a figure of the paper for task `{task}`, expected one of {found:?}: correct the row or add the task")]
    UnknownPaperTask {
        /// The row's label.
        row: String,
        /// The task found.
        task: String,
        /// The report's tasks.
        found: Vec<String>,
    },
    /// Features that cannot be laid out in the plane.
    #[error("features of {rows} clips of {columns} values cannot be laid out in the plane: {reason}")]
    Embedding {
        /// Clips.
        rows: usize,
        /// Values a clip.
        columns: usize,
        /// What stands in the way, and what to do.
        reason: String,
    },
    /// A figure that could not be drawn.
    #[error("figure `{name}` could not be drawn: {reason}")]
    Undrawn {
        /// The name of its file.
        name: String,
        /// The drawing library's reason.
        reason: String,
    },
    /// A paper's figure, or a stage's time, is no sensible number.
    #[error("{what} is {value}, expected {expected}")]
    BadNumber {
        /// Whose number it is.
        what: String,
        /// What was found.
        value: f64,
        /// What would do.
        expected: &'static str,
    },
    /// The serialiser refused the report.
    #[error("the report could not be written as JSON: {source}")]
    Json {
        /// The serialiser's reason.
        #[from]
        source: serde_json::Error,
    },
}
