//! A flat sheet of named columns, for people's own programs: CSV or Parquet.

use std::{path::Path, sync::Arc};

use arrow::array::{ArrayRef, Float32Array, Float64Array, StringArray};

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
    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
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
        let table = table::read(&path, "sheet").unwrap();
        assert_eq!(table.optional_strings("file").unwrap()[0].as_deref(), Some("a, \"b\".wav"));
        assert_eq!(table.batch.column(1).as_ref(), sheet().columns[1].1.array().as_ref());
        assert_eq!(table.batch.column(2).as_ref(), sheet().columns[2].1.array().as_ref());
    }
}
