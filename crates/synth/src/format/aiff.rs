//! AIFF: big-endian IFF chunks; the sample rate is an 80-bit extended float.

use super::{Sound, quantise};

pub(super) fn encode(sound: &Sound) -> Vec<u8> {
    let n_channels = sound.channels.len();
    let mut common = Vec::new();
    common.extend((n_channels as u16).to_be_bytes());
    common.extend((sound.n_frames() as u32).to_be_bytes());
    common.extend(16u16.to_be_bytes());
    common.extend(extended(sound.sample_rate_hz));

    // Offset and block size, both zero, precede the samples.
    let mut data = vec![0u8; 8];
    data.reserve(sound.n_frames() * n_channels * 2);
    for sample in sound.interleaved() {
        data.extend((quantise(sample, 16) as i16).to_be_bytes());
    }

    let mut body = b"AIFF".to_vec();
    chunk(&mut body, b"COMM", &common);
    chunk(&mut body, b"SSND", &data);
    let mut file = Vec::with_capacity(body.len() + 8);
    chunk(&mut file, b"FORM", &body);
    file
}

/// Appends one chunk. Every content here has an even length, so none needs a pad byte.
fn chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    out.extend(name);
    out.extend((content.len() as u32).to_be_bytes());
    out.extend(content);
}

/// A positive integer as an 80-bit extended float: sign and exponent (bias 16383), then a 64-bit significand whose
/// leading one is explicit.
fn extended(value: u32) -> [u8; 10] {
    let shift = value.leading_zeros();
    let exponent = (16_383 + 31 - shift) as u16;
    let significand = u64::from(value << shift) << 32;
    let mut bytes = [0u8; 10];
    bytes[..2].copy_from_slice(&exponent.to_be_bytes());
    bytes[2..].copy_from_slice(&significand.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::ramp;
    use super::*;

    #[test]
    fn rates_are_the_well_known_extended_floats() {
        assert_eq!(extended(44_100), [0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
        assert_eq!(extended(22_050), [0x40, 0x0d, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
        assert_eq!(extended(8_000), [0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn chunks_are_where_the_format_has_them() {
        let file = encode(&ramp(1));
        assert_eq!(&file[..4], b"FORM");
        assert_eq!(file[4..8], (file.len() as u32 - 8).to_be_bytes());
        assert_eq!(&file[8..16], b"AIFFCOMM");
        assert_eq!(file[20..28], [0, 1, 0, 0, 0, 5, 0, 16]);
        assert_eq!(&file[38..42], b"SSND");
        assert_eq!(file[42..46], (8u32 + 10).to_be_bytes());
        assert_eq!(file[54..56], (-16_384i16).to_be_bytes());
    }
}
