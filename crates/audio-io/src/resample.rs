//! From the file's rate to the rate asked for, on a fixed grid of blocks.
//!
//! The rate is halved while that is the cheaper way ([`crate::halve`]), and the rest done by Fourier transforms
//! ([`crate::overlap_save`]). Here the samples are cut into blocks, the filter's delay is taken away, the tail flushed.

use crate::Rolloff;
use crate::halve::{Halver, halvings};
use crate::overlap_save::OverlapSave;

/// Silence is fed in pieces of this many frames.
const SILENCE_FRAMES: usize = 4096;

/// Resamples one mono signal, block by block.
pub(crate) struct Resampler {
    halvers: Vec<Halver>,
    /// Between two halvings.
    spare: [Vec<f32>; 2],
    /// There until the resampler is dropped.
    blocks: Option<OverlapSave>,
    plan: plans::Key,
    /// Halved frames, from the overlap before the next block on.
    pending: Vec<f32>,
    /// Halved frames still to be dropped: those that hear what lies before the first frame fed.
    skip_in: usize,
    /// Output frames still to be dropped: the filter's delay, and what lies before the window.
    skip_out: usize,
}

impl Resampler {
    /// A resampler whose first output frame is `start_out`, counted from the start of the signal,
    /// and the input frame to begin feeding at.
    ///
    /// Every window of a signal is cut into the same blocks as the whole, and an output block
    /// depends on its input and the overlap alone: so a window equals the same part of the whole bit for bit.
    pub(crate) fn new(from_hz: u32, to_hz: u32, rolloff: Rolloff, start_out: u64) -> (Self, u64) {
        let count = halvings(from_hz, to_hz);
        let rate = |halving: u32| f64::from(from_hz) / 2f64.powi(halving as i32);
        let halvers: Vec<Halver> = (0..count).map(|n| Halver::new(rate(n), f64::from(to_hz))).collect();
        // In the ratio of the halved rate, which may be no whole number, to the output's.
        let plan = (from_hz, to_hz << count, rolloff);
        let blocks = plans::take(plan).unwrap_or_else(|| OverlapSave::new(plan.0, plan.1, plan.2));

        let raw_start = start_out + blocks.delay_out() as u64;
        let first_block = raw_start / blocks.block_out() as u64;
        // Silence lies before the signal.
        let (first_halved, silence) = match first_block * blocks.block_in() as u64 {
            0 => (0, blocks.overlap_in()),
            at => (at - blocks.overlap_in() as u64, 0),
        };
        let reach: usize = halvers.iter().enumerate().map(|(n, halver)| halver.reach() << n).sum();
        let lead_in = (reach.div_ceil(1 << count) as u64).min(first_halved);
        let resampler = Resampler {
            halvers,
            spare: Default::default(),
            plan,
            pending: vec![0.0; silence],
            skip_in: lead_in as usize,
            skip_out: (raw_start - first_block * blocks.block_out() as u64) as usize,
            blocks: Some(blocks),
        };
        (resampler, (first_halved - lead_in) << count)
    }

    /// Takes input and appends the output it completes.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        match &mut self.halvers[..] {
            [] => self.pending.extend_from_slice(samples),
            [first, between @ .., last] => {
                let [from, to] = &mut self.spare;
                from.clear();
                first.push(samples, from);
                for halver in between {
                    to.clear();
                    halver.push(from, to);
                    std::mem::swap(from, to);
                }
                last.push(from, &mut self.pending);
            }
            [only] => only.push(samples, &mut self.pending),
        }
        let dropped = self.skip_in.min(self.pending.len());
        self.skip_in -= dropped;
        let mut at = dropped;
        let blocks = self.blocks.as_mut().expect("there until dropped");
        let wanted = blocks.overlap_in() + blocks.block_in();
        while let Some(block) = self.pending.get(at..at + wanted) {
            let skipped = self.skip_out.min(blocks.block_out());
            self.skip_out -= skipped;
            blocks.run(block, skipped, out);
            at += blocks.block_in();
        }
        self.pending.drain(..at);
    }

    /// Pushes silence through until `frames` more are out.
    pub(crate) fn flush(&mut self, frames: usize, out: &mut Vec<f32>) {
        let end = out.len() + frames;
        while out.len() < end {
            self.push(&[0.0; SILENCE_FRAMES], out);
        }
        out.truncate(end);
    }
}

impl Drop for Resampler {
    fn drop(&mut self) {
        if let Some(blocks) = self.blocks.take() {
            plans::put_back(self.plan, blocks);
        }
    }
}

/// Planned transforms, kept by each thread from one file to the next: a corpus has few rates, and
/// each file would design the same filter again.
mod plans {
    use std::cell::RefCell;

    use crate::Rolloff;
    use crate::overlap_save::OverlapSave;

    /// Rates in and out, and the filter between them.
    pub(super) type Key = (u32, u32, Rolloff);

    /// More than the rates of any corpus at once.
    const MOST: usize = 8;
    /// Rates with no divisor in common make transforms of megabytes, which are let go.
    const MOST_FRAMES: usize = 1 << 16;

    thread_local! {
        static PLANS: RefCell<Vec<(Key, OverlapSave)>> = const { RefCell::new(Vec::new()) };
    }

    /// The plan of a ratio of rates, if it is kept and not in use.
    pub(super) fn take(key: Key) -> Option<OverlapSave> {
        PLANS.with_borrow_mut(|plans| {
            let at = plans.iter().position(|(found, _)| *found == key)?;
            Some(plans.swap_remove(at).1)
        })
    }

    pub(super) fn put_back(key: Key, plan: OverlapSave) {
        if plan.block_in().max(plan.block_out()) > MOST_FRAMES {
            return;
        }
        // Borrowed already only while a panic unwinds: the plan is then let go.
        let _ = PLANS.try_with(|plans| {
            if let Ok(mut plans) = plans.try_borrow_mut() {
                if plans.len() == MOST {
                    plans.remove(0);
                }
                plans.push((key, plan));
            }
        });
    }
}

/// Frames that `frames_in` become: `ceil(n · out / in)`, as soxr and librosa count.
pub(crate) fn output_frames(frames_in: u64, from_hz: u32, to_hz: u32) -> u64 {
    let frames = u128::from(frames_in) * u128::from(to_hz);
    frames.div_ceil(u128::from(from_hz)) as u64
}
