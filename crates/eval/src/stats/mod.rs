//! Mean, spread and interval over seeds; the bootstrap over tracks; the difference of two protocols, and of two models.

mod bootstrap;
mod interval;
mod mcnemar;
mod paired;
mod pairs;
mod student;

use serde::Serialize;

pub use bootstrap::{Bootstrap, percentile_interval};
pub use interval::{CONFIDENCE, Interval};
pub use mcnemar::mcnemar_exact;
pub use paired::{Paired, PairedSeed, paired};
pub use pairs::Pairing;
pub use student::{t_quantile, t_two_sided};

/// What some repetitions of one measurement say together.
///
/// What is undefined is `None`: everything of no values, spread and interval of a single one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// How many values.
    pub n: usize,
    /// Their mean.
    pub mean: Option<f64>,
    /// Their sample standard deviation (divisor `n - 1`).
    pub sd: Option<f64>,
    /// The 95 % interval of the mean: `mean ± t(0.975, n - 1) · sd / √n`. Not cut at 0 or 1.
    pub interval: Option<Interval>,
    /// The values themselves, in the order given.
    pub values: Vec<f64>,
}

impl Summary {
    /// Summarises `values`.
    ///
    /// # References
    /// Student (1908), "The probable error of a mean", Biometrika 6(1).
    pub fn of(values: &[f64]) -> Self {
        let n = values.len();
        let mean = (n > 0).then(|| values.iter().sum::<f64>() / n as f64);
        let sd = mean.filter(|_| n > 1).map(|mean| {
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            (squares / (n - 1) as f64).sqrt()
        });
        let interval = mean.zip(sd).and_then(|(mean, sd)| {
            let degrees = u32::try_from(n - 1).ok()?;
            let half = t_quantile(0.5 + CONFIDENCE / 2.0, degrees)? * sd / (n as f64).sqrt();
            Some(Interval { low: mean - half, high: mean + half })
        });
        Self { n, mean, sd, interval, values: values.to_vec() }
    }
}

/// Summarises `100 · (published − track)` over the seeds that both have: the leak, in points.
///
/// A seed that one side lacks takes no part, since the pairs share their draw of everything else.
pub fn leak_points(published: &[(u64, f64)], track: &[(u64, f64)]) -> Summary {
    let differences: Vec<f64> = published
        .iter()
        .filter_map(|(seed, high)| {
            let (_, low) = track.iter().find(|(other, _)| other == seed)?;
            Some(100.0 * (high - low))
        })
        .collect();
    Summary::of(&differences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_everything_is_undefined() {
        assert_eq!(Summary::of(&[]), Summary::default());
    }

    #[test]
    fn of_one_value_spread_and_interval_are_undefined() {
        let one = Summary::of(&[0.7]);
        assert_eq!((one.n, one.mean, one.sd, one.interval), (1, Some(0.7), None, None));
    }

    #[test]
    fn of_equal_values_the_interval_is_a_point() {
        let same = Summary::of(&[0.5, 0.5, 0.5]);
        assert_eq!(same.sd, Some(0.0));
        assert_eq!(same.interval, Some(Interval { low: 0.5, high: 0.5 }));
    }

    #[test]
    fn the_leak_pairs_by_seed_whatever_the_order() {
        let leak = leak_points(&[(1, 0.9), (2, 0.8), (7, 0.1)], &[(2, 0.5), (1, 0.4), (9, 0.0)]);
        assert_eq!(leak.n, 2, "seeds 7 and 9 have no partner");
        assert!((leak.values[0] - 50.0).abs() < 1e-9 && (leak.values[1] - 30.0).abs() < 1e-9);
        assert!((leak.mean.unwrap() - 40.0).abs() < 1e-9);
    }
}
