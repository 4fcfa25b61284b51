//! Sound that is no music, made here: noise, tones, hum, clicks, chirps, a crowd, and a voice by formants.

use std::{f64::consts::TAU, fs, path::Path, process::Command};

const RATE_HZ: u32 = 22_050;
const SECONDS: usize = 8;

/// What the synthetic corpus, which has drones and hiss for genres, is too poor a ground to tell from music.
pub const TEXTURES: [&str; 3] = ["noise", "hum", "crowd"];

/// Numerical Recipes' generator, its upper bits.
pub struct Dice(u32);

impl Dice {
    pub fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(2_654_435_761).wrapping_add(1))
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0 >> 8) / f64::from(1_u32 << 24)
    }

    fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn noise(&mut self) -> f64 {
        2.0 * self.unit() - 1.0
    }
}

/// A resonance of two poles.
struct Resonance {
    gain: f64,
    feedback: [f64; 2],
    last: [f64; 2],
}

impl Resonance {
    fn new(hz: f64, width_hz: f64) -> Self {
        let radius = (-TAU / 2.0 * width_hz / f64::from(RATE_HZ)).exp();
        let feedback = [2.0 * radius * (TAU * hz / f64::from(RATE_HZ)).cos(), -radius * radius];
        Self { gain: 1.0 - feedback[0] - feedback[1], feedback, last: [0.0; 2] }
    }

    fn next(&mut self, x: f64) -> f64 {
        let y = self.gain * x + self.feedback[0] * self.last[0] + self.feedback[1] * self.last[1];
        self.last = [y, self.last[0]];
        y
    }
}

/// Makes a sound of its kind, by its number.
type Make = fn(u32) -> Vec<f64>;

/// Sounds by their names: fifty-six that even a synthetic corpus has nothing like, then noise, hum and a crowd, of which it has.
pub fn all() -> Vec<(String, Vec<f64>)> {
    let kinds: [(&str, Make); 7] =
        [("noise", noise), ("tone", tone), ("hum", hum), ("clicks", clicks), ("chirp", chirp), ("crowd", crowd), ("voice", voice)];
    let of = |(name, make): &(&str, Make)| {
        let count = if TEXTURES.contains(name) { 8 } else { 14 };
        (0..count).map(|n| (format!("{name}-{n}"), make(n))).collect::<Vec<_>>()
    };
    kinds.iter().flat_map(of).collect()
}

fn samples(mut next: impl FnMut(f64) -> f64) -> Vec<f64> {
    (0..SECONDS * RATE_HZ as usize).map(|n| next(n as f64 / f64::from(RATE_HZ))).collect()
}

/// White to brown, and bands.
fn noise(n: u32) -> Vec<f64> {
    let mut dice = Dice::new(100 + n);
    if n >= 5 {
        let mut band = Resonance::new([400.0, 2000.0, 6000.0][n as usize - 5], 800.0);
        return samples(|_| 0.5 * band.next(dice.noise()));
    }
    let keeps = [0.0, 0.5, 0.9, 0.98, 0.995][n as usize];
    let mut held = 0.0;
    samples(|_| {
        held = keeps * held + (1.0 - keeps) * dice.noise();
        held * (1.0 - keeps).sqrt().recip() * 0.4
    })
}

fn tone(n: u32) -> Vec<f64> {
    let hz = [80.0, 220.0, 440.0, 1000.0, 2500.0, 5000.0, 330.0, 700.0][n as usize % 8] * (1.0 + 0.13 * f64::from(n / 8));
    let partials = if n % 8 >= 6 { 6 } else { 1 };
    samples(|t| (1..=partials).map(|k| 0.4 / f64::from(k) * (TAU * hz * f64::from(k) * t).sin()).sum())
}

/// The mains and its harmonics over a little hiss.
fn hum(n: u32) -> Vec<f64> {
    let mut dice = Dice::new(300 + n);
    let hz = if n.is_multiple_of(2) { 50.0 } else { 60.0 };
    samples(|t| {
        let harmonics = (1..4 + 3 * n).map(|k| 0.2 / f64::from(k) * (TAU * hz * f64::from(k) * t + f64::from(k * k)).sin());
        harmonics.sum::<f64>() + 0.005 * dice.noise()
    })
}

fn clicks(n: u32) -> Vec<f64> {
    let mut dice = Dice::new(400 + n);
    let period = [1.0, 0.5, 0.25, 0.1, 2.0, 0.05, 0.7, 0.33][n as usize % 8] * (1.0 + 0.13 * f64::from(n / 8));
    samples(|t| if t % period < 0.001 { 0.9 * dice.noise() } else { 0.0 })
}

