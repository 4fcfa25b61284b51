//! Copies of a track, as they come about in corpora.

use std::path::Path;

use segno_audio_io::{LoadOptions, load};
use segno_audit::SAMPLE_RATE_HZ;

/// What is done to a track; samples are mono at [`SAMPLE_RATE_HZ`].
pub type Change = fn(&[f32]) -> Vec<f32>;

/// Every change that is made on the samples themselves, with its name.
pub const CHANGES: [(&str, Change); 15] = [
    ("gain -12 dB", |x| gain(x, -12.0)),
    ("gain -40 dB", |x| gain(x, -40.0)),
    ("shift 0.06 s (half an item)", |x| without(x, 0.0619)),
    ("shift 0.3 s", |x| without(x, 0.3)),
    ("shift 1.17 s", |x| without(x, 1.17)),
    ("shift 5 s", |x| without(x, 5.0)),
    ("silence of 2 s before", |x| [vec![0.0; 2 * SAMPLE_RATE_HZ as usize], x.to_vec()].concat()),
    ("cut to 15 s from 7.4 s on", |x| seconds(&without(x, 7.4), 15.0)),
    ("cut to 8 s from 11 s on", |x| seconds(&without(x, 11.0), 8.0)),
    ("overlap of 10 s alone", |x| without(x, 20.0)),
    ("8 bits", |x| x.iter().map(|sample| (sample * 127.0).round() / 127.0).collect()),
    ("noise 30 dB below", |x| noise(x, 30.0)),
    ("noise 20 dB below", |x| noise(x, 20.0)),
    ("through 8000 Hz", |x| through(x, 8000)),
    ("clipped by 6 dB", |x| x.iter().map(|sample| (2.0 * sample).clamp(-1.0, 1.0)).collect()),
];

/// Changes of speed: not claimed.
pub const SPEEDS: [(&str, Change); 3] =
    [("speed +1 %", |x| faster(x, 1.01)), ("speed +2 %", |x| faster(x, 1.02)), ("speed +5 %", |x| faster(x, 1.05))];

pub fn gain(samples: &[f32], db: f32) -> Vec<f32> {
    let factor = 10_f32.powf(db / 20.0);
    samples.iter().map(|sample| factor * sample).collect()
}

/// The samples from `from_s` seconds on.
pub fn without(samples: &[f32], from_s: f64) -> Vec<f32> {
    samples.get((from_s * f64::from(SAMPLE_RATE_HZ)) as usize..).unwrap_or_default().to_vec()
}

fn seconds(samples: &[f32], length_s: f64) -> Vec<f32> {
    samples.iter().copied().take((length_s * f64::from(SAMPLE_RATE_HZ)) as usize).collect()
}

/// White noise of Gaussian values, `below_db` below the track's mean power; the same for the same track.
fn noise(samples: &[f32], below_db: f64) -> Vec<f32> {
    let power = samples.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>() / samples.len().max(1) as f64;
    let deviation = (power * 10_f64.powf(-below_db / 10.0)).sqrt();
    let mut state = samples.len() as u64;
    // SplitMix64; twelve uniform values have the variance 1.
    let mut uniform = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut value = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
    samples.iter().map(|&x| x + (deviation * value()) as f32).collect()
}

/// Resampled to another rate, written as 16 bits, and read at the rate of fingerprints again.
fn through(samples: &[f32], rate_hz: u32) -> Vec<f32> {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("copy.wav");
    std::fs::write(&path, wav(samples, SAMPLE_RATE_HZ)).expect("the disk takes it");
    let there = read(&path, rate_hz);
    std::fs::write(&path, wav(&there, rate_hz)).expect("the disk takes it");
    read(&path, SAMPLE_RATE_HZ)
}

/// Read at another rate and taken for the rate of fingerprints: shorter, and higher.
fn faster(samples: &[f32], factor: f64) -> Vec<f32> {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("copy.wav");
    std::fs::write(&path, wav(samples, SAMPLE_RATE_HZ)).expect("the disk takes it");
    read(&path, (f64::from(SAMPLE_RATE_HZ) / factor).round() as u32)
}

pub fn read(path: &Path, rate_hz: u32) -> Vec<f32> {
    let options = LoadOptions { sample_rate_hz: Some(rate_hz), ..LoadOptions::default() };
    load(path, &options).map_or_else(|error| panic!("{error}"), |audio| audio.samples)
}

/// A WAV file of 16 bits.
pub fn wav(samples: &[f32], rate_hz: u32) -> Vec<u8> {
    let n_bytes = 2 * samples.len() as u32;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + n_bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate_hz.to_le_bytes());
    file.extend((2 * rate_hz).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(n_bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|&sample| sixteen_bits(sample).to_le_bytes()));
    file
}

pub fn sixteen_bits(sample: f32) -> i16 {
    (sample * 32_768.0).round() as i16
}
