//! An audio file becomes mono `f32` samples at one rate.
//!
//! [`load`] gives the samples of a file or of a window of it, [`AudioStream`] the same in blocks
//! whose memory does not grow with the file. [`AudioError`] says which file failed, and why.
//!
//! | format | extensions | decoded by |
//! |---|---|---|
//! | WAV: PCM 8, 16, 24, 32 bit, float 32, 64 bit, A-law, µ-law | wav, wave | Symphonia |
//! | AU: PCM 8 to 32 bit, float 32, 64 bit, A-law, µ-law | au, snd | a demuxer of this crate, and Symphonia |
//! | AIFF, AIFF-C | aiff, aif, aifc | Symphonia |
//! | FLAC | flac | Symphonia |
//! | MP3 | mp3 | Symphonia; encoder delay and padding trimmed by the LAME tag |
//! | Ogg Vorbis, FLAC in Ogg | ogg, oga | Symphonia |
//! | AAC-LC, ALAC in MP4; AAC in ADTS | m4a, mp4, aac | Symphonia; trimmed here by the edit list |
//!
//! Formats are told apart by content: an mp3 named `.wav` is decoded, a text so named is not.
//! Channels are averaged, as by `librosa.to_mono`. They are resampled by a windowed sinc, and `n` frames become
//! `ceil(n · out / in)`, as by `librosa.resample`: frame `k` sounds at `k / rate` seconds in both.
//! Up to 0.94 of the lower Nyquist frequency a tone comes out as itself within -100 dB, from 1.0 on
//! nothing is left above -105 dB; soxr_hq, librosa's default, agrees within 3e-4 of full scale up to
//! 0.85 and falls off from 0.91, as [`Rolloff::Soxr`] does.
//!
//! What is done about bad input:
//! - A file that ends before its header says is [`AudioError::Truncated`], unless the window asked
//!   for lies in what is there. (An mp3 counts its packets in a tag at best; it ends where it ends.)
//! - A packet that cannot be decoded becomes silence, so that what follows stays in its place;
//!   more than a twentieth of them (and a tenth of a second) is [`AudioError::Damaged`].
//! - A sample that is NaN or infinite, or becomes so when resampled, is [`AudioError::NonFinite`].
//! - A panic in a decoder is contained: [`AudioError::DecoderPanicked`].
//!
//! ```
//! use segno_audio_io::{AudioStream, LoadOptions, load};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let file = folder.path().join("blues.00000.au");
//! # let header = [24u32, 2 * 22_050, 3, 22_050, 1].map(u32::to_be_bytes).concat(); // a second of 16-bit silence
//! # std::fs::write(&file, [b".snd".as_slice(), &header, &vec![0; 2 * 22_050]].concat()).unwrap();
//! let options = LoadOptions { sample_rate_hz: Some(4000), duration_s: Some(0.5), ..LoadOptions::default() };
//! let audio = load(&file, &options)?;
//! assert_eq!((audio.sample_rate_hz, audio.samples.len()), (4000, 2000));
//!
//! // Block by block: memory does not grow with the file.
//! let mut stream = AudioStream::open(&file, &LoadOptions::default())?;
//! let mut loudest = 0.0f32;
//! while let Some(block) = stream.next_block()? {
//!     loudest = block.iter().fold(loudest, |loudest, sample| loudest.max(sample.abs()));
//! }
//! assert_eq!((stream.sample_rate_hz(), loudest), (22_050, 0.0));
//! # Ok::<(), segno_audio_io::AudioError>(())
//! ```
//!
//! This crate knows nothing of features, corpora or threads: a stream belongs to whoever opened it.

mod au;
mod container;
mod damage;
mod decode;
mod downmix;
mod error;
mod guard;
mod halve;
mod kaiser;
mod mp4_edits;
mod options;
mod overlap_save;
mod pcm;
mod peek;
mod resample;
mod span;
mod stream;

use std::path::Path;

pub use error::AudioError;
pub use options::{LoadOptions, MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ, Rolloff};
pub use stream::AudioStream;

/// The version of the samples: it changes whenever those that some file decodes or resamples to change by a bit,
/// so that what was made of them can be told from what would be made now.
///
/// 1: the rate halved, then Rubato. 2: the transforms of this crate.
pub const DECODER_VERSION: &str = "2";

/// File name extensions of the formats that can be read, in lower case, for scanning folders.
pub const SUPPORTED_EXTENSIONS: &[&str] =
    &["wav", "wave", "au", "snd", "aiff", "aif", "aifc", "flac", "mp3", "ogg", "oga", "m4a", "mp4", "aac"];

/// The samples of a file or of a window of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Audio {
    /// Mono samples, full scale being ±1.
    pub samples: Vec<f32>,
    /// Their rate in Hz.
    pub sample_rate_hz: u32,
}

/// Loads a file, or a window of it, as mono samples at the rate asked for.
///
/// # Errors
/// [`AudioError`], of which each variant names the file. A file that ends before its header says
/// is an error ([`AudioError::Truncated`]), unless the window lies wholly in what is there.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Audio, AudioError> {
    let mut stream = AudioStream::open(path, options)?;
    let mut samples = Vec::new();
    while let Some(block) = stream.next_block()? {
        samples.extend_from_slice(block);
    }
    Ok(Audio { samples, sample_rate_hz: stream.sample_rate_hz() })
}
