//! The containers the corpus is written in: small writers of our own, and FLAC through `flacenc`.

mod aiff;
mod au;
mod flac;
mod wav;

/// Rendered samples, one vector a channel, nominally in [-1, 1].
pub(crate) struct Sound {
    /// `channels[c][n]`: sample n of channel c; every channel of one length.
    pub(crate) channels: Vec<Vec<f64>>,
    pub(crate) sample_rate_hz: u32,
}

impl Sound {
    /// Samples a channel.
    fn n_frames(&self) -> usize {
        self.channels[0].len()
    }

    /// The samples frame by frame, as every container here stores them.
    fn interleaved(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.n_frames()).flat_map(|n| self.channels.iter().map(move |channel| channel[n]))
    }
}

/// How a track is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AudioFormat {
    /// RIFF WAVE, 16-bit linear PCM.
    Wav16,
    /// Sun AU, 16-bit linear PCM, with an annotation.
    Au16,
    /// FLAC, 16-bit.
    Flac16,
    /// RIFF WAVE, 24-bit linear PCM.
    Wav24,
    /// AIFF, 16-bit linear PCM.
    Aiff16,
    /// RIFF WAVE, 32-bit IEEE float.
    WavFloat32,
}

impl AudioFormat {
    /// Every format, in the order in which a genre's tracks take turns.
    pub const ALL: [Self; 6] = [Self::Wav16, Self::Au16, Self::Flac16, Self::Wav24, Self::Aiff16, Self::WavFloat32];

    /// The file name's extension, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Wav16 | Self::Wav24 | Self::WavFloat32 => "wav",
            Self::Au16 => "au",
            Self::Flac16 => "flac",
            Self::Aiff16 => "aiff",
        }
    }

    /// The whole file of `sound` in this format; `note` becomes the annotation where the format has one.
    /// An error is the encoder's own words: `flacenc`'s types cannot leave their thread.
    pub(crate) fn encode(self, sound: &Sound, note: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Wav16 => Ok(wav::encode(sound, wav::Samples::Int16)),
            Self::Wav24 => Ok(wav::encode(sound, wav::Samples::Int24)),
            Self::WavFloat32 => Ok(wav::encode(sound, wav::Samples::Float32)),
            Self::Au16 => Ok(au::encode(sound, note)),
            Self::Aiff16 => Ok(aiff::encode(sound)),
            Self::Flac16 => flac::encode(sound),
        }
    }
}

/// `sample` on a grid of `bits` bits, rounded to nearest and clipped.
fn quantise(sample: f64, bits: u32) -> i32 {
    let full_scale = f64::from(1u32 << (bits - 1));
    (sample * full_scale).round().clamp(-full_scale, full_scale - 1.0) as i32
}

#[cfg(test)]
pub(crate) fn ramp(n_channels: usize) -> Sound {
    let channel = |c: usize| (0..5).map(|n| 0.25 * (n as f64 - 2.0) + 0.125 * c as f64).collect();
    Sound { channels: (0..n_channels).map(channel).collect(), sample_rate_hz: 22_050 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantising_rounds_and_clips() {
        assert_eq!(quantise(0.5, 16), 16_384);
        assert_eq!(quantise(1.0, 16), 32_767);
        assert_eq!(quantise(-1.5, 16), -32_768);
        assert_eq!(quantise(-1.0, 24), -8_388_608);
    }
}
