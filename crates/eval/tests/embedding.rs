//! Principal components against a decomposition written down by hand, t-SNE against groups that are known.

mod common;

use common::Draw;
use segno_eval::{
    EvalError,
    embedding::{TsneConfig, principal_components, tsne},
};

/// `groups` clouds far apart in 40 dimensions, 25 rows each, one after the other.
fn clouds(groups: usize) -> Vec<f32> {
    let mut draw = Draw::new(3);
    let row = |group: usize, draw: &mut Draw| -> Vec<f32> {
        (0..40).map(|column| if column % groups == group { 8.0 } else { 0.0 } + draw.unit()).collect()
    };
    (0..groups * 25).flat_map(|index| row(index / 25, &mut draw)).collect()
}

#[test]
fn components_have_the_variances_that_the_rows_were_made_with() {
    // Every pairing of four steps in three directions, so that chance correlates nothing; the first and the third
    // direction are turned in the plane of the first and the last column.
    let (sine, cosine) = (0.6_f32, 0.8_f32);
    let steps = [-1.5_f32, -0.5, 0.5, 1.5];
    let mut truth = vec![];
    let mut rows = vec![];
    for index in 0..64 {
        let [a, b, c] = [(9.0, index / 16), (4.0, index / 4 % 4), (1.0, index % 4)].map(|(spread, step)| spread * steps[step]);
        truth.push([a, b, c]);
        rows.extend([cosine * a - sine * c + 100.0, b, 7.0, sine * a + cosine * c]);
    }
    let found = principal_components(&rows, 4, 3, 1);
    for (row, truth) in found.chunks(3).zip(&truth) {
        for component in 0..3 {
            // The largest loading of each, 0.8, 1 and 0.8, is positive: so are the signs.
            assert!((row[component] - truth[component]).abs() < 1e-3, "component {component}: {row:?}, made from {truth:?}");
        }
    }
    assert_eq!(found, principal_components(&rows, 4, 3, 1));
}

#[test]
fn rows_of_one_cloud_stay_together_and_the_same_rows_give_the_same_points() {
    let rows = clouds(4);
    let config = TsneConfig { perplexity: 8.0, epochs: 300, components: 10, seed: 1 };
    let points = tsne(&rows, 40, &config).unwrap();
    assert_eq!(points.len(), 100);
    for (index, point) in points.iter().enumerate() {
        let far = |other: &[f32; 2]| (point[0] - other[0]).powi(2) + (point[1] - other[1]).powi(2);
        let nearest = (0..100).filter(|other| *other != index).min_by(|a, b| far(&points[*a]).total_cmp(&far(&points[*b]))).unwrap();
        assert_eq!(nearest / 25, index / 25, "row {index} lies beside a row of another cloud");
    }
    assert_eq!(points, tsne(&rows, 40, &config).unwrap(), "twice the same");
}

#[test]
fn what_cannot_be_laid_out_is_refused() {
    let rows = clouds(2);
    let refused = |rows: &[f32], columns, perplexity| {
        let error = tsne(rows, columns, &TsneConfig { perplexity, epochs: 5, ..TsneConfig::default() }).unwrap_err();
        assert!(matches!(error, EvalError::Embedding { .. }), "{error}");
    };
    refused(&rows, 41, 5.0);
    refused(&rows, 0, 5.0);
    refused(&rows, 40, 30.0);
    refused(&rows, 40, f32::NAN);
    refused(&vec![1.0; 2000], 40, 5.0);
    let mut broken = rows.clone();
    broken[7] = f32::NAN;
    refused(&broken, 40, 5.0);
}

#[test]
fn rows_that_are_alike_are_laid_out_the_same_each_time() {
    // Copies of one row are as near as each other: which of them are its neighbours must not be left to chance.
    let mut rows = clouds(4);
    for copy in 1..15 {
        rows.copy_within(0..40, copy * 40);
    }
    let config = TsneConfig { perplexity: 5.0, epochs: 50, components: 10, seed: 1 };
    let points = tsne(&rows, 40, &config).unwrap();
    for _ in 0..10 {
        assert_eq!(points, tsne(&rows, 40, &config).unwrap());
    }
}
