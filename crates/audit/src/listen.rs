//! From samples to a fingerprint, and to a digest that only the same samples have.

use rusty_chromaprint::{Configuration, Fingerprinter};
use sha2::{Digest as _, Sha256};

/// The rate that fingerprints and digests are made at, in Hz: Chromaprint's.
pub const SAMPLE_RATE_HZ: u32 = 11_025;

/// Samples from one item of a fingerprint to the next: a third of Chromaprint's frame of 4096, rounded down.
const HOP_SAMPLES: u32 = 1365;

/// Seconds from one item of a fingerprint to the next.
pub const ITEM_SECONDS: f64 = HOP_SAMPLES as f64 / SAMPLE_RATE_HZ as f64;

/// The version of fingerprints and digests: it changes whenever those of some samples do.
///
/// 1: Chromaprint's algorithm 2 by rusty-chromaprint 0.3; SHA-256 of the samples as little-endian `f32`.
pub const FINGERPRINT_VERSION: &str = "1";

/// What is kept of a track that was listened to.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// SHA-256 of the samples, hexadecimal: equal for equal samples, whatever file they came from.
    pub digest: String,
    /// Length in seconds.
    pub seconds: f64,
    /// One item of 32 bits every [`ITEM_SECONDS`]; none of audio shorter than 2.7 s.
    pub items: Vec<u32>,
}

/// Listens to one track, block by block.
///
/// ```
/// use segno_audit::{Listener, SAMPLE_RATE_HZ};
///
/// let tone = |n: u32| (n as f32 * 0.3).sin() * 0.5;
/// let mut listener = Listener::new();
/// let samples: Vec<f32> = (0..4 * SAMPLE_RATE_HZ).map(tone).collect();
/// samples.chunks(1000).for_each(|block| listener.push(block));
/// let heard = listener.finish();
/// assert_eq!((heard.seconds, heard.items.len()), (4.0, 11));
/// ```
pub struct Listener {
    fingerprinter: Fingerprinter,
    hasher: Sha256,
    n_samples: u64,
    quantised: Vec<i16>,
}

impl Default for Listener {
    fn default() -> Self {
        Self::new()
    }
}

impl Listener {
    /// A listener for one track. (A used fingerprinter cannot be used again: rusty-chromaprint 0.3 keeps samples over a reset.)
    pub fn new() -> Self {
        let mut fingerprinter = Fingerprinter::new(&Configuration::preset_test2());
        fingerprinter.start(SAMPLE_RATE_HZ, 1).expect("one channel at its own rate needs no resampler");
        Self { fingerprinter, hasher: Sha256::new(), n_samples: 0, quantised: Vec::new() }
    }

    /// Takes mono samples at [`SAMPLE_RATE_HZ`], full scale ±1; the blocks' sizes leave no trace.
    pub fn push(&mut self, samples: &[f32]) {
        self.n_samples += samples.len() as u64;
        self.quantised.clear();
        for &sample in samples {
            // Adding 0 makes one of the two zeros.
            self.hasher.update((sample + 0.0).to_le_bytes());
            self.quantised.push((sample * f32::from(i16::MAX)).round() as i16);
        }
        self.fingerprinter.consume(&self.quantised);
    }

    /// What was heard.
    pub fn finish(mut self) -> Heard {
        self.fingerprinter.finish();
        Heard {
            digest: self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            seconds: self.n_samples as f64 / f64::from(SAMPLE_RATE_HZ),
            items: self.fingerprinter.fingerprint().to_vec(),
        }
    }
}
