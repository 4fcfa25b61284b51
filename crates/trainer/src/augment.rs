//! What is done to clips on their way into training, so that no epoch sees the same ones.

use rand::{Rng, RngExt, seq::SliceRandom};
use serde::{Deserialize, Serialize};

use crate::{TrainError, config::require};

/// | knob | purpose | range |
/// |---|---|---|
/// | `roll` | each clip is turned round along time by a random number of frames | `false` (default), `true` |
/// | `time_masks` | `{ count, most }`: runs of at most so many frames become zero, the mean where features are standardised | count ≥ 1, most ≥ 1, or absent |
/// | `frequency_masks` | the same of bins | the same |
/// | `filter` | `{ points, most }`: to every frame of a clip the same curve over bins is added, straight between points that lie evenly, the first and the last bin among them, each drawn from -`most` to `most`: another microphone, another mastering | points ≥ 2, 0 < most ≤ 1000, in the unit of the standardised features; or absent |
/// | `mixup` | α: each batch is mixed with itself in another order, by a share drawn from Beta(α, α), its losses too | 0.01 to 1, or absent |
///
/// # References
/// Park et al. 2019 (SpecAugment, without warping); Nam et al. 2022 (FilterAugment, its linear kind, with points that lie evenly); Zhang et al. 2018 (mixup; of the share and its complement the larger is
/// the clip's own).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the table above
pub struct Augment {
    #[serde(default)]
    pub roll: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_masks: Option<Masks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency_masks: Option<Masks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mixup: Option<f64>,
}

/// A curve over bins that is added to a clip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Between which the curve is straight.
    pub points: usize,
    /// How far from zero a point may lie.
    pub most: f32,
}

/// Runs that are set to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Masks {
    /// A clip.
    pub count: usize,
    /// Length of the longest.
    pub most: usize,
}

/// With whom each clip of a batch was mixed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// Places in the batch.
    pub partners: Vec<usize>,
    /// The clip's own share, from a half to 1.
    pub share: f32,
}

impl Augment {
    pub(crate) fn check(&self) -> Result<(), TrainError> {
        for (knob, masks) in [("time_masks", self.time_masks), ("frequency_masks", self.frequency_masks)] {
            let holds = masks.is_none_or(|masks| masks.count > 0 && masks.most > 0);
            require(knob, format!("{masks:?}"), holds, "a count and a length of at least 1 each")?;
        }
        let holds = self.filter.is_none_or(|Filter { points, most }| points >= 2 && most > 0.0 && most <= 1000.0);
        require("filter", format!("{:?}", self.filter), holds, "at least 2 points, and a number above 0, at most 1000")?;
        let alpha = self.mixup.unwrap_or(1.0);
        // Below, nearly every draw of Beta is 0 or 1 in f64 too, and most are none at all.
        require("mixup", alpha, (0.01..=1.0).contains(&alpha), "a number from 0.01 to 1, or absent")
    }

    /// Changes a batch; says how it was mixed.
    ///
    /// # Shapes
    /// `clips` [N, frames, bins]
    pub fn apply(&self, clips: &mut [f32], [frames, bins]: [usize; 2], rng: &mut impl Rng) -> Option<Mixture> {
        for clip in clips.chunks_exact_mut(frames * bins) {
            if self.roll {
                clip.rotate_left(rng.random_range(0..frames) * bins);
            }
            if let Some(filter) = self.filter {
                let curve = filter.curve(bins, rng);
                clip.chunks_exact_mut(bins).for_each(|frame| frame.iter_mut().zip(&curve).for_each(|(value, gain)| *value += gain));
            }
            for (start, length) in runs(self.time_masks, frames, rng) {
                clip[start * bins..][..length * bins].fill(0.0);
            }
            for (start, length) in runs(self.frequency_masks, bins, rng) {
                clip.chunks_exact_mut(bins).for_each(|frame| frame[start..][..length].fill(0.0));
            }
        }
        self.mixup.map(|alpha| mix(clips, frames * bins, alpha, rng))
    }
}

impl Filter {
    /// A drawn curve, a number a bin.
    fn curve(self, bins: usize, rng: &mut impl Rng) -> Vec<f32> {
        let points: Vec<f32> = (0..self.points).map(|_| rng.random_range(-self.most..=self.most)).collect();
        let at = |bin: usize| {
            let place = bin as f32 * (self.points - 1) as f32 / (bins - 1).max(1) as f32;
            let before = (place as usize).min(self.points - 2);
            let share = place - before as f32;
            (1.0 - share) * points[before] + share * points[before + 1]
        };
        (0..bins).map(at).collect()
    }
}

/// Start and length of runs within `size`.
fn runs(masks: Option<Masks>, size: usize, rng: &mut impl Rng) -> Vec<(usize, usize)> {
    let Masks { count, most } = masks.unwrap_or(Masks { count: 0, most: 0 });
    let mut run = || {
        let length = rng.random_range(0..=most.min(size));
        (rng.random_range(0..=size - length), length)
    };
    (0..count).map(|_| run()).collect()
}

fn mix(clips: &mut [f32], size: usize, alpha: f64, rng: &mut impl Rng) -> Mixture {
    let mut partners: Vec<usize> = (0..clips.len() / size).collect();
    partners.shuffle(rng);
    let share = beta(alpha, rng);
    let share = share.max(1.0 - share) as f32;
    let others = clips.to_vec();
    for (clip, partner) in clips.chunks_exact_mut(size).zip(&partners) {
        let other = &others[partner * size..][..size];
        clip.iter_mut().zip(other).for_each(|(value, other)| *value = share * *value + (1.0 - share) * other);
    }
    Mixture { partners, share }
}

