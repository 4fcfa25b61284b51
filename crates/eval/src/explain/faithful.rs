//! Deletion and insertion: does the answer hang on what a map points at?

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// An input, what stands for nothing, and the pieces that are taken away as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Units<'a> {
    /// The input.
    pub values: &'a [f32],
    /// What stands in place of a value that is taken away.
    pub baseline: &'a [f32],
    /// Of each value, the unit that it belongs to, counted from 0.
    pub of_values: &'a [usize],
}

impl Units<'_> {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.of_values.iter().max().map_or(0, |last| last + 1)
    }
}

/// A class's probability as more and more of the input is taken away, and as more and more of it is put into the baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curves {
    /// From the whole input to the baseline.
    pub deletion: Vec<f64>,
    /// From the baseline to the whole input.
    pub insertion: Vec<f64>,
}

impl Curves {
    /// The area below the deletion curve: small where the first pieces taken away were what the answer hung on.
    pub fn deletion_area(&self) -> f64 {
        area(&self.deletion)
    }

    /// The area below the insertion curve: large where the first pieces put in were enough.
    pub fn insertion_area(&self) -> f64 {
        area(&self.insertion)
    }
}

/// The curves of a map's order beside those of chance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Faithfulness {
    /// In the order of the map.
    pub map: Curves,
    /// The mean of random orders.
    pub random: Curves,
    /// Lowest and highest deletion area of the random orders.
    pub random_deletion: [f64; 2],
    /// Lowest and highest insertion area of the random orders.
    pub random_insertion: [f64; 2],
}

impl Faithfulness {
    /// Whether the map's order beats every random one, both ways.
    pub fn beats_chance(&self) -> bool {
        self.map.deletion_area() < self.random_deletion[0] && self.map.insertion_area() > self.random_insertion[1]
    }
}

/// Random orders beside the map's.
const ORDERS: u64 = 5;

/// Takes units away and puts them in, `steps` times a like share of them, those of the highest `scores` first; and the same in random
/// orders, for pieces taken away anyhow make an input that the model has never heard, and its answer falls for that as well.
///
/// # Errors
/// Those of `ask`, which gives the answer to an input.
///
/// # Panics
/// When there is not a score a unit, or no step.
///
/// # References
/// V. Petsiuk, A. Das, K. Saenko: RISE: Randomized input sampling for explanation of black-box models, 2018, section 4.2.
pub fn faithfulness<E>(
    units: &Units<'_>,
    scores: &[f32],
    steps: usize,
    mut ask: impl FnMut(&[f32]) -> Result<f64, E>,
) -> Result<Faithfulness, E> {
    let count = units.count();
    assert!(scores.len() == count && steps > 0, "{} scores of {count} units, {steps} steps", scores.len());
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let map = curves(units, &order, steps, &mut ask)?;
    let random: Vec<Curves> = (0..ORDERS).map(|seed| curves(units, &shuffled(count, seed), steps, &mut ask)).collect::<Result<_, E>>()?;
    let mean = |of: fn(&Curves) -> &Vec<f64>| {
        (0..=steps).map(|step| random.iter().map(|curves| of(curves)[step]).sum::<f64>() / random.len() as f64).collect()
    };
    let ends = |area: fn(&Curves) -> f64| {
        let areas = random.iter().map(area);
        areas.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], area| [low.min(area), high.max(area)])
    };
    Ok(Faithfulness {
        map,
        random_deletion: ends(Curves::deletion_area),
        random_insertion: ends(Curves::insertion_area),
        random: Curves { deletion: mean(|curves| &curves.deletion), insertion: mean(|curves| &curves.insertion) },
    })
}

fn curves<E>(units: &Units<'_>, order: &[usize], steps: usize, ask: &mut impl FnMut(&[f32]) -> Result<f64, E>) -> Result<Curves, E> {
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, unit)| rank[*unit] = place);
    let mut curve = |is_deletion: bool| {
        (0..=steps)
            .map(|step| {
                let moved = order.len() * step / steps;
                let pick = |((value, baseline), unit): ((&f32, &f32), &usize)| {
                    if (rank[*unit] < moved) == is_deletion { *baseline } else { *value }
                };
                ask(&units.values.iter().zip(units.baseline).zip(units.of_values).map(pick).collect::<Vec<f32>>())
            })
            .collect::<Result<Vec<f64>, E>>()
    };
    Ok(Curves { deletion: curve(true)?, insertion: curve(false)? })
}

/// The trapezium rule over shares from 0 to 1.
fn area(curve: &[f64]) -> f64 {
    curve.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).sum::<f64>() / (curve.len() - 1) as f64
}

fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, rng.random_range(0..=last));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer that hangs on three of a hundred values.
    fn ask(input: &[f32]) -> Result<f64, ()> {
        Ok(f64::from(input[3] + input[50] + input[99]) / 3.0)
    }

    fn of(scores: &[f32]) -> Faithfulness {
        let of_values: Vec<usize> = (0..100).collect();
        let units = Units { values: &[1.0; 100], baseline: &[0.0; 100], of_values: &of_values };
        faithfulness(&units, scores, 20, ask).unwrap()
    }

    #[test]
    fn a_map_that_knows_beats_chance_and_one_that_is_wrong_loses_to_it() {
        let mut scores = vec![0.0; 100];
        [3, 50, 99].into_iter().for_each(|place| scores[place] = 1.0);
        let right = of(&scores);
        // Gone after the first of twenty steps.
        assert!((right.map.deletion_area() - 0.025).abs() < 1e-9 && (right.map.insertion_area() - 0.975).abs() < 1e-9, "{right:?}");
        assert!((right.random.deletion_area() - 0.5).abs() < 0.2 && right.beats_chance());
        assert_eq!((right.map.deletion[0], right.map.deletion[20], right.map.insertion[0]), (1.0, 0.0, 0.0));
        let wrong = of(&scores.iter().map(|score| -score).collect::<Vec<_>>());
        assert!(wrong.map.deletion_area() > 0.95 && !wrong.beats_chance());
        assert_eq!(wrong.random, right.random, "chance is the same for every map");
    }

    #[test]
    fn units_go_as_a_whole() {
        let of_values: Vec<usize> = (0..100).map(|value| value / 50).collect();
        let units = Units { values: &[1.0; 100], baseline: &[0.0; 100], of_values: &of_values };
        let found = faithfulness(&units, &[0.0, 1.0], 2, ask).unwrap();
        let near = |found: &[f64], expected: [f64; 3]| found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(near(&found.map.deletion, [1.0, 1.0 / 3.0, 0.0]) && near(&found.map.insertion, [0.0, 2.0 / 3.0, 1.0]), "{found:?}");
    }
}
