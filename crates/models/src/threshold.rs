//! From a confidence to the precision that it brings, and back.

use serde::{Deserialize, Serialize};

/// What is right of everything that is answered at some confidence or above.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The lowest confidence that is answered: the probability of the most probable class.
    pub confidence: f32,
    /// Tracks of at least that confidence.
    pub answered: u64,
    /// How many of these answers are right.
    pub right: u64,
}

impl Step {
    /// The share of the answers that is right.
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.answered as f64
    }

    /// Its 95 % interval.
    pub fn interval(&self) -> [f64; 2] {
        wilson(self.right, self.answered, Z95)
    }
}

/// Deviations of the normal distribution that leave 2.5 % on either side.
pub const Z95: f64 = 1.959_963_984_540_054;

/// How many deviations the precision of a step must be above what is asked for. Of many steps the one that looks best is taken, and
/// it looks better than it is: one deviation takes that back.
const Z_CHOSEN: f64 = 1.0;

/// A step for each confidence that occurs, from the highest down, of answers and whether they are right.
pub fn steps(answers: &[(f32, bool)]) -> Vec<Step> {
    let mut sorted = answers.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut steps: Vec<Step> = vec![];
    for (index, (confidence, is_right)) in sorted.iter().enumerate() {
        let right = steps.last().map_or(0, |step| step.right) + u64::from(*is_right);
        let step = Step { confidence: *confidence, answered: index as u64 + 1, right };
        match steps.last_mut().filter(|last| last.confidence == *confidence) {
            Some(last) => *last = step,
            None => steps.push(step),
        }
    }
    steps
}

/// The step with the most answers whose precision is at least what is asked for, by one deviation of its estimate (the lower end of
/// Wilson's interval); none where no step reaches it.
pub fn reaching(steps: &[Step], precision: f64) -> Option<&Step> {
    steps.iter().rev().find(|step| wilson(step.right, step.answered, Z_CHOSEN)[0] >= precision)
}

/// The interval of a share.
///
/// # References
/// Wilson 1927, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical
/// Association 22.
pub fn wilson(hits: u64, of: u64, z: f64) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let (n, share) = (of as f64, hits as f64 / of as f64);
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    [((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilsons_interval_is_that_of_the_formula_in_numpy() {
        // The formula in numpy, in double precision.
        let [low, high] = wilson(8, 10, Z95);
        assert!((low - 0.490_162_471_536_6).abs() < 1e-9 && (high - 0.943_317_848_545_6).abs() < 1e-9, "{low}, {high}");
        let [low, high] = wilson(5, 5, Z95);
        assert!((low - 0.565_517_535_216_8).abs() < 1e-4 && high == 1.0, "{low}, {high}");
        assert_eq!(wilson(0, 0, Z95), [0.0, 1.0]);
    }

    #[test]
    fn equal_confidences_are_answered_together() {
        let found = steps(&[(0.5, true), (0.9, true), (0.5, false), (0.7, true)]);
        let step = |confidence, answered, right| Step { confidence, answered, right };
        assert_eq!(found, [step(0.9, 1, 1), step(0.7, 2, 2), step(0.5, 4, 3)]);
    }

    #[test]
    fn more_precision_is_had_for_fewer_answers_and_at_the_end_for_none() {
        // Right as often as the confidence says, over 400 tracks from 0.5 to 1.
        let answers: Vec<(f32, bool)> = (0..400)
            .map(|n| {
                let confidence = 0.5 + n as f32 / 800.0;
                (confidence, (n * 7919 % 400) as f32 / 400.0 < confidence)
            })
            .collect();
        let steps = steps(&answers);
        let answered: Vec<u64> = [0.5, 0.8, 0.9].iter().map(|asked| reaching(&steps, *asked).unwrap().answered).collect();
        assert!(answered[0] == 400 && answered.windows(2).all(|pair| pair[0] > pair[1]), "{answered:?}");
        assert!(reaching(&steps, 0.8).unwrap().precision() >= 0.8);
        assert_eq!(reaching(&steps, 1.0), None);
        // Three right answers are no proof of nine in ten.
        assert_eq!(reaching(&super::steps(&[(0.9, true), (0.8, true), (0.7, true)]), 0.9), None);
    }
}
