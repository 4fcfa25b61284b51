//! The bootstrap over clusters: whole tracks are drawn, with all that belongs to them.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::{CONFIDENCE, Interval};

/// How a bootstrap is drawn.
///
/// | field | default | purpose | range |
/// |---|---|---|---|
/// | `resamples` | 2000 | how many resamples the ends of an interval are read from | at least 1; some thousands are usual |
/// | `seed` | 2016 | the seed of ChaCha8; resample number `b` draws from stream `b` | any |
///
/// The same fields give the same intervals on any number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bootstrap {
    /// How many resamples.
    pub resamples: u32,
    /// The seed of the draws.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 2000, seed: 2016 }
    }
}

impl Bootstrap {
    /// The statistic of each resample, in the order of the resamples.
    ///
    /// A resample draws `clusters` times with replacement from `0..clusters`; `statistic` is handed how often each
    /// cluster was drawn, `clusters` numbers that add up to `clusters`.
    pub fn distribution<T: Send>(&self, clusters: usize, statistic: impl Fn(&[u32]) -> T + Sync) -> Vec<T> {
        (0..self.resamples)
            .into_par_iter()
            .map_init(
                || vec![0; clusters],
                |drawn, resample| {
                    self.draw(resample, drawn);
                    statistic(drawn)
                },
            )
            .collect()
    }

    /// The 95 % percentile interval of a statistic; `None` of fewer than two clusters, or where [`percentile_interval`] is.
    ///
    /// # References
    /// Efron and Tibshirani (1993), An Introduction to the Bootstrap, 13.3; of clusters, Davison and Hinkley (1997),
    /// Bootstrap Methods and their Application, 3.8.
    pub fn interval(&self, clusters: usize, statistic: impl Fn(&[u32]) -> Option<f64> + Sync) -> Option<Interval> {
        (clusters > 1).then(|| percentile_interval(&self.distribution(clusters, statistic)))?
    }

    fn draw(&self, resample: u32, drawn: &mut [u32]) {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(u64::from(resample));
        drawn.fill(0);
        let clusters = drawn.len() as u64;
        for _ in 0..clusters {
            // The upper half of a product: every cluster within 2⁻³² · clusters of alike, and nothing is thrown away.
            drawn[((u64::from(rng.next_u32()) * clusters) >> 32) as usize] += 1;
        }
    }
}

/// What share of the resamples may leave a statistic undefined before its interval is.
const UNDEFINED: f64 = 1.0 - CONFIDENCE;

/// The middle 95 % of some values, between order statistics linearly (numpy's default quantile). Undefined values take
/// no part; with more than 5 % of them, or with none defined, the interval is undefined.
pub fn percentile_interval(values: &[Option<f64>]) -> Option<Interval> {
    let mut defined: Vec<f64> = values.iter().copied().flatten().collect();
    if defined.is_empty() || ((values.len() - defined.len()) as f64) > UNDEFINED * values.len() as f64 {
        return None;
    }
    defined.sort_by(f64::total_cmp);
    let tail = (1.0 - CONFIDENCE) / 2.0;
    Some(Interval { low: quantile(&defined, tail), high: quantile(&defined, 1.0 - tail) })
}

/// A quantile of sorted values, of which there is at least one.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (at - at.floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resample_draws_as_many_clusters_as_there_are_whatever_the_threads() {
        let bootstrap = Bootstrap { resamples: 50, seed: 7 };
        let drawn = || bootstrap.distribution(30, <[u32]>::to_vec);
        let found = drawn();
        assert!(found.iter().all(|drawn| drawn.iter().sum::<u32>() == 30));
        assert!(found.windows(2).all(|pair| pair[0] != pair[1]), "each resample draws anew");
        let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(found, single.install(drawn));
        assert_ne!(found, Bootstrap { seed: 8, ..bootstrap }.distribution(30, <[u32]>::to_vec));
    }

    #[test]
    fn quantiles_lie_between_order_statistics_as_numpys() {
        // numpy 2.4.6: np.quantile([1, 2, 4, 8, 16], [0.025, 0.975]).
        let ends = percentile_interval(&[16.0, 4.0, 1.0, 8.0, 2.0].map(Some)).unwrap();
        assert!((ends.low - 1.1).abs() < 1e-12 && (ends.high - 15.2).abs() < 1e-12, "{ends:?}");
    }

    #[test]
    fn what_is_too_often_undefined_has_no_interval() {
        let values = |undefined: usize| -> Vec<Option<f64>> { (0..100).map(|at| (at >= undefined).then_some(1.0)).collect() };
        assert!(percentile_interval(&values(5)).is_some());
        assert_eq!(percentile_interval(&values(6)), None);
        assert_eq!(percentile_interval(&[]), None);
        assert_eq!(Bootstrap::default().interval(1, |_| Some(0.5)), None, "a single cluster");
    }
}
