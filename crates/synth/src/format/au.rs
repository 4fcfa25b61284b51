//! Sun AU: six big-endian words, an annotation ended by a zero byte, then the samples.

use super::{Sound, quantise};

/// 16-bit linear PCM.
const ENCODING_PCM16: u32 = 3;

pub(super) fn encode(sound: &Sound, annotation: &str) -> Vec<u8> {
    let n_channels = sound.channels.len();
    // No padding to a round offset: real files' annotations end anywhere, odd offsets included.
    let offset = 24 + annotation.len() + 1;
    let data_bytes = sound.n_frames() * n_channels * 2;
    let mut file = Vec::with_capacity(offset + data_bytes);
    file.extend(b".snd");
    for word in [offset as u32, data_bytes as u32, ENCODING_PCM16, sound.sample_rate_hz, n_channels as u32] {
        file.extend(word.to_be_bytes());
    }
    file.extend(annotation.as_bytes());
    file.push(0);
    for sample in sound.interleaved() {
        file.extend((quantise(sample, 16) as i16).to_be_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use super::super::ramp;
    use super::*;

    #[test]
    fn header_and_annotation_come_before_big_endian_samples() {
        let file = encode(&ramp(2), "by hand!");
        assert_eq!(&file[..4], b".snd");
        assert_eq!(file[4..8], 33u32.to_be_bytes());
        assert_eq!(file[8..12], 20u32.to_be_bytes());
        assert_eq!(file[12..24], [0, 0, 0, 3, 0, 0, 0x56, 0x22, 0, 0, 0, 2]);
        assert_eq!(&file[24..33], b"by hand!\0");
        assert_eq!(file[33..35], (-16_384i16).to_be_bytes());
        assert_eq!(file.len(), 33 + 20);
    }
}
