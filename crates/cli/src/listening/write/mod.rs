//! The forms that rows are written in.

mod jsonl;
mod sheet;
mod table;

use std::path::{Path, PathBuf};

use anyhow::Result;
pub use table::Terminal;

use super::Row;
use crate::answer::Labels;
use crate::commands::{make_room, write_whole};
use crate::told::show;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// For people: a line a file
    Table,
    /// A JSON object a file, with every class
    Jsonl,
    /// A line a file, and a column a class; with --timeline also a line a stretch
    Csv,
    /// The same as a Parquet file
    Parquet,
}

/// What prints rows one by one, as they come.
pub enum Printer {
    /// [`Form::Table`]
    Table(Terminal),
    /// [`Form::Jsonl`]
    Jsonl,
    /// [`Form::Csv`]: all at the end.
    Csv(Vec<Row>),
}

impl Form {
    /// What prints in this form on standard output; none for a form that is no text.
    pub fn printer(self, labels: &Labels, files: &[PathBuf]) -> Option<Printer> {
        match self {
            Self::Table => Some(Printer::Table(Terminal::new(labels, files))),
            Self::Jsonl => Some(Printer::Jsonl),
            Self::Csv => Some(Printer::Csv(vec![])),
            Self::Parquet => None,
        }
    }

    /// Writes rows into a file, whole or not at all.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(self, out: &Path, labels: &Labels, rows: &[Row]) -> Result<()> {
        make_room(out)?;
        let lines = |line: &dyn Fn(&Row) -> String| rows.iter().map(|row| line(row) + "\n").collect::<String>();
        match self {
            Self::Table => {
                let files: Vec<PathBuf> = rows.iter().map(|row| row.file.clone()).collect();
                let terminal = Terminal::new(labels, &files);
                write_whole(out, (terminal.head() + "\n" + &lines(&|row| terminal.row(row))).as_bytes())
            }
            Self::Jsonl => write_whole(out, lines(&|row| jsonl::object(row).to_string()).as_bytes()),
            Self::Csv => write_whole(out, &sheet::of(labels, rows).to_csv()),
            Self::Parquet => Ok(sheet::of(labels, rows).write_parquet(out)?),
        }
    }
}

impl Printer {
    /// Before the first row.
    pub fn begin(&self) {
        if let Self::Table(terminal) = self {
            show!("{}", terminal.head());
        }
    }

    /// The next row.
    pub fn row(&mut self, row: Row) {
        match self {
            Self::Table(terminal) => show!("{}", terminal.row(&row)),
            Self::Jsonl => show!("{}", jsonl::object(&row)),
            Self::Csv(rows) => rows.push(row),
        }
    }

    /// After the last row.
    pub fn end(self, labels: &Labels) {
        if let Self::Csv(rows) = self {
            let text = String::from_utf8(sheet::of(labels, &rows).to_csv()).expect("cells are text");
            show!("{}", text.trim_end());
        }
    }
}
