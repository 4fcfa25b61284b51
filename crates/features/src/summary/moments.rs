//! Mean and standard deviation of each value over frames, and of its slope.

use super::{Statistic, SummarySpec};

/// Takes the statistics of a matrix of frames by values.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    statistics: Vec<Statistic>,
    /// Frames on either side of the one whose slope is asked for.
    half: usize,
    columns: usize,
    row: Vec<f64>,
    first: Vec<f64>,
    sums: Vec<f64>,
    mean: Vec<f64>,
}

impl Summary {
    pub(crate) fn new(spec: &SummarySpec, columns: usize) -> Self {
        let zeros = || vec![0.0; columns];
        Self {
            statistics: spec.statistics.clone(),
            half: spec.delta_width / 2,
            columns,
            row: zeros(),
            first: zeros(),
            sums: zeros(),
            mean: zeros(),
        }
    }

    /// Writes the statistics of `matrix`, which has as many frames as they need.
    ///
    /// # Shapes
    /// `matrix`: `[frames, columns]`, `out`: `[statistics, columns]`, row-major
    pub(crate) fn write(&mut self, matrix: &[f32], out: &mut [f32]) {
        for index in 0..self.statistics.len() {
            let statistic = self.statistics[index];
            self.moments(matrix, statistic.of_delta());
            let out = &mut out[index * self.columns..][..self.columns];
            let values = match statistic {
                Statistic::Mean | Statistic::DeltaMean => &self.mean,
                Statistic::Sd | Statistic::DeltaSd => &self.sums,
            };
            for (out, value) in out.iter_mut().zip(values) {
                *out = *value as f32;
            }
        }
    }

    /// Puts each column's mean into `mean` and its standard deviation into `sums`.
    fn moments(&mut self, matrix: &[f32], of_delta: bool) {
        let Self { half, columns, row, first, sums, mean, .. } = self;
        let n_frames = matrix.len() / *columns;
        let fill = |frame: usize, row: &mut [f64]| {
            if of_delta {
                slope(matrix, frame.clamp(*half, n_frames - 1 - *half), *half, row);
            } else {
                row.iter_mut().zip(&matrix[frame * *columns..]).for_each(|(row, value)| *row = f64::from(*value));
            }
        };
        // Relative to the first frame: a value that never changes has a deviation of 0, and not of rounding.
        fill(0, first);
        sums.fill(0.0);
        for frame in 0..n_frames {
            fill(frame, row);
            row.iter().zip(&*first).zip(&mut *sums).for_each(|((value, first), sum)| *sum += value - first);
        }
        for ((mean, first), sum) in mean.iter_mut().zip(first).zip(&mut *sums) {
            *mean = *first + *sum / n_frames as f64;
            *sum = 0.0;
        }
        for frame in 0..n_frames {
            fill(frame, row);
            row.iter().zip(&*mean).zip(&mut *sums).for_each(|((value, mean), sum)| *sum += (value - mean).powi(2));
        }
        sums.iter_mut().for_each(|sum| *sum = (*sum / n_frames as f64).sqrt());
    }
}

/// The slope, per frame, of the least-squares line through the frames from `middle - half` to `middle + half`:
/// `Σ k · (x[+k] - x[-k]) / 2 Σ k²`.
fn slope(matrix: &[f32], middle: usize, half: usize, out: &mut [f64]) {
    let columns = out.len();
    let norm = (1..=half).map(|k| 2 * k * k).sum::<usize>() as f64;
    out.fill(0.0);
    for k in 1..=half {
        let (after, before) = (&matrix[(middle + k) * columns..], &matrix[(middle - k) * columns..]);
        for (out, (after, before)) in out.iter_mut().zip(after.iter().zip(before)) {
            *out += k as f64 * (f64::from(*after) - f64::from(*before));
        }
    }
    out.iter_mut().for_each(|out| *out /= norm);
}
