//! Where the audio lies in a track's own time: what to trim, how much to expect, how to count.

use std::path::Path;

use symphonia::core::formats::Track;
use symphonia::core::formats::well_known as format;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

use crate::AudioError;
use crate::au::FORMAT_ID_AU;
use crate::container::Container;
use crate::mp4_edits;

/// Where the audio lies in a track, and how far its header can be believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// The track's time at which frame 0 of the audio sounds, in frames.
    origin: i64,
    /// Frames that the header promises, in the formats that count them exactly.
    pub(crate) expected_frames: Option<u64>,
    /// Frames after which only padding follows.
    pub(crate) limit_frames: u64,
    /// The stream marks its end, so one that lacks the mark was cut.
    pub(crate) marks_its_end: bool,
    pub(crate) is_mp4: bool,
    /// Packets carry true times, so that a jump is a loss.
    pub(crate) has_true_times: bool,
    /// Frames to decode before a window, until the decoder's state is that of a decode from the
    /// start: mp3 borrows bits from as far back as 511 bytes, which at the lowest bit rates is two
    /// dozen packets; AAC and Vorbis overlap one block with the next.
    pub(crate) preroll_frames: u64,
    /// An mp3, which this crate trims, not the decoder; and whether a tag gives the padding. The
    /// start-up needs no trimming: its packets have times before zero.
    trims_mp3_end: Option<bool>,
    time_base: Option<TimeBase>,
    sample_rate_hz: u32,
}

impl Span {
    /// Reads what container and track say of themselves.
    pub(crate) fn of(path: &Path, container: &Container) -> Result<Self, AudioError> {
        let track = &container.track;
        let sample_rate_hz = container.sample_rate_hz;
        // A count of all ones is what a writer leaves that could not seek back.
        let counted = track.num_frames.filter(|&frames| frames != u64::from(u32::MAX));
        let mut span = Span {
            origin: 0,
            expected_frames: None,
            limit_frames: u64::MAX,
            marks_its_end: false,
            is_mp4: false,
            has_true_times: false,
            preroll_frames: 0,
            trims_mp3_end: None,
            time_base: track.time_base,
            sample_rate_hz,
        };
        match container.format {
            format::FORMAT_ID_WAVE | format::FORMAT_ID_AIFF | FORMAT_ID_AU => {
                span.expected_frames = counted;
            }
            format::FORMAT_ID_FLAC => {
                span.expected_frames = counted;
                span.has_true_times = true;
            }
            format::FORMAT_ID_OGG => {
                span.marks_its_end = true;
                span.has_true_times = true;
                span.preroll_frames = 8192;
            }
            format::FORMAT_ID_MP3 => {
                span.trims_mp3_end = Some(track.padding.is_some());
                span.preroll_frames = 24 * 1152;
            }
            format::FORMAT_ID_ISOMP4 => {
                span.is_mp4 = true;
                span.marks_its_end = true;
                span.preroll_frames = 4096;
                span.apply_edits(path, track, counted)?;
            }
            _ => span.preroll_frames = 4096,
        }
        Ok(span)
    }

    fn apply_edits(&mut self, path: &Path, track: &Track, counted: Option<u64>) -> Result<(), AudioError> {
        let edits = mp4_edits::read(path, track.id).map_err(|source| AudioError::Io { path: path.to_owned(), source })?;
        let start = i64::try_from(edits.media_start_ticks).unwrap_or(i64::MAX);
        self.origin = self.frames(start);
        if edits.is_fragmented {
            return Ok(());
        }
        let mut frames = counted.map(|n| n.saturating_sub(self.origin.unsigned_abs()));
        if edits.length_movie_ticks > 0 && edits.movie_ticks_per_s > 0 {
            let per_tick = f64::from(self.sample_rate_hz) / f64::from(edits.movie_ticks_per_s);
            let length = (edits.length_movie_ticks as f64 * per_tick).round() as u64;
            // The movie's clock is often in milliseconds. The packets' durations are exact: the
            // edit only wins where it cuts off more than the clock's own error.
            frames = Some(frames.map_or(length, |n| if n as f64 <= length as f64 + per_tick { n } else { length }));
        }
        self.expected_frames = frames;
        self.limit_frames = frames.unwrap_or(u64::MAX);
        Ok(())
    }

    /// A stream that begins later than its own time zero begins at zero all the same.
    pub(crate) fn start_at(&mut self, first: &Packet) {
        if self.has_true_times {
            self.origin = self.stamp(first).max(0);
        }
    }

    /// Ticks of the track's clock in frames.
    fn frames(&self, ticks: i64) -> i64 {
        let Some(base) = self.time_base else { return ticks };
        let (numer, denom) = (i128::from(base.numer.get()), i128::from(base.denom.get()));
        let scaled = i128::from(ticks) * numer * i128::from(self.sample_rate_hz);
        ((scaled + denom / 2).div_euclid(denom)) as i64
    }

    /// The tick of the track's clock at which a frame of the audio sounds.
    pub(crate) fn ticks(&self, frame: u64) -> i64 {
        let frame = i64::try_from(frame).unwrap_or(i64::MAX).saturating_add(self.origin);
        let Some(base) = self.time_base else { return frame };
        let (numer, denom) = (i128::from(base.numer.get()), i128::from(base.denom.get()));
        let ticks = i128::from(frame) * denom / (numer * i128::from(self.sample_rate_hz));
        i64::try_from(ticks).unwrap_or(i64::MAX)
    }

    /// The frame of the audio at which the first frame that a packet decodes to sounds.
    pub(crate) fn stamp(&self, packet: &Packet) -> i64 {
        // Where the decoder trims, it has trimmed this much before we see the frames.
        let trimmed = if self.trims_mp3_end.is_some() { 0 } else { packet.trim_start.get() };
        self.frames(packet.pts.get().saturating_add_unsigned(trimmed)) - self.origin
    }

    /// Frames for us to cut from the end of a decoded packet.
    pub(crate) fn trim_end(&self, packet: &Packet) -> usize {
        if self.trims_mp3_end == Some(true) { packet.trim_end.get() as usize } else { 0 }
    }

    /// Frames that a packet decodes to, by its own account.
    pub(crate) fn packet_frames(&self, packet: &Packet) -> usize {
        let ticks = i64::try_from(packet.dur.get()).unwrap_or(i64::MAX);
        (self.frames(ticks).max(0) as usize).saturating_sub(self.trim_end(packet))
    }
}
