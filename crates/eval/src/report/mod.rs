//! A report: built once from predictions, then written as JSON, HTML, Markdown and a table for the terminal.

mod best;
mod build;
mod check;
mod corpus;
mod curves;
mod differences;
mod glossary;
mod html;
mod input;
mod markdown;
mod model;
mod plot;
mod score_table;
mod scores;
mod terminal;
mod text;

pub use build::build;
pub use html::html;
pub use input::{CorpusFacts, LeftOut, OpenRow, ProtocolFacts, ReportInput, RowFacts, Run};
pub use markdown::markdown;
pub use model::{
    BestModel, Corpus, CurveGroup, CurveRun, Difference, Epoch, LeftOutGroup, Pooled, ProtocolEntry, REPORT_FORMAT, Report, RunScores,
};
pub use scores::{Measure, ScoreCell, ScoreRow, ScoreTable, Scores};
pub use terminal::terminal_table;
