//! The header of a Sun/NeXT `.au` file.
//!
//! # References
//! `audio(5)` and `<audio/au.h>` of SunOS: six big-endian words (magic, offset of the data, size of
//! the data, encoding, rate, channels), then an annotation of any length up to the offset.

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known as codec;
use symphonia::core::errors::{Result, decode_error, unsupported_error};
use symphonia::core::io::ReadBytes;

pub(super) const MAGIC: [u8; 4] = *b".snd";
/// "Until the end of the file": what a writer leaves that could not seek back.
const UNKNOWN_SIZE: u32 = u32::MAX;
const FIXED_BYTES: u32 = 24;
/// No recording has more; a header that says so lies, and would make the decoder allocate.
const MAX_CHANNELS: u32 = 256;

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AuHeader {
    /// First byte of the samples, from the start of the header.
    pub(super) data_offset: u32,
    /// Bytes of samples; `None` is "until the end of the file".
    pub(super) data_bytes: Option<u32>,
    pub(super) codec: AudioCodecId,
    pub(super) bytes_per_sample: u32,
    pub(super) sample_rate_hz: u32,
    pub(super) channels: u16,
}

impl AuHeader {
    /// Reads the six words. Zero rates and channels pass: the caller names them in an error of its own.
    pub(super) fn read(reader: &mut impl ReadBytes) -> Result<Self> {
        if reader.read_quad_bytes()? != MAGIC {
            return unsupported_error("au: no .snd at the start");
        }
        let data_offset = reader.read_be_u32()?;
        let size = reader.read_be_u32()?;
        let encoding = reader.read_be_u32()?;
        let sample_rate_hz = reader.read_be_u32()?;
        let channels = reader.read_be_u32()?;
        if data_offset < FIXED_BYTES {
            return decode_error("au: the samples would begin inside the header");
        }
        if channels > MAX_CHANNELS {
            return decode_error("au: the header says more than 256 channels");
        }
        let (codec, bytes_per_sample) = match encoding {
            1 => (codec::CODEC_ID_PCM_MULAW, 1),
            2 => (codec::CODEC_ID_PCM_S8, 1),
            3 => (codec::CODEC_ID_PCM_S16BE, 2),
            4 => (codec::CODEC_ID_PCM_S24BE, 3),
            5 => (codec::CODEC_ID_PCM_S32BE, 4),
            6 => (codec::CODEC_ID_PCM_F32BE, 4),
            7 => (codec::CODEC_ID_PCM_F64BE, 8),
            27 => (codec::CODEC_ID_PCM_ALAW, 1),
            _ => return unsupported_error("au: encoding other than 1 to 7 and 27"),
        };
        Ok(AuHeader {
            data_offset,
            data_bytes: Some(size).filter(|&size| size != UNKNOWN_SIZE),
            codec,
            bytes_per_sample,
            sample_rate_hz,
            channels: channels as u16,
        })
    }

    /// Bytes of one frame (one sample of every channel); at least 1, so that it can divide.
    pub(super) fn frame_bytes(&self) -> u64 {
        (u64::from(self.bytes_per_sample) * u64::from(self.channels)).max(1)
    }
}
