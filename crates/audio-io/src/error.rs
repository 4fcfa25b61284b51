//! What can go wrong between a path and its samples.

use std::io;
use std::path::PathBuf;

use crate::{MIN_SAMPLE_RATE_HZ, SUPPORTED_EXTENSIONS};

/// Why a file did not become samples. Each variant names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AudioError {
    /// The file could not be opened or read.
    #[error("{}: cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file has no bytes.
    #[error("{}: the file is empty (0 bytes); copy or download it again", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// Nothing in the file looks like audio, whatever its name says.
    #[error(
        "{}: not audio in a format known here: it begins with {found}; expected one of: {}",
        path.display(), SUPPORTED_EXTENSIONS.join(", ")
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// The first bytes, escaped.
        found: String,
    },
    /// The container is known and holds no audio.
    #[error("{}: holds no audio track", path.display())]
    NoAudioTrack {
        /// The file.
        path: PathBuf,
    },
    /// The container is known; its codec, or a feature the file uses, is not supported.
    #[error("{}: not supported: {what}; convert the file to flac or wav", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// The codec or the feature.
        what: String,
    },
    /// The header or the structure contradicts itself or the format.
    #[error("{}: malformed: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The header says that there are no channels.
    #[error("{}: the header says 0 channels; expected at least 1", path.display())]
    ZeroChannels {
        /// The file.
        path: PathBuf,
    },
    /// The header gives a sample rate that no recording has.
    #[error("{}: the header says {found_hz} samples a second; expected {MIN_SAMPLE_RATE_HZ} to {max_hz}", path.display())]
    BadSampleRate {
        /// The file.
        path: PathBuf,
        /// What the header says, in Hz.
        found_hz: u32,
        /// The highest rate accepted, in Hz.
        max_hz: u32,
    },
    /// The file promises more audio than it holds.
    #[error(
        "{}: cut short: {found_frames} frames found, {} expected; copy or download it again",
        path.display(), expected_frames.map_or_else(|| "an end mark".to_owned(), |n| n.to_string())
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Frames promised, where the format counts them (Ogg only marks its last page).
        expected_frames: Option<u64>,
        /// Frames (samples per channel) decoded before the file ended.
        found_frames: u64,
    },
    /// The file is well formed and holds not one frame.
    #[error("{}: holds no samples", path.display())]
    NoSamples {
        /// The file.
        path: PathBuf,
    },
    /// A sample is NaN or infinite, or so large that its channels' mean or the resampled signal is.
    #[error("{}: frame {frame} is NaN or infinite", path.display())]
    NonFinite {
        /// The file.
        path: PathBuf,
        /// The first such frame, counted at the native rate from the start of the file; where only the resampled signal is no
        /// number, the first of that, which is computed by blocks of some tenths of a second.
        frame: u64,
    },
    /// Too much of the stream is beyond repair.
    #[error(
        "{}: {bad_frames} of {total_frames} frames cannot be decoded (up to a twentieth is replaced by silence): {reason}",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Frames whose packets failed to decode or are missing.
        bad_frames: u64,
        /// Frames met in all, bad ones included.
        total_frames: u64,
        /// What the decoder said of the latest bad packet.
        reason: String,
    },
    /// The window begins at or after the end of the audio.
    #[error("{}: the window begins at {start_s} s, the audio ends at {length_s} s", path.display())]
    WindowBeyondEnd {
        /// The file.
        path: PathBuf,
        /// Where the window begins, in seconds.
        start_s: f64,
        /// Where the audio ends, in seconds.
        length_s: f64,
    },
    /// A decoder or demuxer panicked; the panic was contained.
    #[error("{}: the decoder panicked ({message}); please report the file", path.display())]
    DecoderPanicked {
        /// The file.
        path: PathBuf,
        /// The panic's message.
        message: String,
    },
    /// A field of [`LoadOptions`](crate::LoadOptions) has a value that means nothing.
    #[error("{}: option {option} is {found}; expected {expected}", path.display())]
    BadOption {
        /// The file that was asked for.
        path: PathBuf,
        /// The field.
        option: &'static str,
        /// Its value.
        found: String,
        /// What is accepted.
        expected: &'static str,
    },
}
