//! The shares of the three parts, and whole numbers shared out by them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Part;
use crate::DatasetError;

/// What a whole is divided into: shares are kept in thousandths, so that sharing out is exact.
const WHOLE: usize = 1000;

/// The shares of train, valid and test.
///
/// In TOML and JSON: `{ train = 0.9, valid = 0.05, test = 0.05 }`. The default is Irvin et al.'s 4200/600/1200 of 6000 clips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Fractions {
    thousandths: [usize; 3],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    train: f64,
    valid: f64,
    test: f64,
}

impl Fractions {
    /// The shares of train, valid and test.
    ///
    /// # Errors
    /// [`DatasetError::Fractions`] unless each is above 0, has at most three decimals, and they sum to 1.
    pub fn new(train: f64, valid: f64, test: f64) -> Result<Self, DatasetError> {
        let shares = [train, valid, test];
        // What is no number, or negative, becomes 0 here, and so is refused below.
        let thousandths = shares.map(|share| (share * WHOLE as f64).round() as usize);
        let exact = shares.iter().zip(thousandths).all(|(share, n)| n > 0 && (share * WHOLE as f64 - n as f64).abs() < 1e-6);
        if exact && thousandths.iter().sum::<usize>() == WHOLE {
            return Ok(Self { thousandths });
        }
        Err(DatasetError::Fractions { found: format!("{train}, {valid} and {test}") })
    }

    /// A part's share.
    pub fn of(self, part: Part) -> f64 {
        self.thousandths[part as usize] as f64 / WHOLE as f64
    }

    /// Shares `n` out by the largest remainder; a tie goes to test before valid before train, so that
    /// a genre of few tracks is tested at all.
    pub(super) fn apportion(self, n: usize) -> [usize; 3] {
        let mut counts = self.thousandths.map(|share| n * share / WHOLE);
        let mut by_remainder = [2, 1, 0];
        // A stable sort: among equals the order above stays.
        by_remainder.sort_by_key(|&part| std::cmp::Reverse(n * self.thousandths[part] % WHOLE));
        let rest = n - counts.iter().sum::<usize>();
        for &part in &by_remainder[..rest] {
            counts[part] += 1;
        }
        counts
    }
}

impl Default for Fractions {
    fn default() -> Self {
        Self { thousandths: [700, 100, 200] }
    }
}

impl fmt::Display for Fractions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [train, valid, test] = Part::ALL.map(|part| self.of(part));
        write!(f, "{train}/{valid}/{test}")
    }
}

impl TryFrom<Written> for Fractions {
    type Error = DatasetError;

    fn try_from(written: Written) -> Result<Self, DatasetError> {
        Self::new(written.train, written.valid, written.test)
    }
}

impl From<Fractions> for Written {
    fn from(fractions: Fractions) -> Self {
        let [train, valid, test] = Part::ALL.map(|part| fractions.of(part));
        Self { train, valid, test }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn li() -> Fractions {
        Fractions::new(0.9, 0.05, 0.05).unwrap()
    }

    #[test]
    fn as_in_the_papers() {
        let irvin = Fractions::default();
        assert_eq!(irvin, Fractions::new(0.7, 0.1, 0.2).unwrap());
        assert_eq!(irvin.apportion(6000), [4200, 600, 1200]);
        assert_eq!(irvin.apportion(100), [70, 10, 20]);
        assert_eq!(irvin.apportion(10), [7, 1, 2]);
        assert_eq!(li().apportion(7500), [6750, 375, 375]);
        assert_eq!(li().apportion(75), [67, 4, 4]);
    }

    #[test]
    fn small_wholes() {
        let expected = [[0, 0, 0], [1, 0, 0], [1, 0, 1], [2, 0, 1], [3, 0, 1], [3, 1, 1]];
        for (n, expected) in expected.into_iter().enumerate() {
            assert_eq!(Fractions::default().apportion(n), expected, "{n}");
        }
    }

    #[test]
    fn nothing_is_lost_and_nobody_is_off_by_one() {
        for fractions in [Fractions::default(), li(), Fractions::new(0.334, 0.333, 0.333).unwrap()] {
            for n in 0..2000 {
                let counts = fractions.apportion(n);
                assert_eq!(counts.iter().sum::<usize>(), n);
                for (count, part) in counts.into_iter().zip(Part::ALL) {
                    assert!((count as f64 - fractions.of(part) * n as f64).abs() < 1.0 - 1e-9, "{n}: {counts:?}");
                }
            }
        }
    }

    #[test]
    fn shares_that_are_none_are_refused() {
        for [train, valid, test] in
            [[0.9, 0.05, 0.06], [1.0, 0.0, 0.0], [1.1, -0.2, 0.1], [f64::NAN, 0.5, 0.5], [0.9, 0.0504, 0.0496], [f64::INFINITY, 0.1, 0.2]]
        {
            let error = Fractions::new(train, valid, test).unwrap_err().to_string();
            assert!(error.contains("expected three shares"), "{error}");
        }
        let toml = toml::from_str::<Fractions>("train = 0.9\nvalid = 0.05\ntest = 0.05").unwrap();
        assert_eq!((toml, toml.to_string().as_str()), (li(), "0.9/0.05/0.05"));
        assert_eq!(serde_json::to_string(&toml).unwrap(), r#"{"train":0.9,"valid":0.05,"test":0.05}"#);
        assert!(toml::from_str::<Fractions>("train = 0.9\nvalid = 0.05\ntest = 0.1").is_err());
    }
}
