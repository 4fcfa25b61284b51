//! Means over neighbours: gradients are ragged where ears are not.

/// The mean over each cell and as many around it in time and in frequency, within the edges.
///
/// # Shapes
/// `map` [frames, values] → the same
pub fn smoothed(map: &[f32], [frames, values]: [usize; 2], [in_time, in_frequency]: [usize; 2]) -> Vec<f32> {
    let along: Vec<f32> =
        map.chunks_exact(values).flat_map(|frame| (0..values).map(|at| mean(values, at, in_frequency, |at| frame[at]))).collect();
    (0..map.len()).map(|cell| mean(frames, cell / values, in_time, |frame| along[frame * values + cell % values])).collect()
}

fn mean(end: usize, at: usize, around: usize, value: impl Fn(usize) -> f32) -> f32 {
    let near = at.saturating_sub(around)..(at + around + 1).min(end);
    let count = near.len() as f32;
    near.map(value).sum::<f32>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_becomes_the_mean_of_those_around_it_within_the_edges() {
        assert_eq!(smoothed(&[6.0, 0.0, 0.0, 0.0, 0.0, 0.0], [2, 3], [1, 2]), [1.0; 6]);
        assert_eq!(smoothed(&[1.0, 1.0, 1.0, 1.0, 1.0, 7.0, 1.0], [1, 7], [1, 2])[..4], [1.0, 1.0, 1.0, 2.2]);
        assert_eq!(smoothed(&[1.0, 2.0, 3.0, 4.0], [2, 2], [0, 0]), [1.0, 2.0, 3.0, 4.0]);
    }
}
