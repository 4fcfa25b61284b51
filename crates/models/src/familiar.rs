//! How near a track is to those that a head was fitted on: a classifier knows its classes alone, and gives one to a voice too.

use serde::{Deserialize, Serialize};

use crate::{Normaliser, Rows, Standardise};

/// What the card says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Familiarity {
    /// Tracks that a track is held against.
    pub tracks: usize,
    /// How many of the nearest the mean distance is taken of.
    pub neighbours: usize,
    /// The share of the fitted tracks that are nearer than the limit to those of the other folds.
    pub quantile: f64,
    /// What is farther away is none of the classes.
    pub limit: f32,
    /// Tracks that the limit was held against, each by the others alone.
    pub tested: u64,
    /// How many of these were farther away than the limit of the others.
    pub refused: u64,
}

/// The rows of the tracks that a head was fitted on, all of its inputs side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Familiar {
    /// Fitted on these rows.
    pub normaliser: Normaliser,
    /// `[tracks, width]`, standardised.
    pub rows: Vec<f32>,
}

impl Familiar {
    /// Neighbours of which the mean distance is taken: one alone may be a copy, many are far from a track of a small class.
    pub const NEIGHBOURS: usize = 5;

    /// Standardises and keeps rows.
    pub fn fit(rows: Rows<'_>) -> Self {
        let Ok(normaliser) = Normaliser::fit::<std::convert::Infallible>(Standardise::PerBin, rows.width, |piece| {
            piece(rows.values);
            Ok(())
        });
        let mut values = rows.values.to_vec();
        normaliser.apply(&mut values);
        Self { normaliser, rows: values }
    }

    /// Mean Euclidean distance of each row to the nearest of the kept ones, in standardised numbers.
    ///
    /// # Shapes
    /// `rows` `[n, width]` → `[n]`
    pub fn distances(&self, rows: Rows<'_>) -> Vec<f32> {
        let mut values = rows.values.to_vec();
        self.normaliser.apply(&mut values);
        values.chunks_exact(rows.width).map(|row| self.distance(row)).collect()
    }

    fn distance(&self, row: &[f32]) -> f32 {
        let square = |kept: &[f32]| kept.iter().zip(row).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
        let mut distances: Vec<f64> = self.rows.chunks_exact(row.len()).map(|kept| square(kept).sqrt()).collect();
        distances.sort_by(f64::total_cmp);
        let nearest = &distances[..Self::NEIGHBOURS.min(distances.len())];
        (nearest.iter().sum::<f64>() / nearest.len() as f64) as f32
    }
}

/// The distance that a share of some distances do not exceed: the smallest of them with that property.
///
/// # Panics
/// There are none.
pub fn quantile(distances: &[f32], share: f64) -> f32 {
    let mut sorted = distances.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = (share * sorted.len() as f64).ceil() as usize;
    sorted[at.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_among_the_rows_is_near_and_what_does_not_is_far() {
        // Two columns of very different scale, and one that never varies.
        let rows: Vec<f32> = (0..40).flat_map(|n| [(n % 8) as f32, 1000.0 * (n / 8) as f32, 3.0]).collect();
        let familiar = Familiar::fit(Rows { values: &rows, width: 3 });
        let found = familiar.distances(Rows { values: &[3.5, 2000.0, 3.0, 3.5, 12_000.0, 3.0, 40.0, 2000.0, 3.0], width: 3 });
        // The deviations are √5.25 and 1000 √2: of the four nearest, two are half a step away and two a step and a half.
        assert!(found[0] < 0.7 && found[1] > 5.0 && found[2] > 12.0, "{found:?}");
    }

    #[test]
    fn a_quantile_is_one_of_the_distances() {
        let distances: Vec<f32> = (1..=20).rev().map(|n| n as f32).collect();
        assert_eq!([0.0, 0.05, 0.95, 0.951, 1.0].map(|share| quantile(&distances, share)), [1.0, 1.0, 19.0, 20.0, 20.0]);
    }
}
