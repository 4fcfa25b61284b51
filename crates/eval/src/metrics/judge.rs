//! From probabilities to answers, a clip or a track at a time.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::Prediction;

use super::Confusion;
use crate::EvalError;

/// How far from 1 a clip's probabilities may add up to: the rounding of a softmax in `f32` stays far below.
const SUM_TOLERANCE: f64 = 1e-3;

/// Whether `rows` can be scored at all.
pub(super) fn check(classes: &[String], rows: &[&Prediction]) -> Result<(), EvalError> {
    let mut names = BTreeSet::new();
    if let Some(class) = classes.iter().find(|class| !names.insert(class.as_str())) {
        return Err(EvalError::RepeatedClass { class: class.clone() });
    }
    let mut clips = BTreeSet::new();
    for row in rows {
        let clip_id = || row.clip_id.clone();
        if !clips.insert(row.clip_id.as_str()) {
            return Err(EvalError::RepeatedClip { clip_id: clip_id() });
        }
        let (found, expected) = (row.probabilities.len(), classes.len());
        if found != expected || expected == 0 {
            return Err(EvalError::ProbabilityCount { clip_id: clip_id(), found, expected });
        }
        for (class, &value) in classes.iter().zip(&row.probabilities) {
            // A softmax in f32 may end a rounding above 1.
            if !(0.0..=1.0 + f32::EPSILON * 4.0).contains(&value) {
                return Err(EvalError::NotAProbability { clip_id: clip_id(), class: class.clone(), value });
            }
        }
        let sum: f64 = row.probabilities.iter().map(|&value| f64::from(value)).sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(EvalError::ProbabilitySum { clip_id: clip_id(), sum, tolerance: SUM_TOLERANCE });
        }
    }
    Ok(())
}

pub(super) fn by_clip(classes: &[String], rows: &[&Prediction]) -> Confusion {
    Confusion::count(
        classes,
        rows.iter().map(|row| {
            let probabilities: Vec<f64> = row.probabilities.iter().map(|&value| f64::from(value)).collect();
            (row.true_label.as_str(), highest(&probabilities))
        }),
    )
}

pub(super) fn by_track(classes: &[String], rows: &[&Prediction]) -> Result<Confusion, EvalError> {
    // Summing instead of averaging gives the same answer: the divisor is one for all classes.
    let mut tracks: BTreeMap<&str, (&str, Vec<f64>)> = BTreeMap::new();
    // In the order of the clips' names, so that the order of the file leaves no trace in the last bit of a sum.
    let mut sorted = rows.to_vec();
    sorted.sort_by(|one, other| one.clip_id.cmp(&other.clip_id));
    for row in sorted {
        let (label, sums) = tracks.entry(&row.track_id).or_insert((&row.true_label, vec![0.0; classes.len()]));
        if *label != row.true_label {
            return Err(EvalError::LabelsDiffer {
                track_id: row.track_id.clone(),
                first: (*label).to_owned(),
                second: row.true_label.clone(),
            });
        }
        for (sum, &value) in sums.iter_mut().zip(&row.probabilities) {
            *sum += f64::from(value);
        }
    }
    Ok(Confusion::count(classes, tracks.values().map(|(label, sums)| (*label, highest(sums)))))
}

/// The place of the highest value, the first of several.
fn highest(values: &[f64]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}