/// A draw from Beta(α, α), α from 0.01 to 1 (Jöhnk 1964).
fn beta(alpha: f64, rng: &mut impl Rng) -> f64 {
    loop {
        let [x, y] = [(); 2].map(|()| rng.random::<f64>().powf(1.0 / alpha));
        let sum = x + y;
        if sum > 0.0 && sum <= 1.0 {
            return x / sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    const SHAPE: [usize; 2] = [10, 4];

    /// Three clips; each value says clip, frame and bin.
    fn clips() -> Vec<f32> {
        (0..3 * 40).map(|place| (place + 1) as f32).collect()
    }

    fn applied(augment: &Augment, seed: u64) -> (Vec<f32>, Option<Mixture>) {
        let mut changed = clips();
        let mixture = augment.apply(&mut changed, SHAPE, &mut ChaCha8Rng::seed_from_u64(seed));
        (changed, mixture)
    }

    #[test]
    fn nothing_asked_for_is_nothing_done() {
        assert_eq!(applied(&Augment::default(), 1), (clips(), None));
    }

    #[test]
    fn a_roll_keeps_frames_whole_and_in_order() {
        let augment = Augment { roll: true, ..Augment::default() };
        let mut starts = vec![];
        for seed in 0..20 {
            for (clip, whole) in applied(&augment, seed).0.chunks_exact(40).zip(clips().chunks_exact(40)) {
                let start = whole.iter().position(|value| *value == clip[0]).unwrap();
                assert_eq!(start % 4, 0);
                let mut turned = whole.to_vec();
                turned.rotate_left(start);
                assert_eq!(clip, turned);
                starts.push(start / 4);
            }
        }
        assert!((0..10).all(|start| starts.contains(&start)), "every frame can be the first: {starts:?}");
    }

    #[test]
    fn a_filter_is_one_broken_line_for_all_frames_of_a_clip() {
        let filter = Filter { points: 3, most: 2.0 };
        let (bins, mut least, mut most) = (9, 0.0f32, 0.0f32);
        for seed in 0..50 {
            let augment = Augment { filter: Some(filter), ..Augment::default() };
            let mut clips = vec![1.0; 2 * 5 * bins];
            augment.apply(&mut clips, [5, bins], &mut ChaCha8Rng::seed_from_u64(seed));
            let curves: Vec<&[f32]> = clips.chunks_exact(5 * bins).map(|clip| &clip[..bins]).collect();
            assert_ne!(curves[0], curves[1], "each clip has its own");
            for (clip, curve) in clips.chunks_exact(5 * bins).zip(curves) {
                assert!(clip.chunks_exact(bins).all(|frame| frame == curve), "each frame has the same");
                for bend in [1, 2, 3, 5, 6, 7] {
                    let second = curve[bend - 1] - 2.0 * curve[bend] + curve[bend + 1];
                    assert!(second.abs() < 1e-5, "straight between points: {curve:?}");
                }
                least = curve.iter().fold(least, |least, gain| least.min(gain - 1.0));
                most = curve.iter().fold(most, |most, gain| most.max(gain - 1.0));
            }
        }
        assert!((-2.0..-1.8).contains(&least) && most > 1.8 && most <= 2.0 + 1e-6, "{least} to {most}");
    }

    #[test]
    fn masks_are_runs_no_longer_than_asked() {
        let mut longest = [0, 0];
        for seed in 0..50 {
            for axis in 0..2 {
                let masks = Some(Masks { count: 1, most: 3 });
                let augment = match axis {
                    0 => Augment { time_masks: masks, ..Augment::default() },
                    _ => Augment { frequency_masks: masks, ..Augment::default() },
                };
                for clip in applied(&augment, seed).0.chunks_exact(40) {
                    let of = |place: usize| if axis == 0 { place / 4 } else { place % 4 };
                    let masked = |line: usize| (0..40).filter(|place| of(*place) == line).all(|place| clip[place] == 0.0);
                    let lines: Vec<usize> = (0..SHAPE[axis]).filter(|line| masked(*line)).collect();
                    let zeros = clip.iter().filter(|value| **value == 0.0).count();
                    assert_eq!(zeros, lines.len() * 40 / SHAPE[axis], "whole lines alone");
                    assert!(lines.windows(2).all(|pair| pair[1] == pair[0] + 1), "{lines:?} is no run");
                    longest[axis] = longest[axis].max(lines.len());
                }
            }
        }
        assert_eq!(longest, [3, 3]);
    }

    #[test]
    fn a_mixture_is_what_it_says() {
        for seed in 0..20 {
            let (mixed, mixture) = applied(&Augment { mixup: Some(0.4), ..Augment::default() }, seed);
            let Mixture { partners, share } = mixture.unwrap();
            assert!((0.5..=1.0).contains(&share));
            let whole = clips();
            for (place, value) in mixed.iter().enumerate() {
                let other = whole[partners[place / 40] * 40 + place % 40];
                assert!((value - (share * whole[place] + (1.0 - share) * other)).abs() < 1e-3);
            }
        }
    }

    /// Mean and variance of Beta(α, α): 1/2 and 1 / (4 (2α + 1)).
    #[test]
    fn shares_are_spread_as_beta_says() {
        for alpha in [0.01, 0.2, 1.0] {
            let mut rng = ChaCha8Rng::seed_from_u64(3);
            let draws: Vec<f64> = (0..20_000).map(|_| beta(alpha, &mut rng)).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 20_000.0;
            let expected = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            assert!((mean - 0.5).abs() < 0.01 && (variance / expected - 1.0).abs() < 0.05, "{alpha}: {mean}, {variance}");
        }
    }
}
