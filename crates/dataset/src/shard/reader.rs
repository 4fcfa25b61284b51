//! A part as Parquet reads it: in small pieces, of which few become requests.

use std::{
    io::{self, Read},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use parquet::{
    errors::ParquetError,
    file::reader::{ChunkReader, Length},
};
use segno_store::Object;

/// Bytes fetched at once. Footer and page index of a part lie in its last ones, the names of a row group in its first.
const WINDOW_BYTES: u64 = 64 << 10;

/// A part, and the piece of it that was fetched last.
#[derive(Clone)]
pub(super) struct PartReader(Arc<Inner>);

struct Inner {
    object: Object,
    len: u64,
    window: Mutex<(u64, Bytes)>,
}

impl PartReader {
    pub(super) fn new(object: Object, len: u64) -> Self {
        Self(Arc::new(Inner { object, len, window: Mutex::new((0, Bytes::new())) }))
    }

    /// The bytes `start..end`, which lie in the part.
    fn bytes(&self, start: u64, end: u64) -> Result<Bytes, ParquetError> {
        let mut window = self.0.window.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (first, bytes) = &*window;
        if start < *first || end > first + bytes.len() as u64 {
            let last = end.max(start + WINDOW_BYTES).min(self.0.len);
            let first = start.min(last.saturating_sub(WINDOW_BYTES));
            let mut fetched = vec![0; usize::try_from(last - first)?];
            self.0.object.read_at(first, &mut fetched).map_err(|error| ParquetError::External(error.into()))?;
            *window = (first, fetched.into());
        }
        let (first, bytes) = &*window;
        Ok(bytes.slice(usize::try_from(start - first)?..usize::try_from(end - first)?))
    }
}

impl Length for PartReader {
    fn len(&self) -> u64 {
        self.0.len
    }
}

impl ChunkReader for PartReader {
    type T = From;

    fn get_read(&self, start: u64) -> Result<From, ParquetError> {
        Ok(From { part: self.clone(), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        match start.checked_add(length as u64).filter(|end| *end <= self.0.len) {
            Some(end) => self.bytes(start, end),
            None => Err(ParquetError::EOF(format!("{length} bytes from {start} of {}", self.0.len))),
        }
    }
}

/// A part from a byte on.
pub(super) struct From {
    part: PartReader,
    at: u64,
}

impl Read for From {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let end = self.at.saturating_add(out.len() as u64).min(self.part.0.len);
        if end <= self.at {
            return Ok(0);
        }
        let bytes = self.part.bytes(self.at, end).map_err(io::Error::other)?;
        out[..bytes.len()].copy_from_slice(&bytes);
        self.at = end;
        Ok(bytes.len())
    }
}
