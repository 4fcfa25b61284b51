//! What a Parquet file's footer and index claim, held against their own size before the parquet crate believes it.
//!
//! The crate (60.1) reserves memory for as many columns, row groups and pages as are announced: a damaged byte asks for
//! gigabytes, which ends the process. Here every count is compared with the bytes there are for it, in one pass.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::{
    arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    errors::ParquetError,
    file::{metadata::PageIndexPolicy, reader::ChunkReader},
};

use crate::thrift::{BYTE, Checked, I32, LIST, STRUCT, TEXT, Walk};

/// The length of the footer and the magic, at the very end.
const TAIL_BYTES: u64 = 8;
/// Fields of the footer (`FileMetaData` in parquet.thrift), and of its schema's elements.
const VERSION: i16 = 1;
const SCHEMA: i16 = 2;
/// Fields of a `SchemaElement`, and the integers among its logical types.
const NAME: i16 = 4;
const N_CHILDREN: i16 = 5;
const LOGICAL_TYPE: i16 = 10;
const INTEGER: i16 = 10;

/// Reads what a file says of itself, with the index of its pages' places if `with_places`.
pub(crate) fn load<R: ChunkReader>(reader: &R, with_places: bool) -> Result<ArrowReaderMetadata, ParquetError> {
    let decode = || {
        let bytes = footer(reader)?;
        if !bytes.is_empty() {
            check(Walk { rest: &bytes }).map_err(damaged)?;
        }
        let plain = ArrowReaderMetadata::load(reader, ArrowReaderOptions::new())?;
        if !with_places {
            return Ok(plain);
        }
        for column in plain.metadata().row_groups().iter().flat_map(|group| group.columns()) {
            if let (Some(start), Some(length)) = (column.offset_index_offset(), column.offset_index_length()) {
                let bytes = reader.get_bytes(u64::try_from(start)?, usize::try_from(length)?)?;
                Walk { rest: &bytes }.structure(0).map_err(damaged)?;
            }
        }
        ArrowReaderMetadata::load(reader, ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional))
    };
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(ParquetError::General("damaged footer".into())))
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(format!("damaged footer: {what}"))
}

/// The footer's bytes; what is no Parquet file is left to the parquet crate to say.
fn footer<R: ChunkReader>(reader: &R) -> Result<Vec<u8>, ParquetError> {
    let Some(end) = reader.len().checked_sub(TAIL_BYTES) else { return Ok(vec![]) };
    let tail = reader.get_bytes(end, TAIL_BYTES as usize)?;
    let length = u64::from(u32::from_le_bytes(tail[..4].try_into().expect("four bytes")));
    match end.checked_sub(length) {
        Some(start) if tail[4..] == *b"PAR1" => Ok(reader.get_bytes(start, usize::try_from(length)?)?.to_vec()),
        _ => Ok(vec![]),
    }
}

/// Whether every count within a footer is one that its bytes can hold.
///
/// The crate itself holds lists against their bytes, and nothing against them the number of a schema element's children. It reads a
/// field that it knows as what it should be, whatever kind the bytes give it: so all up to the end of the schema has to be of the
/// kind that it is read as, for both to see the same.
fn check(mut walk: Walk<'_>) -> Checked {
    let (mut last, mut id) = (0, 0);
    while let Some(kind) = walk.field(&mut id)? {
        match (id, kind) {
            _ if id <= last => return Err("its fields are in no order"),
            (SCHEMA, LIST) => {
                let (n, kind) = walk.list()?;
                if kind != STRUCT {
                    return Err("its schema is no list of columns");
                }
                (0..n).try_for_each(|_| schema_element(&mut walk))?;
            }
            (VERSION, I32) => walk.zigzag().map(drop)?,
            (VERSION | SCHEMA, _) => return Err("its version or its schema is of another kind"),
            _ => walk.field_value(kind, 0)?,
        }
        last = id;
    }
    Ok(())
}

