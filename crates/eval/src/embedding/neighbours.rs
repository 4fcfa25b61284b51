//! Each row's nearest rows, and always the same ones.

use bhtsne::Neighbor;
use rayon::prelude::*;

/// The `count` rows nearest to each row, nearest first; of rows as near as each other, the earlier first.
///
/// All distances are looked at. bhtsne's own search begins at random places, so that where clips are alike (copies of a
/// track, silence) it is left to chance which of them are neighbours, and the points come out another way the next time.
///
/// # Shapes
/// `rows`: of one length, at least `count` + 1 of them.
pub fn nearest(rows: &[&[f32]], count: usize) -> Vec<Vec<Neighbor<f32>>> {
    let of_row = |(at, row): (usize, &&[f32])| {
        let others = rows.iter().enumerate().filter(|(index, _)| *index != at);
        let mut all: Vec<Neighbor<f32>> = others.map(|(index, other)| Neighbor { index, distance: distance(row, other) }).collect();
        let by_distance = |a: &Neighbor<f32>, b: &Neighbor<f32>| a.distance.total_cmp(&b.distance).then(a.index.cmp(&b.index));
        if count < all.len() {
            all.select_nth_unstable_by(count, by_distance);
            all.truncate(count);
        }
        all.sort_by(by_distance);
        all
    };
    rows.par_iter().enumerate().map(of_row).collect()
}

fn distance(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_first_and_the_earlier_of_two_as_near() {
        let rows: Vec<&[f32]> = vec![&[0.0, 0.0], &[3.0, 4.0], &[0.0, 1.0], &[1.0, 0.0], &[0.0, 0.0]];
        let found: Vec<Vec<usize>> = nearest(&rows, 3).iter().map(|row| row.iter().map(|one| one.index).collect()).collect();
        assert_eq!(found, [[4, 2, 3], [2, 3, 0], [0, 4, 3], [0, 4, 2], [0, 2, 3]]);
        assert_eq!(nearest(&rows, 4)[0][3], Neighbor { index: 1, distance: 5.0 });
    }
}
