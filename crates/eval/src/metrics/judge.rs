//! From probabilities to answers, a clip or a track at a time.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::Prediction;

use super::Level;
use crate::EvalError;

/// How far from 1 a clip's probabilities may add up to: the rounding of a softmax in `f32` stays far below.
const SUM_TOLERANCE: f64 = 1e-3;

/// Whether `rows` can be scored at all.
pub(crate) fn check(classes: &[String], rows: &[&Prediction]) -> Result<(), EvalError> {
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

/// A clip or a track with its answer.
pub(crate) struct Item<'a> {
    pub(crate) track_id: &'a str,
    pub(crate) truth: &'a str,
    /// The place of the class answered.
    pub(crate) answer: usize,
    /// One probability a class; a vote has none.
    pub(crate) probabilities: Option<Vec<f64>>,
}

/// The items of `rows`, which must have passed [`check`]; clips by the order of their names, tracks by theirs, so that the
/// order of a file leaves no trace in the last bit of a sum.
pub(crate) fn items<'a>(level: Level, classes: &[String], rows: &[&'a Prediction]) -> Result<Vec<Item<'a>>, EvalError> {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|one, other| one.clip_id.cmp(&other.clip_id));
    let clips = sorted.into_iter().map(|row| {
        let probabilities: Vec<f64> = row.probabilities.iter().map(|&value| f64::from(value)).collect();
        let answer = highest(&probabilities);
        Item { track_id: &row.track_id, truth: &row.true_label, answer, probabilities: Some(probabilities) }
    });
    if level == Level::Clip {
        return Ok(clips.collect());
    }
    let mut tracks: BTreeMap<&str, Track<'a>> = BTreeMap::new();
    for clip in clips {
        let none = || Track { truth: clip.truth, clips: 0.0, sums: vec![0.0; classes.len()], votes: vec![0; classes.len()] };
        tracks.entry(clip.track_id).or_insert_with(none).add(&clip)?;
    }
    Ok(tracks.into_iter().map(|(track_id, track)| track.judged(track_id, level)).collect())
}

/// What the clips of a track say together.
struct Track<'a> {
    truth: &'a str,
    clips: f64,
    sums: Vec<f64>,
    votes: Vec<u32>,
}

impl<'a> Track<'a> {
    fn add(&mut self, clip: &Item<'a>) -> Result<(), EvalError> {
        if self.truth != clip.truth {
            let (first, second) = (self.truth.to_owned(), clip.truth.to_owned());
            return Err(EvalError::LabelsDiffer { track_id: clip.track_id.to_owned(), first, second });
        }
        self.clips += 1.0;
        self.votes[clip.answer] += 1;
        for (sum, value) in self.sums.iter_mut().zip(clip.probabilities.iter().flatten()) {
            *sum += value;
        }
        Ok(())
    }

    fn judged(self, track_id: &'a str, level: Level) -> Item<'a> {
        let Self { truth, clips, sums, votes } = self;
        let means: Vec<f64> = sums.into_iter().map(|sum| sum / clips).collect();
        if level == Level::Vote {
            let most = votes.iter().max().copied().unwrap_or(0);
            let tied: Vec<f64> = means.iter().zip(&votes).map(|(mean, votes)| if *votes == most { *mean } else { -1.0 }).collect();
            return Item { track_id, truth, answer: highest(&tied), probabilities: None };
        }
        Item { track_id, truth, answer: highest(&means), probabilities: Some(means) }
    }
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
