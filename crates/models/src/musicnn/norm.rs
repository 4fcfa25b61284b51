//! Batch normalisation with the statistics of training: one factor and one term a channel.

/// `factor · x + term`, channel by channel.
#[derive(Clone, Debug)]
pub(super) struct Norm {
    pub(super) factor: Vec<f32>,
    term: Vec<f32>,
}

/// That of `tf.layers.batch_normalization`.
const EPSILON: f64 = 1e-3;

impl Norm {
    /// Folds scale, offset, mean and variance, in f64.
    pub(super) fn new([gamma, beta, mean, variance]: [&[f32]; 4]) -> Self {
        let factor: Vec<f64> =
            gamma.iter().zip(variance).map(|(gamma, variance)| f64::from(*gamma) / (f64::from(*variance) + EPSILON).sqrt()).collect();
        let term =
            factor.iter().zip(beta).zip(mean).map(|((factor, beta), mean)| (f64::from(*beta) - f64::from(*mean) * factor) as f32).collect();
        Self { factor: factor.into_iter().map(|factor| factor as f32).collect(), term }
    }

    pub(super) fn channels(&self) -> usize {
        self.factor.len()
    }

    /// Normalises rows of all channels in place.
    pub(super) fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.channels()) {
            for ((value, factor), term) in row.iter_mut().zip(&self.factor).zip(&self.term) {
                *value = *value * factor + term;
            }
        }
    }

    /// Adds the bias, cuts off below 0, normalises.
    pub(super) fn activate(&self, rows: &mut [f32], bias: &[f32]) {
        for row in rows.chunks_exact_mut(self.channels()) {
            for (value, bias) in row.iter_mut().zip(bias) {
                *value = (*value + bias).max(0.0);
            }
        }
        self.apply(rows);
    }

    /// 1 for each channel that grows with its input, -1 for each that falls: of the latter the smallest answer is the largest.
    pub(super) fn signs(&self) -> Vec<f32> {
        self.factor.iter().map(|factor| if *factor < 0.0 { -1.0 } else { 1.0 }).collect()
    }
}
