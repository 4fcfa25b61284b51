//! Rows of a CSV by the names of its columns.

use csv::StringRecord;

use crate::DatasetError;

/// A CSV read whole, with a header.
pub(super) struct Rows {
    corpus: String,
    header: StringRecord,
    pub(super) records: Vec<StringRecord>,
}

impl Rows {
    pub(super) fn parse(corpus: &str, text: &str) -> Result<Self, DatasetError> {
        let fault = |source| DatasetError::Csv { corpus: corpus.into(), source };
        // A byte-order mark, as spreadsheets write it, is no part of the first column's name.
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(fault)?.clone();
        let records = reader.records().collect::<Result<_, _>>().map_err(fault)?;
        Ok(Self { corpus: corpus.into(), header, records })
    }

    /// The index of a column.
    pub(super) fn column(&self, name: &str) -> Result<usize, DatasetError> {
        self.header.iter().position(|column| column == name).ok_or_else(|| {
            let columns: Vec<&str> = self.header.iter().collect();
            let found = format!("the columns {}", columns.join(", "));
            self.fault(1, found, format!("a column '{name}'"))
        })
    }

    /// A cell that must hold something.
    pub(super) fn required<'a>(&self, record: &'a StringRecord, column: usize) -> Result<&'a str, DatasetError> {
        cell(record, column).ok_or_else(|| {
            let found = format!("an empty '{}'", &self.header[column]);
            self.fault(line(record), found, "a value".into())
        })
    }

    pub(super) fn fault(&self, line: u64, found: String, expected: String) -> DatasetError {
        DatasetError::TrackTable { corpus: self.corpus.clone(), line, found, expected }
    }
}

/// A cell, unless it is empty.
pub(super) fn cell(record: &StringRecord, column: usize) -> Option<&str> {
    record.get(column).filter(|text| !text.is_empty())
}

/// The line a record starts on.
pub(super) fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}
