//! One job's share of an extraction that several do together.

use std::{fmt, str::FromStr};

/// Every n-th part, from the i-th on: `i/n`, both counted from 1.
///
/// Jobs with the shares 1/n to n/n write all parts between them, each without knowing of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    first: usize,
    every: usize,
}

impl Share {
    /// All parts.
    pub const WHOLE: Self = Self { first: 0, every: 1 };

    /// Whether the part with this index, counted from 0, is of this share.
    pub fn takes(self, part: usize) -> bool {
        part % self.every == self.first
    }
}

/// How an extraction is cut into parts, and which of them are to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Tracks of a part; at least 1.
    pub tracks: usize,
    /// The parts of this job.
    pub share: Share,
}

impl Parts {
    /// All parts, of so many tracks each.
    pub fn of(tracks: usize) -> Self {
        Self { tracks, share: Share::WHOLE }
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(first, every)| Some((first.parse().ok()?, every.parse().ok()?)));
        match numbers {
            Some((first, every)) if (1..=every).contains(&first) => Ok(Self { first: first - 1, every }),
            _ => Err(format!("expected i/n with i from 1 to n, as 2/8, found '{text}'")),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first + 1, self.every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_every_part_once() {
        let shares: Vec<Share> = (1..=3).map(|i| format!("{i}/3").parse().unwrap()).collect();
        for part in 0..20 {
            assert_eq!(shares.iter().filter(|share| share.takes(part)).count(), 1, "part {part}");
            assert!(Share::WHOLE.takes(part));
        }
        assert_eq!(shares[1].to_string(), "2/3");
    }

    #[test]
    fn a_share_that_is_none_is_refused() {
        for text in ["0/3", "4/3", "1/0", "3", "a/b", "1/3/5", ""] {
            assert!(text.parse::<Share>().unwrap_err().contains("i from 1 to n"), "{text}");
        }
    }
}
