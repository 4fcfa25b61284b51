//! Samples that come in blocks become the frames that all of them at once would give.

use crate::{Complex32, Stft};

/// Holds the samples that frames still to come will read: two frames' worth and a hop at most.
///
/// The frames are those of [`Stft::for_each_frame`] on all samples, bit for bit, where there are at least `n_fft` of
/// them: then no frame reaches out over both ends further than what is held.
#[derive(Debug, Clone, Default)]
pub(super) struct Framer {
    held: Vec<f32>,
    /// The sample that `held` begins with.
    base: usize,
    next_frame: usize,
}

impl Framer {
    /// Samples so far.
    pub(super) fn n_samples(&self) -> usize {
        self.base + self.held.len()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.held.clear();
        (self.base, self.next_frame) = (0, 0);
    }

    /// Takes more samples, and hands out the frames that are complete with them.
    pub(super) fn push(&mut self, stft: &mut Stft, samples: &[f32], mut each: impl FnMut(&[Complex32])) {
        let n_fft = stft.config().n_fft;
        for block in samples.chunks(n_fft) {
            self.held.extend_from_slice(block);
            // A frame that reaches out over the start mirrors samples of the first `n_fft`.
            if self.n_samples() < n_fft {
                continue;
            }
            while self.next_start(stft) + n_fft as isize <= self.held.len() as isize {
                each(stft.spectrum_at(&self.held, self.next_start(stft)));
                self.next_frame += 1;
            }
            // A frame that reaches out over the end mirrors samples of the last `n_fft`.
            let done = usize::try_from(self.next_start(stft)).unwrap_or(0).min(self.held.len() - n_fft);
            self.held.drain(..done);
            self.base += done;
        }
    }

    /// Hands out the frames that reach out over the end.
    pub(super) fn finish(&mut self, stft: &mut Stft, mut each: impl FnMut(&[Complex32])) {
        while self.next_frame < stft.config().frames(self.n_samples()) {
            each(stft.spectrum_at(&self.held, self.next_start(stft)));
            self.next_frame += 1;
        }
    }

    /// Where the next frame begins, counted from the start of `held`; before it, for a frame over padding.
    fn next_start(&self, stft: &Stft) -> isize {
        let config = stft.config();
        (self.next_frame * config.hop) as isize - config.padding.pad_samples(config.n_fft) as isize - self.base as isize
    }
}
