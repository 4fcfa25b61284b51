//! The signal of the fixtures, and writers of the uncompressed formats.
#![allow(dead_code)] // each test file uses its part

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};

use segno_audio_io::{Audio, AudioError, LoadOptions, load};

/// Left channel of the fixtures: a tone. `tests/fixtures/make.py` has the same formulas.
pub fn left(t: f64) -> f64 {
    0.4 * (TAU * 440.0 * t).sin()
}

/// Right channel, and the only one of mono fixtures: a chirp.
pub fn right(t: f64) -> f64 {
    0.4 * (TAU * (200.0 * t + 1500.0 * t * t)).sin()
}

/// The fixtures' signal as 16-bit integers, interleaved.
pub fn pcm16(sample_rate_hz: u32, frames: usize, channels: usize) -> Vec<i16> {
    let quantise = |value: f64| (value * 32767.0).round() as i16;
    (0..frames)
        .map(|k| k as f64 / f64::from(sample_rate_hz))
        .flat_map(|t| if channels == 2 { vec![left(t), right(t)] } else { vec![right(t)] })
        .map(quantise)
        .collect()
}

/// The mean of the channels of 16-bit samples, as `f32`.
pub fn mean16(samples: &[i16], channels: usize) -> Vec<f32> {
    samples.chunks(channels).map(|frame| frame.iter().map(|&s| f32::from(s) / 32768.0).sum::<f32>() / channels as f32).collect()
}

/// What a fixture's mono decode should be, before any loss.
pub fn expected(sample_rate_hz: u32, frames: usize, channels: usize) -> Vec<f32> {
    mean16(&pcm16(sample_rate_hz, frames, channels), channels)
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Writes bytes to a file of a folder that lives as long as the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("write a test file");
        path
    }
}

pub fn load_all(path: &Path) -> Result<Audio, AudioError> {
    load(path, &LoadOptions::default())
}

/// A canonical WAV file around samples already coded.
pub fn wav(format_tag: u16, bits: u16, channels: u16, sample_rate_hz: u32, data: &[u8]) -> Vec<u8> {
    let block = channels * (bits / 8);
    // PCM has the plain 16 bytes; the others say that 0 bytes follow.
    let extra: &[u8] = if format_tag == 1 { &[] } else { &[0, 0] };
    let mut out = b"RIFF".to_vec();
    out.extend((4 + 8 + 16 + extra.len() as u32 + 8 + data.len() as u32).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend((16 + extra.len() as u32).to_le_bytes());
    out.extend(format_tag.to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(sample_rate_hz.to_le_bytes());
    out.extend((sample_rate_hz * u32::from(block)).to_le_bytes());
    out.extend(block.to_le_bytes());
    out.extend(bits.to_le_bytes());
    out.extend(extra);
    out.extend(b"data");
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out
}

pub fn wav16(sample_rate_hz: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    wav(1, 16, channels, sample_rate_hz, &data)
}

pub fn wav_f32(sample_rate_hz: u32, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    wav(3, 32, 1, sample_rate_hz, &data)
}

/// An AU file; `size` is what the header says of the data, the truth if `None`.
pub fn au(encoding: u32, sample_rate_hz: u32, channels: u32, annotation: &[u8], size: Option<u32>, data: &[u8]) -> Vec<u8> {
    let mut out = b".snd".to_vec();
    let size = size.unwrap_or(data.len() as u32);
    for word in [24 + annotation.len() as u32, size, encoding, sample_rate_hz, channels] {
        out.extend(word.to_be_bytes());
    }
    out.extend(annotation);
    out.extend(data);
    out
}

/// An AIFF file of big-endian PCM.
pub fn aiff(bits: u16, channels: u16, sample_rate_hz: u32, frames: u32, data: &[u8]) -> Vec<u8> {
    let mut common = channels.to_be_bytes().to_vec();
    common.extend(frames.to_be_bytes());
    common.extend(bits.to_be_bytes());
    common.extend(extended(sample_rate_hz));
    let mut out = b"FORM".to_vec();
    out.extend((4 + 8 + 18 + 8 + 8 + data.len() as u32).to_be_bytes());
    out.extend(b"AIFFCOMM");
    out.extend(18u32.to_be_bytes());
    out.extend(common);
    out.extend(b"SSND");
    out.extend((8 + data.len() as u32).to_be_bytes());
    out.extend([0; 8]);
    out.extend(data);
    out
}

/// A rate as AIFF's 80-bit float: sign and exponent, then the mantissa with its leading one.
fn extended(sample_rate_hz: u32) -> [u8; 10] {
    let mut bytes = [0; 10];
    if sample_rate_hz > 0 {
        let exponent = 31 - sample_rate_hz.leading_zeros();
        bytes[..2].copy_from_slice(&(16383 + exponent as u16).to_be_bytes());
        bytes[2..].copy_from_slice(&(u64::from(sample_rate_hz) << (63 - exponent)).to_be_bytes());
    }
    bytes
}

pub fn rms(samples: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0f64);
    for sample in samples {
        sum += sample * sample;
        n += 1.0;
    }
    (sum / n).sqrt()
}

/// Signal over error in dB.
pub fn snr_db(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let error = rms(found.iter().zip(expected).map(|(a, b)| f64::from(a - b)));
    20.0 * (rms(expected.iter().map(|&b| f64::from(b))) / error).log10()
}
