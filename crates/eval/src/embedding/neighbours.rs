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
    let by_distance = |a: &Neighbor<f32>, b: &Neighbor<f32>| a.distance.total_cmp(&b.distance).then(a.index.cmp(&b.index));
    // Squared until the few are chosen; the memory for all is a thread's own and stays.
    let of_row = |all: &mut Vec<Neighbor<f32>>, (at, row): (usize, &&[f32])| {
        let others = rows.iter().enumerate().filter(|(index, _)| *index != at);
        all.clear();
        all.extend(others.map(|(index, other)| Neighbor { index, distance: square(row, other) }));
        if count < all.len() {
            all.select_nth_unstable_by(count, by_distance);
            all.truncate(count);
        }
        all.sort_unstable_by(by_distance);
        all.iter().map(|near| Neighbor { index: near.index, distance: near.distance.sqrt() }).collect()
    };
    rows.par_iter().enumerate().map_init(Vec::new, of_row).collect()
}

/// The squared distance, in eight sums side by side: a single one could not be vectorised, as additions in floating point do not commute.
fn square(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in ones.zip(others) {
        (0..8).for_each(|lane| sums[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]));
    }
    sums.iter().sum::<f32>() + rest
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
