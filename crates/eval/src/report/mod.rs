//! A report: built once from predictions, then written as JSON, HTML, Markdown and a table for the terminal.

mod best;
mod build;
mod check;
mod corpus;
mod curves;
mod differences;
mod drawn;
mod figures;
mod gaps;
mod glossary;
mod grid;
mod html;
mod input;
pub(crate) mod markdown;
mod markdown_best;
mod markdown_figures;
mod markdown_scores;
mod model;
pub(crate) mod plot;
mod plot_classes;
mod plot_curves;
mod plot_figures;
mod plot_rows;
mod ramp;
mod resampled;
mod score_table;
mod scores;
mod terminal;
pub(crate) mod text;

pub use build::{build, build_with};
pub use drawn::{Drawing, Figure, Key, Numbers, Panel, figures};
pub(crate) use drawn::{paired_figure, wrapped};
pub use figures::{Bar, Embedding, EmbeddingFacts, Histogram, HistogramFacts, PlacedClip};
pub use grid::Grid;
pub use html::html;
pub(crate) use html::{figure_markup, page_style};
pub use input::{CorpusFacts, GridCell, LeftOut, OpenRow, ProtocolFacts, ReportInput, RowFacts, Run};
pub use markdown::markdown;
pub use model::{
    BestModel, Corpus, CurveGroup, CurveRun, Difference, Epoch, LeftOutGroup, Pooled, ProtocolEntry, REPORT_FORMAT, Report, RunScores,
    TaskReport,
};
pub use scores::{Measure, ScoreCell, ScoreRow, ScoreTable, Scores};
pub use terminal::terminal_table;
