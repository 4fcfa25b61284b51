//! Packets become mono samples at the file's own rate, in order and in their place.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use symphonia::core::errors::Error;
use symphonia::core::formats::{SeekMode, SeekTo};
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use crate::container::{Container, explain};
use crate::damage::Damage;
use crate::downmix::append_mean;
use crate::guard::contain;
use crate::pcm::Pcm16;
use crate::span::Span;
use crate::{AudioError, peek};

/// Frames of the longest packet that silence stands in for: no codec has more than 65 536, and a header may say anything.
const LONGEST_PACKET: usize = 1 << 20;

/// Decodes one file from front to back, or from a frame sought.
pub(crate) struct Decoder {
    path: PathBuf,
    container: Container,
    span: Span,
    /// A packet read ahead, to learn where the stream begins.
    ahead: Option<Packet>,
    /// The frame that the next packet should begin with; unknown before the first.
    position: Option<i64>,
    /// Frames before this one are decoded for the decoder's sake alone.
    wanted_from: i64,
    damage: Damage,
    pcm16: Option<Pcm16>,
    planes: Vec<Vec<f32>>,
    mono: Vec<f32>,
}

/// Consecutive mono samples and the frame the first of them is.
pub(crate) struct Block<'a> {
    pub(crate) start: u64,
    pub(crate) samples: &'a [f32],
}

impl Decoder {
    pub(crate) fn open(path: &Path) -> Result<Self, AudioError> {
        let container = Container::open(path)?;
        let span = Span::of(path, &container)?;
        let pcm16 = Pcm16::of(container.decoder.codec_params());
        let mut decoder = Decoder {
            path: path.to_owned(),
            container,
            span,
            ahead: None,
            position: None,
            wanted_from: 0,
            damage: Damage::default(),
            pcm16,
            planes: Vec::new(),
            mono: Vec::new(),
        };
        if let Next::Packet(first) = decoder.read_packet()? {
            decoder.span.start_at(&first);
            decoder.ahead = Some(first);
        }
        Ok(decoder)
    }

    pub(crate) fn sample_rate_hz(&self) -> u32 {
        self.container.sample_rate_hz
    }

    pub(crate) fn channels(&self) -> usize {
        self.container.channels
    }

    pub(crate) fn damaged_frames(&self) -> u64 {
        self.damage.bad_frames
    }

    /// The frame after the last decoded; the length of the audio once `next_block` said `None`.
    pub(crate) fn position(&self) -> u64 {
        self.position.unwrap_or(0).max(0) as u64
    }

    /// Goes to a place from which decoding yields frame `frame` and all after it as a decode from
    /// the start would. After an error the decoder is of no use.
    pub(crate) fn seek(&mut self, frame: u64) -> Result<(), AudioError> {
        self.wanted_from = frame as i64;
        let Some(target) = frame.checked_sub(self.span.preroll_frames).filter(|&at| at > 0) else {
            return Ok(());
        };
        let to = SeekTo::Timestamp { ts: Timestamp::new(self.span.ticks(target)), track_id: self.container.track.id };
        let reader = &mut self.container.reader;
        contain(&self.path, || reader.seek(SeekMode::Accurate, to))?.map_err(|error| explain(&self.path, error))?;
        self.container.decoder.reset();
        self.position = None;
        self.ahead = match self.read_packet()? {
            Next::Packet(packet) if self.span.stamp(&packet) <= frame as i64 => Some(packet),
            _ => {
                return Err(AudioError::Malformed {
                    path: self.path.clone(),
                    reason: format!("no packet begins at or before frame {frame}, which was sought"),
                });
            }
        };
        Ok(())
    }

