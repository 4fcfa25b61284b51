//! From a path to a demuxer and the decoder of its audio track.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use symphonia::core::codecs::audio::well_known as codec;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::{Hint, Probe};
use symphonia::core::formats::{FormatId, FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::default::{get_codecs, register_enabled_formats};

use crate::au::AuReader;
use crate::guard::contain;
use crate::options::{MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ};
use crate::{AudioError, peek};

/// An opened file: its demuxer, and what was found out about its audio track.
pub(crate) struct Container {
    pub(crate) reader: Box<dyn FormatReader>,
    pub(crate) decoder: Box<dyn AudioDecoder>,
    pub(crate) format: FormatId,
    pub(crate) track: Track,
    pub(crate) sample_rate_hz: u32,
    pub(crate) channels: usize,
}

/// Symphonia's formats and ours. Formats are told apart by content; a file's name is not asked.
fn probe() -> &'static Probe {
    static PROBE: OnceLock<Probe> = OnceLock::new();
    PROBE.get_or_init(|| {
        let mut probe = Probe::default();
        probe.register_format::<AuReader<'_>>();
        register_enabled_formats(&mut probe);
        probe
    })
}

impl Container {
    /// Opens `path`, finds its audio track and makes a decoder for it.
    pub(crate) fn open(path: &Path) -> Result<Self, AudioError> {
        let io = |source| AudioError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if metadata.is_dir() {
            return Err(io(std::io::ErrorKind::IsADirectory.into()));
        }
        if metadata.is_file() && metadata.len() == 0 {
            return Err(AudioError::EmptyFile { path: path.to_owned() });
        }
        let source = MediaSourceStream::new(Box::new(file), Default::default());
        // Tags and pictures are not what we came for.
        let no_pictures = MetadataOptions::default().limit_visual_bytes(Limit::Maximum(0));
        let probed = contain(path, || probe().probe(&Hint::new(), source, FormatOptions::default(), no_pictures))?;
        let reader = probed.map_err(|error| explain_header(path, error))?;
        Self::from_reader(path, reader)
    }

    fn from_reader(path: &Path, reader: Box<dyn FormatReader>) -> Result<Self, AudioError> {
        let Some(track) = reader.default_track(TrackType::Audio).cloned() else {
            return Err(AudioError::NoAudioTrack { path: path.to_owned() });
        };
        let Some(params) = track.codec_params.as_ref().and_then(|params| params.audio()) else {
            return Err(AudioError::NoAudioTrack { path: path.to_owned() });
        };
        let sample_rate_hz = params.sample_rate.unwrap_or(0);
        if !(MIN_SAMPLE_RATE_HZ..=MAX_SAMPLE_RATE_HZ).contains(&sample_rate_hz) {
            return Err(AudioError::BadSampleRate { path: path.to_owned(), found_hz: sample_rate_hz, max_hz: MAX_SAMPLE_RATE_HZ });
        }
        let decoder = make_decoder(path, params, reader.format_info().format)?;
        // AAC in MP4 may tell its channels to the decoder alone.
        let channels = decoder.codec_params().channels.as_ref().or(params.channels.as_ref());
        let channels = channels.map_or(1, |channels| channels.count());
        if channels == 0 {
            return Err(AudioError::ZeroChannels { path: path.to_owned() });
        }
        let format = reader.format_info().format;
        Ok(Container { reader, decoder, format, track, sample_rate_hz, channels })
    }
}

fn make_decoder(path: &Path, params: &AudioCodecParameters, format: FormatId) -> Result<Box<dyn AudioDecoder>, AudioError> {
    use symphonia::core::formats::well_known::FORMAT_ID_MP3;
    if params.channels.as_ref().is_some_and(|channels| channels.count() == 0) {
        return Err(AudioError::ZeroChannels { path: path.to_owned() });
    }
    // Of an mp3, Symphonia trims the end by an estimated length too, and so loses audio where the
    // estimate is short: `decode` trims mp3 itself.
    let options = AudioDecoderOptions::default().gapless(format != FORMAT_ID_MP3);
    match contain(path, || get_codecs().make_audio_decoder(params, &options))? {
        Ok(decoder) => Ok(decoder),
        Err(Error::Unsupported(_)) => {
            Err(AudioError::Unsupported { path: path.to_owned(), what: format!("the codec {}", codec_name(params.codec)) })
        }
        Err(error) => Err(explain(path, error)),
    }
}

/// What the demuxer's refusal of a header means.
fn explain_header(path: &Path, error: Error) -> AudioError {
    match error {
        Error::Unsupported(what) if what.starts_with("core (probe)") => {
            AudioError::UnknownFormat { path: path.to_owned(), found: first_bytes(path) }
        }
        _ if peek::is_cut_mp4(path) => AudioError::Truncated { path: path.to_owned(), expected_frames: None, found_frames: 0 },
        Error::IoError(source) if source.kind() == std::io::ErrorKind::UnexpectedEof => match peek::cut_aiff(path) {
            Some((expected_frames, found_frames)) => {
                AudioError::Truncated { path: path.to_owned(), expected_frames: Some(expected_frames), found_frames }
            }
            None => AudioError::Malformed { path: path.to_owned(), reason: "the file ends inside its header".to_owned() },
        },
        error => peek::zero_count(path).unwrap_or_else(|| explain(path, error)),
    }
}

/// What any other error of Symphonia's means.
pub(crate) fn explain(path: &Path, error: Error) -> AudioError {
    let path = path.to_owned();
    match error {
        Error::IoError(source) => AudioError::Io { path, source },
        Error::Unsupported(what) => AudioError::Unsupported { path, what: what.to_owned() },
        Error::DecodeError(reason) | Error::LimitError(reason) => AudioError::Malformed { path, reason: reason.to_owned() },
        error => AudioError::Malformed { path, reason: error.to_string() },
    }
}

fn first_bytes(path: &Path) -> String {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(12).read_to_end(&mut bytes));
    match read {
        Ok(_) => format!("\"{}\"", bytes.escape_ascii()),
        Err(error) => format!("bytes that cannot be read again ({error})"),
    }
}

/// Names for the codecs that people meet and Symphonia has no decoder for.
fn codec_name(id: AudioCodecId) -> String {
    let name = match id {
        codec::CODEC_ID_OPUS => "Opus",
        codec::CODEC_ID_SPEEX => "Speex",
        codec::CODEC_ID_AC3 => "AC-3",
        codec::CODEC_ID_EAC3 => "E-AC-3",
        codec::CODEC_ID_MP1 => "MPEG layer 1",
        codec::CODEC_ID_MP2 => "MPEG layer 2",
        codec::CODEC_ID_ADPCM_MS => "Microsoft ADPCM",
        codec::CODEC_ID_ADPCM_IMA_WAV | codec::CODEC_ID_ADPCM_IMA_QT => "IMA ADPCM",
        other => return format!("{other}"),
    };
    name.to_owned()
}