fn chirp(n: u32) -> Vec<f64> {
    let period = [8.0, 3.0, 1.0, 0.5, 6.0, 2.0, 4.0, 0.25][n as usize % 8] * (1.0 + 0.13 * f64::from(n / 8));
    let rise = [500.0, 1000.0, 3000.0, 4000.0, 300.0, 2000.0, 900.0, 9000.0][n as usize % 8] * (1.0 + 0.13 * f64::from(n / 8));
    samples(|t| 0.5 * (TAU * (100.0 * (t % period) + rise * (t % period).powi(2) / 2.0)).sin())
}

/// A dozen voices of noise that come and go.
fn crowd(n: u32) -> Vec<f64> {
    let mut dice = Dice::new(600 + n);
    let mut speakers: Vec<(Resonance, f64, f64)> =
        (0..12).map(|_| (Resonance::new(dice.range(300.0, 2500.0), 500.0), dice.range(2.0, 5.0), dice.range(0.0, TAU))).collect();
    samples(|t| {
        let one = |(resonance, hz, phase): &mut (Resonance, f64, f64)| {
            (0.5 + 0.5 * (TAU * *hz * t + *phase).sin()).powi(2) * resonance.next(dice.noise())
        };
        0.3 * speakers.iter_mut().map(one).sum::<f64>()
    })
}

/// Syllables: a buzz whose pitch falls through four formants of a vowel, mostly behind a hiss, with pauses between words.
///
/// # References
/// Vowels: Peterson and Barney 1952, "Control methods used in a study of the vowels", table II (men).
fn voice(n: u32) -> Vec<f64> {
    const VOWELS: [[f64; 3]; 8] = [
        [270.0, 2290.0, 3010.0],
        [390.0, 1990.0, 2550.0],
        [530.0, 1840.0, 2480.0],
        [660.0, 1720.0, 2410.0],
        [730.0, 1090.0, 2440.0],
        [570.0, 840.0, 2410.0],
        [440.0, 1020.0, 2240.0],
        [300.0, 870.0, 2240.0],
    ];
    let mut dice = Dice::new(700 + n);
    let pitch_hz = 90.0 + 10.0 * f64::from(n);
    let mut sound = vec![];
    while sound.len() < SECONDS * RATE_HZ as usize {
        for _ in 0..=(dice.unit() * 4.0) as usize {
            let vowel = VOWELS[(dice.unit() * 8.0) as usize];
            let mut formants: Vec<Resonance> =
                vowel.iter().chain(&[3500.0]).zip([60.0, 90.0, 150.0, 200.0]).map(|(hz, width)| Resonance::new(*hz, width)).collect();
            let mut hiss = Resonance::new(dice.range(3000.0, 6000.0), 1500.0);
            let hissed = (dice.range(0.03, 0.1) * f64::from(RATE_HZ)) as usize;
            sound.extend((0..hissed).map(|_| 0.15 * hiss.next(dice.noise())));
            let length = (dice.range(0.1, 0.25) * f64::from(RATE_HZ)) as usize;
            let (begin, end) = (pitch_hz * dice.range(0.95, 1.3), pitch_hz * dice.range(0.75, 1.0));
            let mut phase = 0.0;
            for at in 0..length {
                let along = at as f64 / length as f64;
                phase += (begin + (end - begin) * along) / f64::from(RATE_HZ);
                let buzz = if phase >= 1.0 { 1.0 } else { 0.0 } + 0.01 * dice.noise();
                phase %= 1.0;
                let envelope = (TAU / 2.0 * along).sin().sqrt();
                sound.push(6.0 * envelope * formants.iter_mut().fold(buzz, |x, formant| formant.next(x)));
            }
        }
        sound.extend(vec![0.0; (dice.range(0.08, 0.35) * f64::from(RATE_HZ)) as usize]);
    }
    let peak = sound.iter().fold(1e-9_f64, |peak, x| peak.max(x.abs()));
    sound.iter().map(|x| 0.7 * x / peak).collect()
}

/// Writes a WAV file of 16 bits.
pub fn wav(path: &Path, sound: &[f64]) {
    fs::write(path, super::wav::wav(RATE_HZ, sound.iter().map(|x| (x.clamp(-1.0, 1.0) * 32_767.0) as i16))).unwrap();
}

/// Writes all of them, and what espeak-ng says where it is installed, as WAV files of 16 bits.
pub fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    all().iter().for_each(|(name, sound)| wav(&folder.join(format!("{name}.wav")), sound));
    let text =
        "The quick brown fox jumps over the lazy dog, and then the dog sleeps. In the morning they meet again, and talk about the weather.";
    for voice in ["en", "en-us+f3", "de", "fr", "es", "en+m7"] {
        let path = folder.join(format!("espeak-{voice}.wav"));
        // Where it is not installed, the formants above are speech enough.
        let _ = Command::new("espeak-ng").args(["-v", voice, "-w"]).arg(path).arg(text).output();
    }
}
