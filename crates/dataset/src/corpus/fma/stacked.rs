//! A CSV as pandas writes tables whose columns have names of several levels: a header row a level, then one that holds the
//! index's name alone.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::DatasetError;

/// What the index's row must hold.
const INDEX: &str = "track_id";

/// A table being read; its first column is the track's number.
pub(super) struct Stacked {
    path: PathBuf,
    reader: Reader<BufReader<File>>,
    /// The columns' names, their levels joined by `/`.
    columns: Vec<String>,
    record: StringRecord,
}

impl Stacked {
    /// Opens a table with `levels` header rows above the one of the index.
    pub(super) fn open(path: &Path, levels: usize) -> Result<Self, DatasetError> {
        let file = super::open(path)?;
        let reader = ReaderBuilder::new().has_headers(false).from_reader(file);
        let mut this = Self { path: path.to_owned(), reader, columns: Vec::new(), record: StringRecord::new() };
        for level in 0..levels {
            if !this.advance()? {
                return Err(this.fault("", "the end of the file", &format!("{levels} rows of names and one that starts with '{INDEX}'")));
            }
            this.columns.resize(this.record.len(), String::new());
            for (column, name) in this.columns.iter_mut().zip(&this.record).skip(1) {
                *column = if level == 0 { name.to_owned() } else { format!("{column}/{name}") };
            }
        }
        let there = this.advance()?;
        if !there || this.cell(0) != INDEX {
            let found = if there { format!("'{}'", this.cell(0)) } else { "the end of the file".into() };
            return Err(this.fault("", &found, &format!("'{INDEX}' below {levels} rows of names")));
        }
        Ok(this)
    }

    /// The place of a column.
    pub(super) fn column(&self, name: &str) -> Result<usize, DatasetError> {
        let place = self.columns.iter().position(|column| column == name);
        place.ok_or_else(|| self.fault(name, &format!("no such column among {}", self.columns.len()), "one; is it the file of that name?"))
    }

    /// Reads the next row; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, DatasetError> {
        self.reader
            .read_record(&mut self.record)
            .map_err(|source| DatasetError::TornTable { path: self.path.clone(), source: Box::new(source) })
    }

    /// A cell of the row at hand, as it is.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or("")
    }

    /// A cell of the row at hand, parsed.
    pub(super) fn parsed<T: std::str::FromStr>(&self, column: usize, expected: &str) -> Result<T, DatasetError> {
        let text = self.cell(column);
        text.parse().map_err(|_| self.bad(column, expected))
    }

    /// The row's track.
    pub(super) fn track(&self) -> Result<u32, DatasetError> {
        self.parsed(0, "a track's number")
    }

    /// The line that the row at hand starts on.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// A cell of the row at hand that cannot be.
    pub(super) fn bad(&self, column: usize, expected: &str) -> DatasetError {
        let name = if column == 0 { INDEX } else { &self.columns[column] };
        self.fault(name, &format!("'{}'", self.cell(column)), expected)
    }

    fn fault(&self, column: &str, found: &str, expected: &str) -> DatasetError {
        DatasetError::TableCell {
            path: self.path.clone(),
            line: self.line(),
            column: column.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }
}