    /// The next samples; `None` at the end, after the whole stream was found to be sound.
    pub(crate) fn next_block(&mut self) -> Result<Option<Block<'_>>, AudioError> {
        loop {
            let packet = match self.ahead.take() {
                Some(packet) => packet,
                None => match self.read_packet()? {
                    Next::Packet(packet) => packet,
                    Next::End { cut } => return self.finish(cut).map(|()| None),
                },
            };
            self.mono.clear();
            self.bridge_gap(&packet)?;
            self.decode(&packet)?;
            let start = self.position.unwrap_or(0);
            let end = start + self.mono.len() as i64;
            self.position = Some(end);
            // Before frame 0 lies the encoder's start-up, after the limit its padding.
            let limit = i64::try_from(self.span.limit_frames).unwrap_or(i64::MAX);
            let from = start.clamp(0, limit);
            let to = end.clamp(0, limit);
            if from < to {
                let kept = (from - start) as usize..(to - start) as usize;
                let samples = &self.mono[kept];
                if let Some(at) = self.first_non_finite(samples) {
                    let frame = from as u64 + at as u64;
                    return Err(AudioError::NonFinite { path: self.path.clone(), frame });
                }
                return Ok(Some(Block { start: from as u64, samples }));
            }
        }
    }

    /// The first of samples, decoded here or computed from what was, that is no number. Sums of 16-bit integers are numbers.
    pub(crate) fn first_non_finite(&self, samples: &[f32]) -> Option<usize> {
        if self.pcm16.is_some() {
            return None;
        }
        // Without an early exit the compiler vectorises the check; the search runs only to tell where.
        let is_bad = samples.iter().fold(false, |bad, sample| bad | !sample.is_finite());
        if is_bad { samples.iter().position(|sample| !sample.is_finite()) } else { None }
    }

    /// Refuses a stream of which too much had to be replaced by silence.
    pub(crate) fn check_damage(&self) -> Result<(), AudioError> {
        self.damage.check(&self.path, self.container.sample_rate_hz)
    }

    fn read_packet(&mut self) -> Result<Next, AudioError> {
        loop {
            let reader = &mut self.container.reader;
            match contain(&self.path, || reader.next_packet())? {
                Ok(Some(packet)) if packet.track_id == self.container.track.id => {
                    return Ok(Next::Packet(packet));
                }
                Ok(Some(_)) => {}
                Ok(None) => return Ok(Next::End { cut: false }),
                Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                    return Ok(Next::End { cut: true });
                }
                Err(Error::ResetRequired) => {
                    return Err(AudioError::Unsupported {
                        path: self.path.clone(),
                        what: "a second stream chained behind the first".to_owned(),
                    });
                }
                // The MP4 demuxer wants whole boxes, and puts their lack in words of its own.
                Err(Error::DecodeError(_)) if self.span.is_mp4 && peek::is_cut_mp4(&self.path) => {
                    return Ok(Next::End { cut: true });
                }
                Err(error) => return Err(explain(&self.path, error)),
            }
        }
    }

    /// Puts silence where packets are missing, so that what follows stays in its place.
    fn bridge_gap(&mut self, packet: &Packet) -> Result<(), AudioError> {
        let stamp = self.span.stamp(packet);
        let position = *self.position.get_or_insert(stamp);
        if !self.span.has_true_times || stamp <= position {
            return Ok(());
        }
        let gap = stamp.abs_diff(position);
        self.damage.bad(gap, "packets are missing");
        // A longer gap is a lie or a loss that no share makes good, and silence takes memory.
        if gap > u64::from(self.container.sample_rate_hz) {
            self.check_damage()?;
        }
        self.mono.resize(gap as usize, 0.0);
        Ok(())
    }

    /// Decodes a packet to the end of `mono`; silence, where it cannot be decoded.
    fn decode(&mut self, packet: &Packet) -> Result<(), AudioError> {
        let before = self.mono.len();
        if let Some(pcm16) = self.pcm16 {
            pcm16.append_mean(&packet.data, self.container.channels, &mut self.mono);
            self.damage.good((self.mono.len() - before) as u64);
            return Ok(());
        }
        let decoder = &mut self.container.decoder;
        match contain(&self.path, || decoder.decode(packet))? {
            Ok(buffer) => {
                let (found_hz, stated_hz) = (buffer.spec().rate(), self.container.sample_rate_hz);
                if found_hz != stated_hz {
                    return Err(AudioError::Malformed {
                        path: self.path.clone(),
                        reason: format!("the header says {stated_hz} Hz, a packet {found_hz} Hz"),
                    });
                }
                append_mean(&buffer, &mut self.planes, &mut self.mono);
                let decoded = self.mono.len() - before;
                self.mono.truncate(before + decoded - self.span.trim_end(packet).min(decoded));
                self.damage.good((self.mono.len() - before) as u64);
            }
            Err(Error::DecodeError(reason)) => self.silence(packet, reason.to_owned())?,
            Err(Error::IoError(error)) => self.silence(packet, error.to_string())?,
            Err(error) => return Err(explain(&self.path, error)),
        }
        Ok(())
    }

    fn silence(&mut self, packet: &Packet, reason: String) -> Result<(), AudioError> {
        let frames = self.span.packet_frames(packet);
        if frames > LONGEST_PACKET {
            let reason = format!("a packet is said to have {frames} frames, and cannot be decoded: {reason}");
            return Err(AudioError::Malformed { path: self.path.clone(), reason });
        }
        self.mono.resize(self.mono.len() + frames, 0.0);
        if self.position.unwrap_or(0) + self.mono.len() as i64 > self.wanted_from {
            self.damage.bad(frames as u64, reason);
        }
        Ok(())
    }

    fn finish(&self, cut: bool) -> Result<(), AudioError> {
        let path = || self.path.clone();
        let found_frames = self.position().min(self.span.limit_frames);
        let expected_frames = self.span.expected_frames;
        let is_short = expected_frames.is_some_and(|expected| found_frames < expected);
        let lacks_end = cut && self.span.marks_its_end && expected_frames.is_none();
        if is_short || lacks_end {
            return Err(AudioError::Truncated { path: path(), expected_frames, found_frames });
        }
        self.check_damage()?;
        if found_frames == 0 {
            return Err(AudioError::NoSamples { path: path() });
        }
        Ok(())
    }
}

enum Next {
    Packet(Packet),
    /// `cut`: in the middle of something.
    End {
        cut: bool,
    },
}