/// `SchemaElement` in parquet.thrift: a column, or a group of the next few.
fn schema_element(walk: &mut Walk<'_>) -> Checked {
    let mut id = 0;
    while let Some(kind) = walk.field(&mut id)? {
        match (id, kind) {
            (N_CHILDREN, I32) => {
                let n = walk.zigzag()?;
                walk.count(u64::try_from(n).map_err(|_| "a count is below 0")?)?;
            }
            (LOGICAL_TYPE, STRUCT) => logical_type(walk)?,
            (NAME, TEXT) | (1..=9, I32) if (id == NAME) == (kind == TEXT) => walk.field_value(kind, 0)?,
            (1..=LOGICAL_TYPE, _) => return Err("a column's field is of another kind"),
            _ => walk.field_value(kind, 0)?,
        }
    }
    Ok(())
}

/// What a column's values mean: text and the like are empty structs, an integer has bits and a sign. No table has others with fields.
fn logical_type(walk: &mut Walk<'_>) -> Checked {
    let mut id = 0;
    while let Some(kind) = walk.field(&mut id)? {
        if kind != STRUCT {
            return Err("a column's type is of another kind");
        }
        let (meaning, mut id) = (id, 0);
        while let Some(kind) = walk.field(&mut id)? {
            match (meaning, id, kind) {
                (INTEGER, 1, BYTE) | (INTEGER, 2, 1 | 2) => walk.field_value(kind, 0)?,
                _ => return Err("a column has a type that no table has"),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        check(Walk { rest: bytes }).map_or_else(str::to_owned, |()| "sound".to_owned())
    }

    #[test]
    fn counts_that_their_bytes_cannot_hold_are_refused() {
        // Field 1: the number 1; field 5: a list of two numbers; stop.
        assert_eq!(told(&[0x15, 2, 0x49, 0x25, 1, 2, 0]), "sound");
        assert!(told(&[0x15, 2, 0x49, 0xf5, 0xff, 0xff, 0x7f, 1, 2, 0]).contains("announces more than it holds"));
        assert!(told(&[0x78, 100, 1]).contains("ends too early"));
        assert!(told(&[0x7c; 100]).contains("nested too deeply"));
        assert!(told(&[&[0x79][..], &[0x19; 100_000]].concat()).contains("nested too deeply"));
        assert!(told(&[0x7e, 0]).contains("a kind of value"));
        assert!(told(&[0x79, 0x21, 1, 2, 0]).contains("truth values"));
    }

    #[test]
    fn a_schema_is_what_the_parquet_crate_reads() {
        // Field 2, a list of one struct, and the fields of that.
        let schema = |element: &[u8]| told(&[&[0x29, 0x1c][..], element, &[0, 0]].concat());
        assert_eq!(schema(&[0x55, 4]), "sound");
        assert!(schema(&[0x55, 0xfe, 0xff, 0xff, 0xff, 0x0f]).contains("announces more than it holds"));
        assert!(schema(&[0x55, 1]).contains("below 0"));
        // The same field as a number of 16 or 64 bits, and under a number that becomes 5 when it is cut to 16 bits.
        assert!(schema(&[0x54, 4]).contains("another kind") && schema(&[0x56, 4]).contains("another kind"));
        assert!(schema(&[0x05, 0x8a, 0x80, 0x08, 4]).contains("no such number"));
        assert!(schema(&[0x45, 4]).contains("another kind") && schema(&[0x48, 1, b'a']) == "sound");
        // Text; an integer of 8 bits with a sign; a decimal.
        assert_eq!(schema(&[0xac, 0x1c, 0, 0]), "sound");
        assert_eq!(schema(&[0xac, 0xac, 0x13, 8, 0x11, 0, 0]), "sound");
        assert!(schema(&[0xac, 0x5c, 0x15, 8, 0x15, 8, 0, 0]).contains("no table has"));
        assert!(told(&[0x29, 0x15, 2, 0]).contains("no list of columns") && told(&[0x28, 1, 0, 0]).contains("another kind"));
        assert!(told(&[0x35, 2, 0x15, 2, 0]) == "sound" && told(&[0x35, 2, 0x05, 2, 2, 0]).contains("no order"));
    }
}
