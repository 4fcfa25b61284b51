//! What the pages of a table claim, held against their bytes before the parquet crate believes it.
//!
//! The crate (60.1) makes a dictionary as long as its page's header says, and the decoders of differences reserve what they are told:
//! 16 GB for five bytes. Tables have plain values, and few of them in a dictionary; the features of shards are read by their
//! place, not here.

use bytes::{Buf, Bytes, buf::Reader};
use parquet::{
    arrow::ProjectionMask,
    basic::Encoding,
    errors::ParquetError,
    file::{
        metadata::ParquetMetaData,
        reader::{ChunkReader, Length},
    },
};

use crate::thrift::{Checked, I32, STRUCT, Walk};

/// Fields of a `PageHeader` in parquet.thrift.
const PAGE_TYPE: i16 = 1;
const STORED_BYTES: i16 = 3;
const DATA: i16 = 5;
const DICTIONARY: i16 = 7;
const DATA_V2: i16 = 8;
/// Values of its type.
const DATA_PAGE: i64 = 0;
const DICTIONARY_PAGE: i64 = 2;
/// Fields of the headers of both kinds of page.
const N_VALUES: i16 = 1;
const ENCODING: i16 = 2;

/// How values lie in a table's pages: as they are, or as numbers of a dictionary's.
const ENCODINGS: [Encoding; 4] = [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];

/// Bytes that a value of a list takes in memory, with its levels, at least.
const LIST_VALUE_BYTES: u64 = 8;

/// The columns of `mask`, which can be decoded in memory that their bytes account for; values of lists in `allowed` bytes, for a single
/// row may have all of them.
pub(crate) fn read<R: ChunkReader>(
    reader: &R,
    metadata: &ParquetMetaData,
    mask: &ProjectionMask,
    allowed: u64,
) -> Result<Chunks, ParquetError> {
    let mut chunks = Vec::new();
    let (mut n_in_lists, mut n_held) = (0_u64, 0_u64);
    for group in metadata.row_groups() {
        for (_, column) in group.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf)) {
            let fail = |what: &str| ParquetError::General(format!("column {}: {what}", column.column_path().string()));
            let (start, n_bytes) = column.byte_range();
            if start.checked_add(n_bytes).is_none_or(|end| end > reader.len()) {
                return Err(fail("it lies behind the end of the file"));
            }
            n_held = n_held.saturating_add(n_bytes);
            if n_held > reader.len() {
                return Err(fail("it lies where another does"));
            }
            let chunk = reader.get_bytes(start, usize::try_from(n_bytes)?)?;
            let mut walk = Walk { rest: &chunk };
            while !walk.rest.is_empty() {
                let n_values = page(&mut walk).map_err(fail)?;
                if column.column_descr().max_rep_level() > 0 {
                    n_in_lists = n_in_lists.saturating_add(n_values);
                }
            }
            if n_in_lists.saturating_mul(LIST_VALUE_BYTES) > allowed {
                return Err(fail(&format!("its lists take more than {allowed} bytes of memory")));
            }
            chunks.push((start, chunk));
        }
    }
    Ok(Chunks { chunks, len: reader.len() })
}

/// Columns as they were checked: what is decoded are the same bytes, and they are asked for once.
pub(crate) struct Chunks {
    chunks: Vec<(u64, Bytes)>,
    len: u64,
}

impl Chunks {
    /// The bytes of a column from `start` on.
    fn rest(&self, start: u64) -> Result<Bytes, ParquetError> {
        let of = |(first, chunk): &(u64, Bytes)| {
            let at = usize::try_from(start.checked_sub(*first)?).ok().filter(|at| *at < chunk.len())?;
            Some(chunk.slice(at..))
        };
        self.chunks.iter().find_map(of).ok_or_else(|| ParquetError::EOF(format!("byte {start} lies in no column")))
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Chunks {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Reader<Bytes>, ParquetError> {
        Ok(self.rest(start)?.reader())
    }

    fn get_bytes(&self, start: u64, n_bytes: usize) -> Result<Bytes, ParquetError> {
        if n_bytes == 0 {
            return Ok(Bytes::new());
        }
        let rest = self.rest(start)?;
        if n_bytes > rest.len() {
            return Err(ParquetError::EOF(format!("{n_bytes} bytes from {start} are in no column")));
        }
        Ok(rest.slice(..n_bytes))
    }
}

/// Goes past a page, and tells how many values of data it announces.
///
/// A field that is known has to be of its kind: the crate reads it as that, whatever kind the bytes give it.
fn page(walk: &mut Walk<'_>) -> Checked<u64> {
    let (mut page_type, mut n_bytes, mut n_data, mut n_dictionary) = (None, None, 0, None);
    let mut id = 0;
    while let Some(kind) = walk.field(&mut id)? {
        match (id, kind) {
            (PAGE_TYPE, I32) => page_type = Some(walk.zigzag()?),
            (STORED_BYTES, I32) => n_bytes = Some(walk.zigzag()?),
            (DATA, STRUCT) => n_data = values(walk, false)?,
            (DICTIONARY, STRUCT) => n_dictionary = Some(values(walk, true)?),
            // Their sizes, checksums.
            (2 | 4, I32) => drop(walk.zigzag()?),
            (PAGE_TYPE..=DATA_V2, _) => return Err("a page is of a kind that no table has"),
            _ => walk.field_value(kind, 0)?,
        }
    }
    if !matches!(page_type, Some(DATA_PAGE | DICTIONARY_PAGE)) {
        return Err("a page is of a kind that no table has");
    }
    let n_bytes = n_bytes.and_then(|n| u64::try_from(n).ok()).ok_or("a page has no size")?;
    // A value takes a byte at least: a number four or eight, a text four for its length.
    if n_dictionary.is_some_and(|n| n > n_bytes) {
        return Err("a dictionary announces more than it holds");
    }
    walk.take(n_bytes)?;
    Ok(n_data)
}

/// How many values a dictionary or a page of data announces.
fn values(walk: &mut Walk<'_>, is_dictionary: bool) -> Checked<u64> {
    let (mut n_values, mut encoding) = (None, None);
    let mut id = 0;
    while let Some(kind) = walk.field(&mut id)? {
        match (id, kind) {
            (N_VALUES, I32) => n_values = Some(walk.zigzag()?),
            (ENCODING, I32) => encoding = Some(walk.zigzag()?),
            // Whether a dictionary is sorted; how a page of data marks what is empty.
            (3, 1 | 2) if is_dictionary => {}
            (3 | 4, I32) if !is_dictionary => drop(walk.zigzag()?),
            (N_VALUES..=4, _) => return Err("a page has a header that no table has"),
            _ => walk.field_value(kind, 0)?,
        }
    }
    if !ENCODINGS.iter().any(|known| Some(*known as i64) == encoding) {
        return Err("a page is encoded as no table is");
    }
    n_values.and_then(|n| u64::try_from(n).ok()).ok_or("a page does not count its values")
}
