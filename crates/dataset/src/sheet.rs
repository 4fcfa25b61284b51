//! A flat sheet of named columns, for people's own programs: CSV or Parquet.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, Float32Array, Float64Array, StringArray},
    datatypes::{DataType, FieldRef},
};

use crate::{DatasetError, table};

/// Named columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// In order; no name twice.
    pub columns: Vec<(String, Cells)>,
}

/// The cells of a column; none is an empty one.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Text.
    Text(Vec<Option<String>>),
    /// Numbers in double precision.
    Numbers(Vec<Option<f64>>),
    /// Numbers in single precision, as networks give them.
    Shares(Vec<Option<f32>>),
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Numbers(cells) => cells.len(),
            Self::Shares(cells) => cells.len(),
        }
    }

    /// A cell as CSV has it: numbers by as few digits as tell them apart.
    fn text(&self, row: usize) -> String {
        match self {
            Self::Text(cells) => cells[row].clone(),
            Self::Numbers(cells) => cells[row].map(|number| number.to_string()),
            Self::Shares(cells) => cells[row].map(|number| number.to_string()),
        }
        .unwrap_or_default()
    }

    fn array(&self) -> ArrayRef {
        match self {
            Self::Text(cells) => Arc::new(StringArray::from_iter(cells.iter().map(Option::as_deref))),
            Self::Numbers(cells) => Arc::new(Float64Array::from_iter(cells.iter().copied())),
            Self::Shares(cells) => Arc::new(Float32Array::from_iter(cells.iter().copied())),
        }
    }
}

impl Sheet {
    /// Rows of every column.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
    }

    /// A cell as CSV has it: numbers by as few digits as tell them apart, an empty cell as no text.
    ///
    /// # Panics
    /// There is no such column or row.
    pub fn text(&self, column: usize, row: usize) -> String {
        self.columns[column].1.text(row)
    }

    /// Reads what [`Sheet::to_csv`] makes, or another program: every cell is text.
    ///
    /// # Errors
    /// [`DatasetError::TornTable`]: it is none, or a row is of another length; [`DatasetError::TableCell`]: a column is there twice.
    pub fn read_csv(path: &Path) -> Result<Self, DatasetError> {
        let torn = |source: csv::Error| DatasetError::TornTable { path: path.to_owned(), source: Box::new(source) };
        let bytes = std::fs::read(path).map_err(DatasetError::io(path))?;
        // A byte-order mark, as spreadsheets write it, is no part of the first column's name.
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        let mut reader = csv::Reader::from_reader(bytes);
        let names = reader.headers().map_err(torn)?.clone();
        let mut columns: Vec<Vec<Option<String>>> = names.iter().map(|_| vec![]).collect();
        for record in reader.records() {
            let record = record.map_err(torn)?;
            columns.iter_mut().zip(&record).for_each(|(cells, cell)| cells.push((!cell.is_empty()).then(|| cell.to_owned())));
        }
        let sheet = Self { columns: names.iter().map(str::to_owned).zip(columns.into_iter().map(Cells::Text)).collect() };
        sheet.check(path)
    }

    /// Reads what [`Sheet::write_parquet`] wrote.
    ///
    /// # Errors
    /// It cannot be read, or is another table.
    pub fn read_parquet(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, "sheet")?;
        let schema = table.batch.schema();
        let cells = |field: &FieldRef| -> Result<Cells, DatasetError> {
            let name = field.name();
            Ok(match field.data_type() {
                DataType::Float32 => Cells::Shares(table.column::<Float32Array>(name, &DataType::Float32, true)?.iter().collect()),
                DataType::Float64 => Cells::Numbers(table.column::<Float64Array>(name, &DataType::Float64, true)?.iter().collect()),
                _ => Cells::Text(table.optional_strings(name)?),
            })
        };
        let columns = schema.fields().iter().map(|field| Ok((field.name().clone(), cells(field)?)));
        Self { columns: columns.collect::<Result<_, DatasetError>>()? }.check(path)
    }

    fn check(self, path: &Path) -> Result<Self, DatasetError> {
        let mut names = BTreeSet::new();
        match self.columns.iter().find(|(name, _)| !names.insert(name)) {
            None => Ok(self),
            Some((name, _)) => Err(DatasetError::TableCell {
                path: path.to_owned(),
                line: 1,
                column: name.clone(),
                found: "the name twice".into(),
                expected: "once".into(),
            }),
        }
    }

    /// The sheet as CSV (RFC 4180, ends of lines as Unix has them), names first; an empty cell is empty.
    ///
    /// # Panics
    /// Columns are of several lengths.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let in_memory = "memory takes every record";
        let mut writer = csv::Writer::from_writer(vec![]);
        writer.write_record(self.columns.iter().map(|(name, _)| name)).expect(in_memory);
        for row in 0..self.rows() {
            writer.write_record(self.columns.iter().map(|(_, cells)| cells.text(row))).expect(in_memory);
        }
        writer.into_inner().expect(in_memory)
    }

    /// Writes the sheet as Parquet, whole or not at all.
    ///
    /// # Errors
    /// [`DatasetError::ParquetWrite`]: columns of several lengths; the disk refuses.
    pub fn write_parquet(&self, path: &Path) -> Result<(), DatasetError> {
        table::write(path, "sheet", vec![], self.columns.iter().map(|(name, cells)| (name.as_str(), cells.array(), true)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let text = |cells: [Option<&str>; 2]| Cells::Text(cells.map(|cell| cell.map(str::to_owned)).to_vec());
        Sheet {
            columns: vec![
                ("file".into(), text([Some("a, \"b\".wav"), Some("c.wav")])),
                ("share".into(), Cells::Shares(vec![Some(0.1), None])),
                ("start_s".into(), Cells::Numbers(vec![None, Some(14.96)])),
            ],
        }
    }

    #[test]
    fn csv_quotes_what_must_be_and_leaves_out_what_is_not_there() {
        let text = String::from_utf8(sheet().to_csv()).unwrap();
        assert_eq!(text, "file,share,start_s\n\"a, \"\"b\"\".wav\",0.1,\nc.wav,,14.96\n");
    }

    #[test]
    fn parquet_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sheet.parquet");
        sheet().write_parquet(&path).unwrap();
        assert_eq!(Sheet::read_parquet(&path).unwrap(), sheet());
    }

    #[test]
    fn csv_comes_back_as_text_and_what_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sheet.csv");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            Sheet::read_csv(&path)
        };
        let texts = |sheet: &Sheet| [0, 1].map(|row| [0, 1, 2].map(|column| sheet.text(column, row)));
        let found = read(&sheet().to_csv()).unwrap();
        assert_eq!((found.rows(), texts(&found)), (2, texts(&sheet())));
        // As a spreadsheet writes it.
        assert_eq!(read(b"\xef\xbb\xbffile,a\r\nx,1\r\n").unwrap().columns[0].0, "file");
        let refused = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert!(refused(b"file,a\nx\n").contains("found record with 1 fields"));
        assert!(refused(b"file,a\n\xff,1\n").contains("UTF-8"));
        assert!(refused(b"file,file\nx,1\n").contains("column 'file': found the name twice"));
        assert!(matches!(Sheet::read_csv(&folder.path().join("gone.csv")), Err(DatasetError::Io { .. })));
    }
}
