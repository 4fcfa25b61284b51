//! Steps uphill that stay near where they began.

use super::smooth::smoothed;

/// How fast the averages of Adam forget.
const FORGET: [f32; 2] = [0.9, 0.999];

/// A clip's change so far, and what Adam remembers of the way (Kingma, Ba 2015).
pub struct Climb {
    shape: [usize; 2],
    rate: f32,
    naturalness: f32,
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: i32,
}

impl Climb {
    /// Of a clip of that shape, so much a step, with so much weight on staying natural.
    pub fn new(shape: [usize; 2], rate: f32, naturalness: f32) -> Self {
        let zeros = vec![0.0; shape[0] * shape[1]];
        Self { shape, rate, naturalness, mean: zeros.clone(), square: zeros, steps: 0 }
    }

    /// One step: `change` goes along the objective's `slope`, less that of [`strangeness`], both averaged over neighbours, so that
    /// bands over some time change and not cells here and there.
    ///
    /// # Shapes
    /// `slope`, `change` [frames, values]
    pub fn step(&mut self, slope: &[f32], change: &mut [f32]) {
        self.steps += 1;
        let against = strangeness(change, self.shape).1;
        let slope: Vec<f32> = slope.iter().zip(against).map(|(slope, against)| slope - self.naturalness * against).collect();
        let slope = smoothed(&slope, self.shape, [1, self.shape[1] / 64]);
        let correct = FORGET.map(|forget| 1.0 - forget.powi(self.steps));
        for (at, value) in change.iter_mut().enumerate() {
            let slope = slope[at];
            self.mean[at] = FORGET[0] * self.mean[at] + (1.0 - FORGET[0]) * slope;
            self.square[at] = FORGET[1] * self.square[at] + (1.0 - FORGET[1]) * slope * slope;
            *value += self.rate * (self.mean[at] / correct[0]) / ((self.square[at] / correct[1]).sqrt() + 1e-12);
        }
    }
}

/// How strange a change is, and its gradient: the mean of its squares, and of the squared differences of neighbours in time and in
/// frequency. A few large or many scattered changes of single cells, which no ear would hear as anything, cost most.
///
/// # Shapes
/// `change` [frames, values]
pub fn strangeness(change: &[f32], [frames, values]: [usize; 2]) -> (f64, Vec<f32>) {
    let share = 1.0 / (frames * values) as f32;
    let mut gradient: Vec<f32> = change.iter().map(|value| 2.0 * share * value).collect();
    let mut sum: f64 = change.iter().map(|value| f64::from(value * value)).sum();
    let mut pair = |a: usize, b: usize| {
        let apart = change[a] - change[b];
        sum += f64::from(apart * apart);
        gradient[a] += 2.0 * share * apart;
        gradient[b] -= 2.0 * share * apart;
    };
    for at in 0..frames * values {
        if at % values + 1 < values {
            pair(at, at + 1);
        }
        if at + values < frames * values {
            pair(at, at + values);
        }
    }
    (sum * f64::from(share), gradient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_of_strangeness_is_that_of_its_differences() {
        let change: Vec<f32> = (0..12).map(|at| (at as f32 * 1.7).sin()).collect();
        let gradient = strangeness(&change, [3, 4]).1;
        for at in 0..12 {
            let moved = |by: f32| {
                let mut change = change.clone();
                change[at] += by;
                strangeness(&change, [3, 4]).0
            };
            let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
            assert!((slope - f64::from(gradient[at])).abs() < 1e-4, "{at}: {slope} {}", gradient[at]);
        }
    }

    #[test]
    fn what_is_scattered_is_stranger_than_what_is_even() {
        let scattered: Vec<f32> = (0..16).map(|at| if (at / 4 + at) % 2 == 0 { 1.0 } else { -1.0 }).collect();
        assert!(strangeness(&scattered, [4, 4]).0 > 4.0 * strangeness(&[1.0; 16], [4, 4]).0);
        assert_eq!(strangeness(&[0.0; 16], [4, 4]).0, 0.0);
    }

    #[test]
    fn a_climb_ends_where_gain_and_strangeness_are_in_balance() {
        // The objective 0.5 · change of one cell: its slope is met where 2 · naturalness · change = 0.5.
        let mut climb = Climb::new([1, 1], 0.01, 1.0);
        let mut change = [0.0];
        (0..2000).for_each(|_| climb.step(&[0.5], &mut change));
        assert!((change[0] - 0.25).abs() < 0.01, "{}", change[0]);
    }
}
