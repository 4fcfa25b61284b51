//! RIFF WAVE (little-endian chunks; `fmt ` of format 1 for integers, 3 for IEEE floats).

use super::{Sound, quantise};

/// How a WAV stores one sample.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    Int16,
    Int24,
    Float32,
}

impl Samples {
    fn bytes(self) -> usize {
        match self {
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Float32 => 4,
        }
    }
}

pub(super) fn encode(sound: &Sound, samples: Samples) -> Vec<u8> {
    let n_channels = sound.channels.len();
    let frame_bytes = n_channels * samples.bytes();
    let data_bytes = sound.n_frames() * frame_bytes;
    let is_float = samples == Samples::Float32;

    let mut body = b"WAVE".to_vec();
    let mut format = Vec::new();
    format.extend(if is_float { 3u16 } else { 1 }.to_le_bytes());
    format.extend((n_channels as u16).to_le_bytes());
    format.extend(sound.sample_rate_hz.to_le_bytes());
    format.extend((sound.sample_rate_hz * frame_bytes as u32).to_le_bytes());
    format.extend((frame_bytes as u16).to_le_bytes());
    format.extend((8 * samples.bytes() as u16).to_le_bytes());
    if is_float {
        // Formats other than integer PCM carry an (empty) extension and a `fact` chunk.
        format.extend(0u16.to_le_bytes());
    }
    chunk(&mut body, b"fmt ", &format);
    if is_float {
        chunk(&mut body, b"fact", &(sound.n_frames() as u32).to_le_bytes());
    }

    let mut data = Vec::with_capacity(data_bytes);
    for sample in sound.interleaved() {
        match samples {
            Samples::Int16 => data.extend((quantise(sample, 16) as i16).to_le_bytes()),
            Samples::Int24 => data.extend(&quantise(sample, 24).to_le_bytes()[..3]),
            Samples::Float32 => data.extend((sample as f32).to_le_bytes()),
        }
    }
    chunk(&mut body, b"data", &data);

    let mut file = Vec::with_capacity(body.len() + 8);
    chunk(&mut file, b"RIFF", &body);
    file
}

/// Appends one chunk: name, size, content, and a pad byte where the content's length is odd.
fn chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    out.extend(name);
    out.extend((content.len() as u32).to_le_bytes());
    out.extend(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::ramp;
    use super::*;

    #[test]
    fn sixteen_bits_have_the_classic_44_byte_header() {
        let file = encode(&ramp(1), Samples::Int16);
        assert_eq!(file.len(), 44 + 10);
        assert_eq!(&file[..4], b"RIFF");
        assert_eq!(file[4..8], (36u32 + 10).to_le_bytes());
        assert_eq!(&file[8..16], b"WAVEfmt ");
        assert_eq!(file[16..24], [16, 0, 0, 0, 1, 0, 1, 0]);
        assert_eq!(file[24..28], 22_050u32.to_le_bytes());
        assert_eq!(file[28..32], 44_100u32.to_le_bytes());
        assert_eq!(file[32..36], [2, 0, 16, 0]);
        assert_eq!(&file[36..40], b"data");
        assert_eq!(file[44..46], (-16_384i16).to_le_bytes());
    }

    #[test]
    fn an_odd_data_chunk_is_padded_and_its_size_is_not() {
        let file = encode(&ramp(1), Samples::Int24);
        assert_eq!(file.len(), 44 + 15 + 1);
        assert_eq!(file[40..44], 15u32.to_le_bytes());
        assert_eq!(file[4..8], (36u32 + 16).to_le_bytes());
        assert_eq!(file[44..47], [0, 0, 0xc0]);
    }

    #[test]
    fn floats_carry_a_fact_chunk_and_interleave_channels() {
        let file = encode(&ramp(2), Samples::Float32);
        assert_eq!(file[20..24], [3, 0, 2, 0]);
        assert_eq!(&file[38..42], b"fact");
        assert_eq!(file[46..50], 5u32.to_le_bytes());
        assert_eq!(&file[50..54], b"data");
        assert_eq!(file[58..62], (-0.5f32).to_le_bytes());
        assert_eq!(file[62..66], (-0.375f32).to_le_bytes());
    }
}
