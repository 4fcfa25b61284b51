//! The name of one of a split's folds.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::DatasetError;

/// The fewest folds there can be: what is not tested has to be trained on.
const FEWEST: u32 = 2;
/// The most: each is a split, a model and a table of predictions.
const MOST: u32 = 1000;

/// One of the folds of a protocol that tests every track once. Its text is `fold-1of5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fold {
    index: u32,
    of: u32,
}

impl Fold {
    /// Fold `index`, counted from 1, of `of`.
    ///
    /// # Errors
    /// [`DatasetError::Fold`] unless `of` is from 2 to 1000 and `index` from 1 to `of`.
    pub fn new(index: u32, of: u32) -> Result<Self, DatasetError> {
        if (FEWEST..=MOST).contains(&of) && (1..=of).contains(&index) {
            return Ok(Self { index, of });
        }
        Err(DatasetError::Fold { found: format!("fold {index} of {of}") })
    }

    /// Every one of `of` folds.
    ///
    /// # Errors
    /// [`DatasetError::Fold`] unless `of` is from 2 to 1000.
    pub fn all(of: u32) -> Result<Vec<Self>, DatasetError> {
        (1..=of.max(1)).map(|index| Self::new(index, of)).collect()
    }

    /// Which one, counted from 1.
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> u32 {
        self.of
    }
}

impl fmt::Display for Fold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("fold-{}of{}", self.index, self.of))
    }
}

impl FromStr for Fold {
    type Err = DatasetError;

    fn from_str(text: &str) -> Result<Self, DatasetError> {
        let numbers = text.strip_prefix("fold-").and_then(|rest| rest.split_once("of"));
        let parsed = numbers.and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        let (index, of) = parsed.ok_or_else(|| DatasetError::Fold { found: format!("'{text}'") })?;
        Self::new(index, of)
    }
}

impl TryFrom<String> for Fold {
    type Error = DatasetError;

    fn try_from(text: String) -> Result<Self, DatasetError> {
        text.parse()
    }
}

impl From<Fold> for String {
    fn from(fold: Fold) -> Self {
        fold.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_what_is_none_is_refused() {
        // As a file may say: a list of them would take fifty gigabytes.
        Fold::all(u32::MAX).unwrap_err();
        let folds = Fold::all(5).unwrap();
        assert_eq!(
            folds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            "fold-1of5 fold-2of5 fold-3of5 fold-4of5 fold-5of5"
        );
        for fold in folds {
            assert_eq!(serde_json::from_str::<Fold>(&serde_json::to_string(&fold).unwrap()).unwrap(), fold);
        }
        for text in ["fold-1of1001", "fold-0of5", "fold-6of5", "fold-1of1", "fold-of5", "fold-1", "1of5", "fold--1of5", ""] {
            let error = text.parse::<Fold>().unwrap_err().to_string();
            assert!(error.contains("expected one of 2 to 1000 folds"), "{error}");
        }
        assert!(Fold::all(0).is_err() && Fold::all(1).is_err());
    }
}
