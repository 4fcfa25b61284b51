//! Audio files of a fraction of a second, and the ways in which one can be broken.

use crate::dice::Dice;

/// Samples a second.
pub const RATE_HZ: u32 = 4000;
/// Samples of a clip; a file made here has two clips.
pub const CLIP: usize = 500;

/// What a WAV's header says, and what follows it.
struct Wav {
    /// 1 for integers, 3 for floats.
    kind: u16,
    channels: u16,
    rate_hz: u32,
    bits: u16,
    /// Bytes of samples that the header claims.
    claimed: u32,
    samples: Vec<u8>,
}

impl Wav {
    fn of(kind: u16, bits: u16, samples: Vec<u8>) -> Self {
        Self { kind, channels: 1, rate_hz: RATE_HZ, bits, claimed: samples.len() as u32, samples }
    }

    fn bytes(&self) -> Vec<u8> {
        let block = self.channels * self.bits / 8;
        let mut file = b"RIFF".to_vec();
        file.extend(self.claimed.saturating_add(36).to_le_bytes());
        file.extend(b"WAVEfmt \x10\0\0\0");
        file.extend([self.kind, self.channels].map(u16::to_le_bytes).concat());
        file.extend([self.rate_hz, self.rate_hz * u32::from(block)].map(u32::to_le_bytes).concat());
        file.extend([block, self.bits].map(u16::to_le_bytes).concat());
        file.extend(b"data");
        file.extend(self.claimed.to_le_bytes());
        file.extend(&self.samples);
        file
    }
}

fn noise(n: usize, dice: &mut Dice) -> impl Iterator<Item = f32> {
    (0..n).map(|_| dice.share() as f32 - 0.5)
}

fn pcm16(n: usize, dice: &mut Dice) -> Wav {
    Wav::of(1, 16, noise(n, dice).flat_map(|sample| ((sample * 32767.0) as i16).to_le_bytes()).collect())
}

fn float(samples: impl Iterator<Item = f32>) -> Wav {
    Wav::of(3, 32, samples.flat_map(f32::to_le_bytes).collect())
}

fn au(encoding: u32, dice: &mut Dice) -> Vec<u8> {
    let samples: Vec<u8> = noise(2 * CLIP, dice).flat_map(|sample| ((sample * 32767.0) as i16).to_be_bytes()).collect();
    let header = [24, samples.len() as u32, encoding, RATE_HZ, 1].map(u32::to_be_bytes).concat();
    [b".snd".as_slice(), &header, &samples].concat()
}

const FLAC: &[u8] = include_bytes!("../../../audio-io/tests/fixtures/mono_22050.flac");
const MP3: &[u8] = include_bytes!("../../../audio-io/tests/fixtures/bare_22050.mp3");
const M4A: &[u8] = include_bytes!("../../../audio-io/tests/fixtures/alac_22050.m4a");

/// A good file of one kind or another, by its ending; every one of them is other noise, but for few of mp3 and FLAC.
pub fn good(nth: usize, dice: &mut Dice) -> (&'static str, Vec<u8>) {
    match nth % 20 {
        0 => ("flac", FLAC.to_vec()),
        1 => ("mp3", MP3.to_vec()),
        2..6 => ("au", au(3, dice)),
        6..10 => ("wav", float(noise(2 * CLIP, dice)).bytes()),
        10 => ("WAV", pcm16(2 * CLIP, dice).bytes()),
        _ => ("wav", pcm16(2 * CLIP, dice).bytes()),
    }
}

/// A way in which a file is broken.
pub struct Breakage {
    pub name: &'static str,
    pub ending: &'static str,
    pub make: fn(&mut Dice) -> Vec<u8>,
    /// What the reason says.
    pub reason: &'static str,
}

const fn way(name: &'static str, ending: &'static str, reason: &'static str, make: fn(&mut Dice) -> Vec<u8>) -> Breakage {
    Breakage { name, ending, make, reason }
}

/// Written whole, and gone when the features are extracted.
pub const GONE: &str = "gone";

/// Every way but those that are no matter of bytes: see `broken`.
pub const WAYS: &[Breakage] = &[
    way("empty", "wav", "the file is empty (0 bytes)", |_| vec![]),
    way("cut-in-header", "wav", "the file ends inside its header", |dice| pcm16(2 * CLIP, dice).bytes()[..30].to_vec()),
    way("cut-in-data", "wav", "cut short: 400 frames found, 1000 expected", |dice| pcm16(2 * CLIP, dice).bytes()[..844].to_vec()),
    way("text", "wav", "not audio in a format known here", |_| b"404: the page was not found, sorry".to_vec()),
    way("web-page", "mp3", "not audio in a format known here", |_| b"<!DOCTYPE html><title>Sign in</title>".repeat(40)),
    way("claims-4-gb", "wav", "cut short: 1000 frames found", |dice| Wav { claimed: u32::MAX - 40, ..pcm16(2 * CLIP, dice) }.bytes()),
    way("no-channels", "wav", "0 channels", |dice| Wav { channels: 0, ..pcm16(2 * CLIP, dice) }.bytes()),
    way("no-rate", "wav", "0 samples a second", |dice| Wav { rate_hz: 0, ..pcm16(2 * CLIP, dice) }.bytes()),
    way("not-a-number", "wav", "frame 700 is NaN or infinite", |dice| {
        float(noise(2 * CLIP, dice).enumerate().map(|(at, sample)| if at == 700 { f32::NAN } else { sample })).bytes()
    }),
    way("too-short", "wav", "shorter than one clip of 0.125 s", |dice| pcm16(CLIP - 1, dice).bytes()),
    way("no-samples", "wav", "holds no samples", |dice| pcm16(0, dice).bytes()),
    way("noise-as-wav", "wav", "malformed", |dice| [b"RIFF\xff\xff\0\0WAVE".to_vec(), dice.bytes(2000)].concat()),
    way("noise-as-flac", "flac", "malformed", |dice| [b"fLaC".to_vec(), dice.bytes(2000)].concat()),
    way("noise-as-ogg", "ogg", "malformed", |dice| [b"OggS".to_vec(), dice.bytes(2000)].concat()),
    way("noise-as-mp3", "mp3", "not audio in a format known here", |dice| [b"\xff\xfb\x90\x64".to_vec(), dice.bytes(2000)].concat()),
    way("noise", "mp3", "not audio in a format known here", |dice| dice.bytes(2000)),
    way("flipped-bits", "flac", "0 frames found, 11025 expected", |dice| {
        let mut bytes = FLAC.to_vec();
        (0..200).for_each(|_| bytes[200 + dice.below(FLAC.len() - 200)] ^= 1 << dice.below(8));
        bytes
    }),
    way("cut-mp4", "m4a", "cut short", |_| M4A[..M4A.len() / 2].to_vec()),
    way("unknown-encoding", "au", "not supported", |dice| au(99, dice)),
    way(GONE, "wav", "cannot be read: No such file or directory", |dice| pcm16(2 * CLIP, dice).bytes()),
];
