//! What a Parquet file's footer and index claim, held against their own size before the parquet crate believes it.
//!
//! The crate (60.1) reserves memory for as many columns, row groups and pages as are announced: a damaged byte asks for
//! gigabytes, which ends the process. Here every count is compared with the bytes there are for it, in one pass over Thrift's
//! compact protocol (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>).

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::{
    arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    errors::ParquetError,
    file::{metadata::PageIndexPolicy, reader::ChunkReader},
};

/// The length of the footer and the magic, at the very end.
const TAIL_BYTES: u64 = 8;
/// Structs within structs; Parquet has not ten.
const DEEPEST: u32 = 32;
/// Where a schema element says how many children it has (`SchemaElement.num_children` in parquet.thrift).
const N_CHILDREN: i64 = 5;

/// Reads what a file says of itself, with the index of its pages' places if `with_places`.
pub(crate) fn load<R: ChunkReader>(reader: &R, with_places: bool) -> Result<ArrowReaderMetadata, ParquetError> {
    let decode = || {
        check(&footer(reader)?)?;
        let plain = ArrowReaderMetadata::load(reader, ArrowReaderOptions::new())?;
        if !with_places {
            return Ok(plain);
        }
        for column in plain.metadata().row_groups().iter().flat_map(|group| group.columns()) {
            if let (Some(start), Some(length)) = (column.offset_index_offset(), column.offset_index_length()) {
                check(&reader.get_bytes(u64::try_from(start)?, usize::try_from(length)?)?)?;
            }
        }
        ArrowReaderMetadata::load(reader, ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional))
    };
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(ParquetError::General("damaged footer".into())))
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

/// Whether every count within a Thrift struct is one that its bytes can hold.
fn check(bytes: &[u8]) -> Result<(), ParquetError> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut walk = Walk { rest: bytes };
    walk.structure(0).map_err(|what| ParquetError::General(format!("damaged footer: {what}")))
}

struct Walk<'a> {
    rest: &'a [u8],
}

type Checked<T = ()> = Result<T, &'static str>;

impl<'a> Walk<'a> {
    fn take(&mut self, n_bytes: u64) -> Checked<&'a [u8]> {
        let n_bytes = usize::try_from(n_bytes).ok().filter(|n| *n <= self.rest.len()).ok_or("it ends too early")?;
        let (taken, rest) = self.rest.split_at(n_bytes);
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Checked<u8> {
        Ok(self.take(1)?[0])
    }

    fn varint(&mut self) -> Checked<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err("a number is longer than 64 bits")
    }

    fn zigzag(&mut self) -> Checked<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A count of things of which each takes a byte at least.
    fn count(&mut self, n: u64) -> Checked<u64> {
        if n <= self.rest.len() as u64 { Ok(n) } else { Err("it announces more than it holds") }
    }

    fn structure(&mut self, depth: u32) -> Checked {
        if depth > DEEPEST {
            return Err("it is nested too deeply");
        }
        let mut field = 0_i64;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Ok(());
            }
            field = match header >> 4 {
                0 => self.zigzag()?,
                step => field.saturating_add(i64::from(step)),
            };
            match header & 0x0f {
                // A truth value as a field lies in the header.
                1 | 2 => {}
                // Only a schema element is a struct in a list of the outermost, with a number there.
                5 if depth == 2 && field == N_CHILDREN => {
                    let n = self.zigzag()?;
                    self.count(u64::try_from(n).map_err(|_| "a count is below 0")?)?;
                }
                kind => self.value(kind, depth)?,
            }
        }
    }

    fn value(&mut self, kind: u8, depth: u32) -> Checked {
        match kind {
            1..=3 => self.byte().map(drop),
            4..=6 => self.varint().map(drop),
            7 => self.take(8).map(drop),
            8 => {
                let n_bytes = self.varint()?;
                self.take(n_bytes).map(drop)
            }
            9 | 10 => {
                let header = self.byte()?;
                let n = match header >> 4 {
                    15 => self.varint()?,
                    n => u64::from(n),
                };
                (0..self.count(n)?).try_for_each(|_| self.value(header & 0x0f, depth + 1))
            }
            11 => {
                let n = self.varint()?;
                if n == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                (0..self.count(n)?).try_for_each(|_| {
                    self.value(kinds >> 4, depth + 1)?;
                    self.value(kinds & 0x0f, depth + 1)
                })
            }
            12 => self.structure(depth + 1),
            13 => self.take(16).map(drop),
            _ => Err("it holds a kind of value that there is not"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        check(bytes).map_or_else(|error| error.to_string(), |()| "sound".to_owned())
    }

    #[test]
    fn counts_that_their_bytes_cannot_hold_are_refused() {
        // Field 1: the number 1; field 2: a list of two truth values; stop.
        assert_eq!(told(&[0x15, 2, 0x19, 0x21, 1, 2, 0]), "sound");
        assert!(told(&[0x15, 2, 0x19, 0xf1, 0xff, 0xff, 0x7f, 1, 2, 0]).contains("announces more than it holds"));
        // A list of one struct whose field 5 is a number: children of a schema element.
        let schema = |n: &[u8]| [&[0x29, 0x1c, 0x55][..], n, &[0, 0]].concat();
        assert_eq!(told(&schema(&[4])), "sound");
        assert!(told(&schema(&[0xfe, 0xff, 0xff, 0xff, 0x0f])).contains("announces more than it holds"));
        assert!(told(&schema(&[1])).contains("below 0"));
        assert!(told(&[0x18, 100, 1]).contains("ends too early"));
        assert!(told(&[0x1c; 100]).contains("nested too deeply"));
        assert!(told(&[0x1e, 0]).contains("a kind of value"));
    }
}
