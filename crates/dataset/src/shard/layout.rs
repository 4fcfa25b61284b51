//! Where each clip's features lie in a part's file.
//!
//! Features are written plain and uncompressed, so that a page's values are its last bytes, in order: the page index
//! alone says where each clip's are, and a clip is read by one copy, without decoding Parquet's levels.

use std::{ops::Range, path::Path};

use parquet::{
    basic::{Compression, Encoding},
    file::{metadata::ParquetMetaData, page_index::offset_index::PageLocation},
};

use super::ShardHeader;
use crate::DatasetError;

/// The byte at which each row's features start. Every number of the footer is held against the others and the file's length:
/// a damaged one gives an error, not an address, and no more rows than there are bytes for.
pub(super) fn value_offsets(
    path: &Path,
    metadata: &ParquetMetaData,
    header: &ShardHeader,
    file_bytes: u64,
) -> Result<Vec<u64>, DatasetError> {
    let wrong = |found: String, expected: &str| DatasetError::WrongColumn {
        path: path.to_owned(),
        column: "features".into(),
        found,
        expected: expected.into(),
    };
    let n_values = header.n_values();
    let Some(clip_bytes) = n_values.checked_mul(header.precision.bytes()).filter(|bytes| *bytes > 0) else {
        return Err(wrong(format!("{n_values} values a row"), "some, and fewer than memory has bytes"));
    };
    let Some(leaf) = metadata.file_metadata().schema_descr().num_columns().checked_sub(1) else {
        return Err(wrong("no such column".into(), "one"));
    };
    let mut offsets = Vec::new();
    let mut free = 0..file_bytes;
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let column = group.column(leaf);
        let plain = |encoding| matches!(encoding, Encoding::PLAIN | Encoding::RLE);
        if column.compression() != Compression::UNCOMPRESSED || !column.encodings().all(plain) {
            let found = format!("{:?} values", column.compression());
            return Err(wrong(found, "plain values without compression"));
        }
        let expected = usize::try_from(group.num_rows()).ok().and_then(|rows| Some((rows, rows.checked_mul(n_values)?)));
        let Some((n_rows, _)) = expected.filter(|(_, values)| usize::try_from(column.num_values()) == Ok(*values)) else {
            let found = format!("{} values in {} rows", column.num_values(), group.num_rows());
            return Err(wrong(found, &format!("{n_values} a row")));
        };
        let index = metadata.page_index_for_row_group(index);
        let pages = index.page_locations(leaf).ok_or_else(|| wrong("no page index".into(), "one"))?;
        let mut row = 0;
        for (page, location) in pages.iter().enumerate() {
            let next = pages.get(page + 1).map_or(Ok(n_rows), |next| usize::try_from(next.first_row_index)).unwrap_or(0);
            let start = (usize::try_from(location.first_row_index) == Ok(row))
                .then(|| first_value(location, next.checked_sub(row)?, clip_bytes, &mut free))
                .flatten();
            let Some(start) = start else {
                let found = format!("a page of {} bytes for rows {row}..{next}", location.compressed_page_size);
                return Err(wrong(found, "pages of whole rows"));
            };
            offsets.extend((0..next - row).map(|row| start + (row * clip_bytes) as u64));
            row = next;
        }
        if row != n_rows {
            return Err(wrong(format!("pages for {row} rows"), &format!("for {n_rows}")));
        }
    }
    Ok(offsets)
}

/// The byte at which the values of a page of `n_rows` rows start, if they fit in it and the page in what is `free` of the file,
/// which then begins behind it.
fn first_value(location: &PageLocation, n_rows: usize, clip_bytes: usize, free: &mut Range<u64>) -> Option<u64> {
    let n_bytes = u64::try_from(n_rows.checked_mul(clip_bytes)?).ok()?;
    let page_bytes = u64::try_from(location.compressed_page_size).ok()?;
    let before = page_bytes.checked_sub(n_bytes).filter(|_| n_rows > 0)?;
    let offset = u64::try_from(location.offset).ok().filter(|offset| free.contains(offset))?;
    free.start = offset.checked_add(page_bytes).filter(|end| *end <= free.end)?;
    Some(offset + before)
}
