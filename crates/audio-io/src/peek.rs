//! A second look at a header that a demuxer refused, to name the commonest lie: a count of zero.

use std::fs::File;
use std::io::Read;
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
