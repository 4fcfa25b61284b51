//! How far a track may be from those that a head was fitted on, and how many real ones are farther.

use anyhow::Result;
use segno_dataset::{CrossFolds, CrossPlan};
use segno_models::{Familiar, Familiarity, Rows, quantile};

use super::Data;

/// The share of tracks of the other folds that are nearer than the limit: one of twenty real tracks is the price.
const QUANTILE: f64 = 0.95;

/// Keeps the rows of a task's tracks, sets the limit by the distances of folds to each other, and counts, in each fold, the tracks
/// beyond a limit that was set without it.
///
/// # Errors
/// The tracks cannot be folded.
pub fn familiar(data: &Data<'_>, plan: &CrossPlan<'_>) -> Result<(Familiar, Familiarity)> {
    let rows: Vec<usize> = (0..data.labels.len()).filter(|row| data.labels[*row].is_some()).collect();
    let folds = folds_of(data, &CrossPlan { purpose: "of all", ..*plan }, &rows)?;
    let limit = limit(data, &folds);
    let (mut tested, mut refused) = (0, 0);
    for fold in 0..folds.len() {
        let (test, train) = sides(&folds, fold);
        let purpose = format!("within fold {fold}");
        let limit = self::limit(data, &folds_of(data, &CrossPlan { purpose: &purpose, ..*plan }, &train)?);
        tested += test.len() as u64;
        refused += distances(data, &train, &test).iter().filter(|distance| **distance > limit).count() as u64;
    }
    let (values, width) = beside(data, &rows);
    let card = Familiarity { tracks: rows.len(), neighbours: Familiar::NEIGHBOURS, quantile: QUANTILE, limit, tested, refused };
    Ok((Familiar::fit(Rows { values: &values, width }), card))
}

/// Rows by fold; those of no fold are left out.
fn folds_of(data: &Data<'_>, plan: &CrossPlan<'_>, rows: &[usize]) -> Result<Vec<Vec<usize>>> {
    let names: Vec<&str> = rows.iter().map(|row| data.table.tracks[*row].as_str()).collect();
    let drawn = CrossFolds::draw(plan, data.near, data.manifest, &names)?;
    let mut folds = vec![vec![]; plan.folds];
    for (row, name) in rows.iter().zip(names) {
        if let Some(fold) = drawn.fold_of.get(name) {
            folds[*fold].push(*row);
        }
    }
    folds.retain(|fold| !fold.is_empty());
    Ok(folds)
}

/// A fold, and all others.
fn sides(folds: &[Vec<usize>], fold: usize) -> (Vec<usize>, Vec<usize>) {
    let others = folds.iter().enumerate().filter(|(index, _)| *index != fold).flat_map(|(_, rows)| rows.clone());
    (folds[fold].clone(), others.collect())
}

fn limit(data: &Data<'_>, folds: &[Vec<usize>]) -> f32 {
    let of_fold = |fold: usize| {
        let (test, train) = sides(folds, fold);
        distances(data, &train, &test)
    };
    quantile(&(0..folds.len()).flat_map(of_fold).collect::<Vec<f32>>(), QUANTILE)
}

fn distances(data: &Data<'_>, train: &[usize], test: &[usize]) -> Vec<f32> {
    let ((train, width), (test, _)) = (beside(data, train), beside(data, test));
    Familiar::fit(Rows { values: &train, width }).distances(Rows { values: &test, width })
}

/// All inputs: what the classifier does not want may still tell a voice from a song.
fn beside(data: &Data<'_>, rows: &[usize]) -> (Vec<f32>, usize) {
    data.beside(&(0..data.table.widths.len()).collect::<Vec<_>>(), rows)
}
