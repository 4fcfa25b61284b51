//! The index of a TensorFlow checkpoint: a table of LevelDB, of which only what such an index uses is read.
//!
//! # References
//! LevelDB's `doc/table_format.md`; TensorFlow's `tensor_bundle.proto`.

use super::CheckpointError;

const MAGIC: u64 = 0xdb47_7524_8b80_fb57;
const FOOTER_BYTES: usize = 48;
/// After a block: how it is compressed, and its checksum.
const TRAILER_BYTES: usize = 5;

/// What keys and values may take in memory: a few bytes can stand for a long key again and again. MusiCNN's take some ten thousand.
const MOST_BYTES: usize = 16 << 20;
/// Of a pair itself.
const PAIR_BYTES: usize = size_of::<Pair>();

/// A key and its value.
type Pair = (Vec<u8>, Vec<u8>);

/// Bytes that are read from the front.
pub(super) struct Bytes<'a>(pub &'a [u8]);

fn damaged(what: &str) -> CheckpointError {
    CheckpointError::Damaged { part: "index", reason: what.to_owned() }
}

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8], CheckpointError> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or_else(|| damaged("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn varint(&mut self) -> Result<u64, CheckpointError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(damaged("a number is longer than 64 bits"))
    }

    pub(super) fn size(&mut self) -> Result<usize, CheckpointError> {
        usize::try_from(self.varint()?).map_err(|_| damaged("a size is too large"))
    }
}

/// CRC-32C as LevelDB and TensorFlow store it: turned and shifted, so that checksums of checksums are no trouble.
pub(super) fn masked_crc(parts: &[&[u8]]) -> u32 {
    let crc = parts.iter().fold(0, |crc, part| crc32c::crc32c_append(crc, part));
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

/// Whether these bytes have that checksum. A fuzzer that had to find checksums would find nothing else.
pub(super) fn adds_up(parts: &[&[u8]], crc: u32) -> bool {
    cfg!(fuzzing) || masked_crc(parts) == crc
}

/// Every key and value of a table, in order.
pub(super) fn entries(file: &[u8]) -> Result<Vec<Pair>, CheckpointError> {
    let Some((body, footer)) = file.split_last_chunk::<FOOTER_BYTES>() else {
        return Err(damaged("it is shorter than its footer"));
    };
    if footer[FOOTER_BYTES - 8..] != MAGIC.to_le_bytes() {
        return Err(damaged("it does not end as a table does"));
    }
    let mut handles = Bytes(footer);
    let _of_statistics = (handles.varint()?, handles.varint()?);
    let index = block(body, &mut handles)?;
    let (mut all, mut left) = (vec![], MOST_BYTES);
    for (_, handle) in pairs(index, &mut left)? {
        all.extend(pairs(block(body, &mut Bytes(&handle))?, &mut left)?);
    }
    Ok(all)
}

/// The block that a handle, offset and length, points at.
fn block<'a>(body: &'a [u8], handle: &mut Bytes<'_>) -> Result<&'a [u8], CheckpointError> {
    let (offset, length) = (handle.size()?, handle.size()?);
    let rest = body.get(offset..).unwrap_or_default();
    let mut bytes = Bytes(rest);
    let block = bytes.take(length)?;
    let trailer = bytes.take(TRAILER_BYTES)?;
    if trailer[0] != 0 {
        return Err(damaged("a block is compressed, which TensorFlow never does"));
    }
    let crc = u32::from_le_bytes(trailer[1..].try_into().expect("four bytes"));
    if !adds_up(&[block, &trailer[..1]], crc) {
        return Err(damaged("a block's checksum is not that of its bytes"));
    }
    Ok(block)
}

/// Keys and values of a block; each key leaves out what it shares with the one before. They are taken off the bytes `left`.
fn pairs(block: &[u8], left: &mut usize) -> Result<Vec<Pair>, CheckpointError> {
    let (rest, restarts) = block.split_last_chunk::<4>().ok_or_else(|| damaged("a block is too short"))?;
    let restarts = u32::from_le_bytes(*restarts) as usize;
    let length = restarts.checked_mul(4).and_then(|bytes| rest.len().checked_sub(bytes)).ok_or_else(|| damaged("a block is too short"))?;
    let mut bytes = Bytes(&rest[..length]);
    let (mut pairs, mut key) = (vec![], vec![]);
    while !bytes.0.is_empty() {
        let (shared, own, value) = (bytes.size()?, bytes.size()?, bytes.size()?);
        if shared > key.len() {
            return Err(damaged("a key shares more than there is"));
        }
        key.truncate(shared);
        key.extend_from_slice(bytes.take(own)?);
        let value = bytes.take(value)?;
        *left =
            left.checked_sub(PAIR_BYTES + key.len() + value.len()).ok_or_else(|| damaged("its keys take more memory than any index"))?;
        pairs.push((key.clone(), value.to_vec()));
    }
    Ok(pairs)
}
