//! Steps uphill that stay near where they began.

use super::smooth::smoothed;

/// How far a step goes, in deviations of the features.
pub const RATE: f32 = 0.05;
/// How fast the averages of Adam forget.
const FORGET: [f32; 2] = [0.9, 0.999];

/// What Adam remembers of a clip's way (D. Kingma, J. Ba 2015), with decay beside it as in AdamW (I. Loshchilov, F. Hutter 2019).
pub struct Climb {
    shape: [usize; 2],
    naturalness: f32,
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: i32,
}

impl Climb {
    /// The most that decay can do: all of a change, at each step.
    pub const MOST_NATURAL: f32 = 1.0 / RATE;

    /// Of a clip of that shape.
    pub fn new(shape: [usize; 2], naturalness: f32) -> Self {
        let zeros = vec![0.0; shape[0] * shape[1]];
        Self { shape, naturalness, mean: zeros.clone(), square: zeros, steps: 0 }
    }

    /// One step: `change` goes along the objective's `slope`, and a part of it goes back, [`RATE`] · naturalness of it. A cell that is
    /// always pulled the same way comes to rest at 1 / naturalness. The slope is averaged over neighbours first, so that bands over some
    /// time change, and not cells here and there.
    ///
    /// # Shapes
    /// `slope`, `change` [frames, values]
    pub fn step(&mut self, slope: &[f32], change: &mut [f32]) {
        self.steps += 1;
        let slope = smoothed(slope, self.shape, [1, self.shape[1] / 64]);
        let correct = FORGET.map(|forget| 1.0 - forget.powi(self.steps));
        for (at, (value, slope)) in change.iter_mut().zip(slope).enumerate() {
            self.mean[at] = FORGET[0] * self.mean[at] + (1.0 - FORGET[0]) * slope;
            self.square[at] = FORGET[1] * self.square[at] + (1.0 - FORGET[1]) * slope * slope;
            let along = (self.mean[at] / correct[0]) / ((self.square[at] / correct[1]).sqrt() + 1e-12);
            *value += RATE * (along - self.naturalness * *value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_uphill_and_comes_to_rest_where_it_is_no_longer_natural() {
        for (naturalness, rest) in [(1.0, 1.0), (4.0, 0.25), (Climb::MOST_NATURAL, RATE)] {
            let mut climb = Climb::new([1, 2], naturalness);
            let mut change = [0.0, 0.0];
            (0..400).for_each(|_| climb.step(&[2.0, -3.0], &mut change));
            assert!((change[0] - rest).abs() < 1e-3 && (change[1] + rest).abs() < 1e-3, "{naturalness}: {change:?}");
        }
    }

    #[test]
    fn a_single_cell_takes_its_neighbours_along() {
        let mut slope = vec![0.0; 3 * 64];
        slope[64 + 10] = 1.0;
        let mut change = vec![0.0; 3 * 64];
        Climb::new([3, 64], 1.0).step(&slope, &mut change);
        let moved: Vec<usize> = (0..change.len()).filter(|at| change[*at] > 0.0).collect();
        assert_eq!(moved, [0, 1, 2].iter().flat_map(|frame| (9..12).map(move |bin| frame * 64 + bin)).collect::<Vec<_>>());
    }
}
