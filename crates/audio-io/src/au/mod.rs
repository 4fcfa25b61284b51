//! `.au`, which Symphonia lacks: a demuxer of our own for its probe. Symphonia's PCM decoder does the rest.

mod header;

use std::io::{Read, Seek, SeekFrom};

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::common::FourCc;
use symphonia::core::errors::{Error, Result, SeekErrorKind, decode_error, seek_error};
use symphonia::core::formats::prelude::*;
use symphonia::core::formats::probe::{ProbeDataMatchSpec, ProbeFormatData, ProbeableFormat, Score, Scoreable};
use symphonia::core::io::{MediaSource, MediaSourceStream, ReadBytes, ScopedStream};
use symphonia::core::meta::{Metadata, MetadataLog};

use header::AuHeader;

pub(crate) const FORMAT_ID_AU: FormatId = FormatId::new(FourCc::new(*b".snd"));
const FORMAT_INFO: FormatInfo = FormatInfo { format: FORMAT_ID_AU, short_name: "au", long_name: "Sun/NeXT audio" };
/// Frames in a packet: large enough that the cost per packet vanishes, small enough to stream.
const PACKET_FRAMES: u64 = 4096;

/// Reads `.au`: a header, an annotation of any length, then interleaved samples.
pub(crate) struct AuReader<'s> {
    source: MediaSourceStream<'s>,
    media_info: MediaInfo,
    tracks: Vec<Track>,
    metadata: MetadataLog,
    frame_bytes: u64,
    data_start: u64,
    /// Whole frames promised; `u64::MAX` where the size is unknown.
    frames: u64,
    next_frame: u64,
}

impl<'s> AuReader<'s> {
    fn try_new(mut source: MediaSourceStream<'s>, opts: FormatOptions) -> Result<Self> {
        let begin = source.pos();
        let header = AuHeader::read(&mut source)?;
        let data_start = begin + u64::from(header.data_offset);
        if source.byte_len().is_some_and(|len| data_start > len) {
            return decode_error("au: the samples would begin behind the end of the file");
        }
        source.ignore_bytes(data_start - source.pos())?;

        let mut params = AudioCodecParameters::new();
        params
            .for_codec(header.codec)
            .with_sample_rate(header.sample_rate_hz)
            .with_max_frames_per_packet(PACKET_FRAMES)
            .with_channels(Channels::Discrete(header.channels));
        let mut track = Track::new(0);
        track.with_codec_params(CodecParameters::Audio(params));
        let frames = header.data_bytes.map(|bytes| u64::from(bytes) / header.frame_bytes());
        if let Some(frames) = frames {
            track.with_num_frames(frames).with_duration(Duration::from(frames));
        }
        Ok(AuReader {
            source,
            media_info: MediaInfo::from_track(&track),
            tracks: vec![track],
            metadata: opts.external_data.metadata.unwrap_or_default(),
            frame_bytes: header.frame_bytes(),
            data_start,
            frames: frames.unwrap_or(u64::MAX),
            next_frame: 0,
        })
    }
}

impl FormatReader for AuReader<'_> {
    fn format_info(&self) -> &FormatInfo {
        &FORMAT_INFO
    }

    fn media_info(&self) -> &MediaInfo {
        &self.media_info
    }

    fn metadata(&mut self) -> Metadata<'_> {
        self.metadata.metadata()
    }

    fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    fn next_packet(&mut self) -> Result<Option<Packet>> {
        let frames = PACKET_FRAMES.min(self.frames - self.next_frame);
        let bytes = frames * self.frame_bytes;
        let mut data = Vec::with_capacity(bytes as usize);
        (&mut self.source).take(bytes).read_to_end(&mut data)?;
        // A frame cut in two at the end of the file is no frame.
        let frames = data.len() as u64 / self.frame_bytes;
        if frames == 0 {
            return Ok(None);
        }
        data.truncate((frames * self.frame_bytes) as usize);
        let Ok(ts) = Timestamp::try_from(self.next_frame) else { return Ok(None) };
        self.next_frame += frames;
        Ok(Some(Packet::new(0, ts, Duration::from(frames), data)))
    }

    fn seek(&mut self, _mode: SeekMode, to: SeekTo) -> Result<SeekedTo> {
        let required_ts = match to {
            SeekTo::Timestamp { ts, .. } => ts,
            SeekTo::Time { time, .. } => {
                self.tracks[0].time_base.and_then(|base| base.calc_timestamp(time)).ok_or(Error::SeekError(SeekErrorKind::OutOfRange))?
            }
        };
        let frame = match u64::try_from(required_ts.get()) {
            Ok(frame) if frame <= self.frames => frame,
            _ => return seek_error(SeekErrorKind::OutOfRange),
        };
        let byte = frame
            .checked_mul(self.frame_bytes)
            .and_then(|bytes| bytes.checked_add(self.data_start))
            .ok_or(Error::SeekError(SeekErrorKind::OutOfRange))?;
        self.source.seek(SeekFrom::Start(byte))?;
        self.next_frame = frame;
        Ok(SeekedTo { track_id: 0, required_ts, actual_ts: required_ts })
    }

    fn into_inner<'s>(self: Box<Self>) -> MediaSourceStream<'s>
    where
        Self: 's,
    {
        self.source
    }
}

impl Scoreable for AuReader<'_> {
    fn score(mut src: ScopedStream<&mut MediaSourceStream<'_>>) -> Result<Score> {
        // The magic matched: a header that is wrong or cut off deserves an error of its own.
        Ok(Score::Supported(if AuHeader::read(&mut src).is_ok() { 255 } else { 127 }))
    }
}

impl ProbeableFormat<'_> for AuReader<'_> {
    fn try_probe_new(source: MediaSourceStream<'_>, opts: FormatOptions) -> Result<Box<dyn FormatReader + '_>> {
        Ok(Box::new(AuReader::try_new(source, opts)?))
    }

    fn probe_data() -> &'static [ProbeFormatData] {
        &[ProbeFormatData {
            spec: ProbeDataMatchSpec { extensions: &["au", "snd"], mime_types: &["audio/basic"], markers: &[&header::MAGIC] },
            info: FORMAT_INFO,
        }]
    }
}
