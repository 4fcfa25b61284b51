//! A TensorFlow checkpoint, index and data, as named tensors.

use std::collections::BTreeMap;

use super::table::{Bytes, adds_up, entries};
use crate::NamedTensor;

/// Why a checkpoint could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The bytes are not what a checkpoint has.
    #[error("the checkpoint's {part} is damaged: {reason}; take the file anew")]
    Damaged {
        /// `index` or `data`.
        part: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// It is a sound checkpoint, of something else.
    #[error("the checkpoint is not of this network: {tensor}: found {found}, expected {expected}")]
    Foreign {
        /// The tensor's name.
        tensor: String,
        /// Its shape, or `none`.
        found: String,
        /// The shape that the network has.
        expected: String,
    },
}

/// Where a tensor lies in the data, and what its bytes add up to.
#[derive(Debug)]
struct Entry {
    dtype: u64,
    shape: Vec<usize>,
    shard: u64,
    offset: usize,
    size: usize,
    crc: u32,
}

/// A checkpoint of one data file, opened.
#[derive(Debug)]
pub struct Checkpoint<'a> {
    entries: BTreeMap<String, Entry>,
    data: &'a [u8],
}

/// `DT_FLOAT` of TensorFlow's `types.proto`.
const FLOAT: u64 = 1;

impl<'a> Checkpoint<'a> {
    /// Reads the index; the data is looked at tensor by tensor.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`].
    pub fn open(index: &[u8], data: &'a [u8]) -> Result<Self, CheckpointError> {
        let mut tensors = BTreeMap::new();
        for (key, value) in entries(index)? {
            // The empty key is about the whole.
            if let Some(name) = String::from_utf8(key).ok().filter(|name| !name.is_empty()) {
                tensors.insert(name, Entry::read(&value)?);
            }
        }
        Ok(Self { entries: tensors, data })
    }

    /// A tensor of 32-bit floats, if it is there with this shape and its checksum holds.
    ///
    /// # Errors
    /// [`CheckpointError::Foreign`] where it is not there or has another shape, [`CheckpointError::Damaged`].
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<NamedTensor, CheckpointError> {
        let foreign = |found: String| CheckpointError::Foreign { tensor: name.to_owned(), found, expected: format!("{shape:?}") };
        let damaged = |reason: &str| CheckpointError::Damaged { part: "data", reason: format!("{name}: {reason}") };
        let entry = self.entries.get(name).ok_or_else(|| foreign("none".into()))?;
        if entry.shape != shape || entry.dtype != FLOAT || entry.shard != 0 {
            return Err(foreign(format!("{:?} of type {} in file {}", entry.shape, entry.dtype, entry.shard)));
        }
        let end = entry.offset.checked_add(entry.size).filter(|end| *end <= self.data.len());
        let bytes = &self.data[entry.offset..end.ok_or_else(|| damaged("it lies beyond the end"))?];
        if bytes.len() != 4 * shape.iter().product::<usize>() {
            return Err(damaged("it has another length than its shape"));
        }
        if !adds_up(&[bytes], entry.crc) {
            return Err(damaged("its checksum is not that of its bytes"));
        }
        let (values, _) = bytes.as_chunks::<4>();
        let values: Vec<f32> = values.iter().map(|value| f32::from_le_bytes(*value)).collect();
        if !values.iter().all(|value| value.is_finite()) {
            return Err(damaged("it holds what is no number"));
        }
        Ok(NamedTensor { name: name.to_owned(), shape: shape.to_vec(), values })
    }
}

impl Entry {
    /// Reads a `BundleEntryProto`.
    fn read(value: &[u8]) -> Result<Self, CheckpointError> {
        let mut this = Self { dtype: 0, shape: vec![], shard: 0, offset: 0, size: 0, crc: 0 };
        fields(value, |field, value| {
            match (field, value) {
                (1, Field::Number(dtype)) => this.dtype = dtype,
                (2, Field::Bytes(shape)) => fields(shape, |field, value| match (field, value) {
                    (2, Field::Bytes(dimension)) => {
                        let mut size = 0;
                        fields(dimension, |field, value| {
                            if let (1, Field::Number(n)) = (field, value) {
                                size = n;
                            }
                            Ok(())
                        })?;
                        this.shape.push(usize::try_from(size).unwrap_or(usize::MAX));
                        Ok(())
                    }
                    _ => Ok(()),
                })?,
                (3, Field::Number(shard)) => this.shard = shard,
                (4, Field::Number(offset)) => this.offset = usize::try_from(offset).unwrap_or(usize::MAX),
                (5, Field::Number(size)) => this.size = usize::try_from(size).unwrap_or(usize::MAX),
                (6, Field::Fixed(crc)) => this.crc = crc,
                _ => {}
            }
            Ok(())
        })?;
        Ok(this)
    }
}

enum Field<'a> {
    Number(u64),
    Fixed(u32),
    Bytes(&'a [u8]),
}

/// Hands out each field of a protocol buffer.
fn fields<'a>(message: &'a [u8], mut each: impl FnMut(u64, Field<'a>) -> Result<(), CheckpointError>) -> Result<(), CheckpointError> {
    let mut bytes = Bytes(message);
    while !bytes.0.is_empty() {
        let tag = bytes.varint()?;
        let value = match tag & 7 {
            0 => Field::Number(bytes.varint()?),
            2 => {
                let length = bytes.size()?;
                Field::Bytes(bytes.take(length)?)
            }
            5 => Field::Fixed(u32::from_le_bytes(bytes.take(4)?.try_into().expect("four bytes"))),
            kind => return Err(CheckpointError::Damaged { part: "index", reason: format!("a field of kind {kind}") }),
        };
        each(tag >> 3, value)?;
    }
    Ok(())
}
