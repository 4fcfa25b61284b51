//! How a frame that reaches over the ends of the samples is filled.

use serde::{Deserialize, Serialize};

/// What stands before the first and after the last sample.
///
/// Every kind but [`Padding::None`] centres frame `t` on sample `t · hop`, by `n_fft / 2` samples
/// (rounded down) on either side: librosa's `center=True` with its `pad_mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Padding {
    /// Nothing: frame `t` starts at sample `t · hop`, and what does not fill a frame is left out
    /// (scipy; librosa's `center=False`).
    #[default]
    None,
    /// Zeros (librosa's default, `pad_mode="constant"`).
    Zero,
    /// The samples mirrored, without repeating the one at the end; as often as the padding needs
    /// it.
    Reflect,
    /// The first and the last sample, repeated.
    Edge,
}

impl Padding {
    /// Samples added at either end.
    #[must_use]
    pub fn pad_samples(self, n_fft: usize) -> usize {
        match self {
            Padding::None => 0,
            Padding::Zero | Padding::Reflect | Padding::Edge => n_fft / 2,
        }
    }

    /// Copies the samples from `start` on into `frame`, which may reach over both ends. `samples`
    /// is not empty.
    pub(crate) fn fill(self, samples: &[f32], start: isize, frame: &mut [f32]) {
        // Nearly every frame lies inside; only the few at the ends are gathered sample by sample.
        if let Ok(start) = usize::try_from(start)
            && let Some(inside) = samples.get(start..start + frame.len())
        {
            frame.copy_from_slice(inside);
            return;
        }
        let last = samples.len() as isize - 1;
        for (position, value) in (start..).zip(frame) {
            *value = match self {
                _ if (0..=last).contains(&position) => samples[position as usize],
                Padding::None | Padding::Zero => 0.0,
                Padding::Edge => samples[position.clamp(0, last) as usize],
                Padding::Reflect if last == 0 => samples[0],
                Padding::Reflect => {
                    // Mirroring at both ends repeats with a period of twice the distance between
                    // them.
                    let folded = position.rem_euclid(2 * last);
                    samples[folded.min(2 * last - folded) as usize]
                }
            };
        }
    }
}
