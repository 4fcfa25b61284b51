//! A file's window as a stream of mono blocks at the rate asked for.

use std::path::{Path, PathBuf};

use crate::decode::Decoder;
use crate::options::Window;
use crate::resample::{Resampler, output_frames};
use crate::{AudioError, LoadOptions};

/// A file, opened, that yields mono blocks at one rate.
///
/// Blocks are bounded by the format's packets and the resampler's blocks, so memory does not grow
/// with the length of the file.
///
/// A window is found by seeking, and equals the same window of the whole bit for bit, resampled or
/// not. (The exception is AAC that codes noise by a generator: the noise differs.) An mp3 has no
/// index: the headers of the packets before a window are walked, not decoded.
pub struct AudioStream {
    path: PathBuf,
    options: LoadOptions,
    decoder: Decoder,
    resampler: Option<Resampler>,
    sample_rate_hz: u32,
    window: Window,
    /// The next output frame that the resampler or decoder will yield.
    next_frame: u64,
    /// The native frame that the resampler wants next.
    next_native: u64,
    out: Vec<f32>,
    is_over: bool,
}

impl AudioStream {
    /// Opens a file, finds its audio track and goes to the start of the window.
    ///
    /// # Errors
    /// Every [`AudioError`] that a header can give: an empty or unknown file, a codec that is not
    /// supported, counts that make no sense; and [`AudioError::BadOption`].
    pub fn open(path: &Path, options: &LoadOptions) -> Result<Self, AudioError> {
        options.check(path)?;
        let mut decoder = Decoder::open(path)?;
        let native_hz = decoder.sample_rate_hz();
        let sample_rate_hz = options.sample_rate_hz.unwrap_or(native_hz);
        let window = options.window(sample_rate_hz);
        let (resampler, first_native) = if sample_rate_hz == native_hz {
            (None, window.start)
        } else {
            let (resampler, first) = Resampler::new(native_hz, sample_rate_hz, options.rolloff, window.start);
            (Some(resampler), first)
        };
        if first_native > 0 && decoder.seek(first_native).is_err() {
            // Not seekable there (an estimated length, junk between packets, a start beyond the
            // end): decode up to the window instead, which finds the same samples or the true fault.
            decoder = Decoder::open(path)?;
        }
        Ok(AudioStream {
            path: path.to_owned(),
            options: *options,
            decoder,
            resampler,
            sample_rate_hz,
            window,
            next_frame: window.start,
            next_native: first_native,
            out: Vec::new(),
            is_over: false,
        })
    }

    /// The rate of the blocks in Hz.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// The file's own rate in Hz.
    pub fn native_sample_rate_hz(&self) -> u32 {
        self.decoder.sample_rate_hz()
    }

    /// The file's channels, of which a block holds the mean.
    pub fn channels(&self) -> usize {
        self.decoder.channels()
    }

    /// Native frames so far that could not be decoded and were replaced by silence.
    ///
    /// Up to a twentieth of the frames (or a tenth of a second) is tolerated, as players do; more
    /// is [`AudioError::Damaged`].
    pub fn damaged_frames(&self) -> u64 {
        self.decoder.damaged_frames()
    }

    /// The next block: mono, at the rate asked for, never empty; `None` at the end of the window.
    ///
    /// # Errors
    /// Any [`AudioError`] that shows while decoding: [`AudioError::Truncated`] when the window
    /// reaches past the point at which the file was cut, [`AudioError::NonFinite`],
    /// [`AudioError::Damaged`], [`AudioError::WindowBeyondEnd`]. After an error the stream is over.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError> {
        self.out.clear();
        while !self.is_over && self.out.is_empty() {
            if let Err(error) = self.advance() {
                self.is_over = true;
                return Err(error);
            }
        }
        Ok(Some(&self.out[..]).filter(|block| !block.is_empty()))
    }

    /// Decodes one more block into `out`, cut to the window.
    fn advance(&mut self) -> Result<(), AudioError> {
        let mut end = self.window.end;
        let is_end = match self.decoder.next_block()? {
            Some(block) => {
                // What a seek found before the place sought is not wanted.
                let late = self.next_native.saturating_sub(block.start);
                let samples = &block.samples[(late as usize).min(block.samples.len())..];
                self.next_native += samples.len() as u64;
                match &mut self.resampler {
                    None => self.out.extend_from_slice(samples),
                    Some(resampler) => resampler.push(samples, &mut self.out),
                }
                false
            }
            None => {
                end = end.min(self.length()?);
                if let Some(resampler) = &mut self.resampler {
                    resampler.flush(end.saturating_sub(self.next_frame) as usize, &mut self.out);
                }
                true
            }
        };
        let left = usize::try_from(end.saturating_sub(self.next_frame)).unwrap_or(usize::MAX);
        self.out.truncate(left);
        self.check_finite()?;
        self.next_frame += self.out.len() as u64;
        if is_end || self.next_frame == self.window.end {
            self.is_over = true;
            self.decoder.check_damage()?;
        }
        Ok(())
    }

    /// Samples of a file near the largest number there is are finite, and their sums in the resampler may not be.
    fn check_finite(&self) -> Result<(), AudioError> {
        if self.resampler.is_none() {
            return Ok(()); // the decoder has looked
        }
        match self.decoder.first_non_finite(&self.out) {
            None => Ok(()),
            Some(at) => {
                // The same place at the file's own rate.
                let frame = output_frames(self.next_frame + at as u64, self.sample_rate_hz, self.decoder.sample_rate_hz());
                Err(AudioError::NonFinite { path: self.path.clone(), frame })
            }
        }
    }

    /// Frames at the output's rate, at the end of the file, where it is known; beyond the window's start.
    fn length(&self) -> Result<u64, AudioError> {
        let native_hz = self.decoder.sample_rate_hz();
        let frames_in = self.decoder.position();
        let length = output_frames(frames_in, native_hz, self.sample_rate_hz);
        if length <= self.window.start {
            return Err(AudioError::WindowBeyondEnd {
                path: self.path.clone(),
                start_s: self.options.start_s,
                length_s: frames_in as f64 / f64::from(native_hz),
            });
        }
        Ok(length)
    }
}
