//! How much of a stream may be beyond repair before it is refused.

use std::path::Path;

use crate::AudioError;

/// One frame in this many may be silence in the place of damage.
const TOLERATED_SHARE: u64 = 20;
/// A tenth of a second is tolerated whatever the share: an mp3 cut out of a longer one cannot
/// decode its first packets, which borrow bits from before the cut.
const TOLERATED_PER_S: u64 = 10;

/// Counts frames replaced by silence.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    pub(crate) bad_frames: u64,
    total_frames: u64,
    reason: String,
}

impl Damage {
    pub(crate) fn good(&mut self, frames: u64) {
        self.total_frames += frames;
    }

    pub(crate) fn bad(&mut self, frames: u64, reason: impl Into<String>) {
        self.bad_frames += frames;
        self.total_frames += frames;
        self.reason = reason.into();
    }

    /// Refuses a stream of which too much was bad, or all.
    pub(crate) fn check(&self, path: &Path, sample_rate_hz: u32) -> Result<(), AudioError> {
        let tolerated = (self.total_frames / TOLERATED_SHARE).max(u64::from(sample_rate_hz) / TOLERATED_PER_S);
        if self.bad_frames == 0 || (self.bad_frames <= tolerated && self.bad_frames < self.total_frames) {
            return Ok(());
        }
        Err(AudioError::Damaged {
            path: path.to_owned(),
            bad_frames: self.bad_frames,
            total_frames: self.total_frames,
            reason: self.reason.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(bad: u64, good: u64) -> bool {
        let mut damage = Damage::default();
        damage.good(good);
        damage.bad(bad, "test");
        damage.check(Path::new("x"), 1000).is_ok()
    }

    #[test]
    fn a_twentieth_or_a_tenth_of_a_second_passes_and_no_more() {
        assert!(verdict(0, 0));
        assert!(verdict(500, 9500));
        assert!(!verdict(501, 9499));
        assert!(verdict(100, 200));
        assert!(!verdict(101, 200));
    }

    #[test]
    fn a_stream_without_one_good_frame_is_refused() {
        assert!(!verdict(10, 0));
    }
}
