//! Where each clip's features lie in a part's file.
//!
//! Features are written plain and uncompressed, so that a page's values are its last bytes, in order: the page index
//! alone says where each clip's are, and a clip is read by one copy, without decoding Parquet's levels.

use std::path::Path;

use parquet::{
    basic::{Compression, Encoding},
    file::metadata::ParquetMetaData,
};

use crate::DatasetError;

/// The byte at which each row's features start.
pub(super) fn value_offsets(path: &Path, metadata: &ParquetMetaData, n_values: usize) -> Result<Vec<u64>, DatasetError> {
    let wrong = |found: String, expected: &str| DatasetError::WrongColumn {
        path: path.to_owned(),
        column: "features".into(),
        found,
        expected: expected.into(),
    };
    let n_columns = metadata.file_metadata().schema_descr().num_columns();
    let leaf = n_columns - 1;
    let mut offsets = Vec::new();
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let column = group.column(leaf);
        let n_rows = group.num_rows() as usize;
        let plain = |e| matches!(e, Encoding::PLAIN | Encoding::RLE);
        if column.compression() != Compression::UNCOMPRESSED || !column.encodings().all(plain) {
            let found = format!("{:?} values", column.compression());
            return Err(wrong(found, "plain values without compression"));
        }
        if column.num_values() as usize != n_rows * n_values {
            let found = format!("{} values in {n_rows} rows", column.num_values());
            return Err(wrong(found, &format!("{n_values} a row")));
        }
        let index = metadata.page_index_for_row_group(index);
        let pages = index.page_locations(leaf).ok_or_else(|| wrong("no page index".into(), "one"))?;
        let mut row = 0;
        for (page, location) in pages.iter().enumerate() {
            let next = pages.get(page + 1).map_or(n_rows, |next| next.first_row_index as usize);
            let n_page_rows = next.saturating_sub(row);
            let n_bytes = (n_page_rows * n_values * 4) as u64;
            let page_bytes = location.compressed_page_size as u64;
            if location.first_row_index as usize != row || n_page_rows == 0 || n_bytes > page_bytes {
                let found = format!("a page of {page_bytes} bytes for rows {row}..{next}");
                return Err(wrong(found, "pages of whole rows"));
            }
            let start = location.offset as u64 + page_bytes - n_bytes;
            offsets.extend((0..n_page_rows).map(|i| start + (i * n_values * 4) as u64));
            row = next;
        }
    }
    Ok(offsets)
}
