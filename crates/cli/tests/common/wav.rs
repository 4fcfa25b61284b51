//! WAV files of one channel and 16 bits.

/// The bytes of a file.
pub fn wav(rate_hz: u32, samples: impl IntoIterator<Item = i16>) -> Vec<u8> {
    let data: Vec<u8> = samples.into_iter().flat_map(i16::to_le_bytes).collect();
    let mut bytes = [b"RIFF", &(36 + data.len() as u32).to_le_bytes()[..], b"WAVEfmt ", &16_u32.to_le_bytes()].concat();
    bytes.extend([1_u16, 1].iter().flat_map(|value| value.to_le_bytes()));
    bytes.extend([rate_hz, 2 * rate_hz].iter().flat_map(|value| value.to_le_bytes()));
    bytes.extend([2_u16, 16].iter().flat_map(|value| value.to_le_bytes()));
    [&bytes[..], b"data", &(data.len() as u32).to_le_bytes(), &data].concat()
}
