//! A second look at a file that a demuxer refused, to name the commonest faults: a count of zero,
//! an MP4 or an AIFF cut short.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::AudioError;
use crate::options::MAX_SAMPLE_RATE_HZ;

/// The headers in question lie within this many bytes of the start of any sane file.
const LOOK_AT_BYTES: u64 = 64 * 1024;

/// The error for a WAV or AIFF header that says zero channels or a zero rate, else nothing.
pub(crate) fn zero_count(path: &Path) -> Option<AudioError> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LOOK_AT_BYTES).read_to_end(&mut bytes).ok()?;
    let little = match bytes.get(..4)? {
        b"RIFF" => true,
        b"FORM" => false,
        _ => return None,
    };
    let word = |at: usize| -> Option<u32> {
        let raw: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(raw) } else { u32::from_be_bytes(raw) })
    };
    let mut at = 12;
    loop {
        let tag = bytes.get(at..at + 4)?;
        let body = at + 8;
        if matches!(tag, b"fmt " | b"COMM") {
            // WAV: format tag, channels, then the rate. AIFF: channels, frames, bits, then the
            // rate as an 80-bit float, which is zero when its ten bytes are.
            let channels_at = if little { body + 2 } else { body };
            let channels = bytes.get(channels_at..channels_at + 2)?;
            if channels == [0, 0] {
                return Some(AudioError::ZeroChannels { path: path.to_owned() });
            }
            let rate_at = if little { body + 4..body + 8 } else { body + 8..body + 18 };
            let is_zero = bytes.get(rate_at)?.iter().all(|&byte| byte == 0);
            return is_zero.then(|| AudioError::BadSampleRate { path: path.to_owned(), found_hz: 0, max_hz: MAX_SAMPLE_RATE_HZ });
        }
        let size = word(at + 4)? as usize;
        at = body.checked_add(size)?.checked_add(size & 1)?;
    }
}

/// Whether an MP4's outermost boxes run past the end of the file.
pub(crate) fn is_cut_mp4(path: &Path) -> bool {
    let walk = || -> std::io::Result<bool> {
        let mut file = File::open(path)?;
        let end = file.seek(SeekFrom::End(0))?;
        let mut at = 0u64;
        let mut is_mp4 = false;
        while at.saturating_add(8) <= end {
            file.seek(SeekFrom::Start(at))?;
            let mut head = [0; 16];
            file.read_exact(&mut head[..8])?;
            is_mp4 |= &head[4..8] == b"ftyp";
            let size = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
                0 => return Ok(false), // "to the end of the file"
                1 => {
                    file.read_exact(&mut head[8..])?;
                    u64::from_be_bytes(head[8..].try_into().unwrap_or_default())
                }
                size => u64::from(size),
            };
            if !is_mp4 || size < 8 {
                return Ok(false);
            }
            at = at.saturating_add(size);
        }
        Ok(is_mp4 && at > end)
    };
    walk().unwrap_or(false)
}

/// Of an AIFF whose samples run past the end of the file: the frames promised and those there.
pub(crate) fn cut_aiff(path: &Path) -> Option<(u64, u64)> {
    let mut file = File::open(path).ok()?;
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut read = |at: u64| -> Option<[u8; 8]> {
        let mut bytes = [0; 8];
        file.seek(SeekFrom::Start(at)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    };
    let word = |bytes: &[u8]| bytes.iter().fold(0u64, |word, &byte| word << 8 | u64::from(byte));
    if &read(0)?[..4] != b"FORM" {
        return None;
    }
    let (mut at, mut counts) = (12, None);
    loop {
        let head = read(at)?;
        let (body, size) = (at + 8, word(&head[4..]));
        match &head[..4] {
            // Channels, frames, bits.
            b"COMM" => {
                let common = read(body)?;
                let frame_bytes = word(&common[..2]) * word(&common[6..]).div_ceil(8);
                counts = Some((word(&common[2..6]), frame_bytes));
            }
            // An offset and a block size, then the samples.
            b"SSND" if body + size > end => {
                let (frames, frame_bytes) = counts.filter(|&(_, bytes)| bytes > 0)?;
                let start = body + 8 + word(&read(body)?[..4]);
                let found = end.saturating_sub(start) / frame_bytes;
                return (found < frames).then_some((frames, found));
            }
            _ => {}
        }
        at = body + size + (size & 1);
    }
}
