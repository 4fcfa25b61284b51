//! Predictions that cannot be scored are refused by name, and what is undefined stays undefined.

use segno_dataset::Prediction;
use segno_eval::EvalError;
use segno_eval::metrics::{Level, Metrics};

fn prediction(clip_id: &str, true_label: &str, probabilities: &[f32]) -> Prediction {
    Prediction {
        clip_id: clip_id.to_owned(),
        track_id: clip_id.split('#').next().unwrap_or_default().to_owned(),
        task: "genre".to_owned(),
        true_label: true_label.to_owned(),
        probabilities: probabilities.to_vec(),
    }
}

fn score(level: Level, rows: &[Prediction]) -> Result<Metrics, EvalError> {
    let classes = ["blues".to_owned(), "jazz".to_owned()];
    Metrics::of(level, &classes, &rows.iter().collect::<Vec<_>>())
}

#[test]
fn numbers_that_are_no_probabilities_are_refused() {
    let refused = |probabilities: &[f32]| score(Level::Clip, &[prediction("a#0", "jazz", probabilities)]).unwrap_err();
    assert!(matches!(refused(&[1.0]), EvalError::ProbabilityCount { found: 1, expected: 2, .. }));
    assert!(matches!(refused(&[f32::NAN, 1.0]), EvalError::NotAProbability { .. }));
    assert!(matches!(refused(&[-0.5, 1.5]), EvalError::NotAProbability { .. }));
    assert!(matches!(refused(&[0.2, 0.2]), EvalError::ProbabilitySum { .. }));
    assert!(refused(&[0.2, 0.2]).to_string().contains("`a#0`"), "an error names the clip");
}

#[test]
fn a_clip_counts_once_and_a_track_has_one_label() {
    let twice = [prediction("a#0", "jazz", &[0.0, 1.0]), prediction("a#0", "jazz", &[0.0, 1.0])];
    assert!(matches!(score(Level::Clip, &twice), Err(EvalError::RepeatedClip { .. })));
    let torn = [prediction("a#0", "jazz", &[0.0, 1.0]), prediction("a#1", "blues", &[0.0, 1.0])];
    assert!(score(Level::Clip, &torn).is_ok(), "clips alone do not show it");
    assert!(matches!(score(Level::Track, &torn), Err(EvalError::LabelsDiffer { .. })));
}

#[test]
fn of_no_clips_every_score_is_undefined() {
    let metrics = score(Level::Clip, &[]).unwrap();
    assert_eq!((metrics.n, metrics.accuracy, metrics.macro_f1, metrics.balanced_accuracy), (0, None, None, None));
    assert!(metrics.classes.iter().all(|class| class.precision.is_none() && class.recall.is_none() && class.f1.is_none()));
}

#[test]
fn a_class_never_answered_has_no_precision_but_costs_macro_f1() {
    let metrics = score(Level::Clip, &[prediction("a#0", "jazz", &[0.9, 0.1]), prediction("b#0", "blues", &[0.9, 0.1])]).unwrap();
    let jazz = &metrics.classes[1];
    assert_eq!((jazz.precision, jazz.recall, jazz.f1), (None, Some(0.0), Some(0.0)));
    assert!((metrics.macro_f1.unwrap() - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn a_track_is_judged_by_its_mean_and_not_by_a_vote() {
    // Two clips lean to jazz, one is sure of blues: the vote says jazz, the mean blues.
    let rows =
        [prediction("a#0", "blues", &[0.45, 0.55]), prediction("a#1", "blues", &[0.45, 0.55]), prediction("a#2", "blues", &[0.99, 0.01])];
    assert_eq!(score(Level::Clip, &rows).unwrap().accuracy, Some(1.0 / 3.0));
    let track = score(Level::Track, &rows).unwrap();
    assert_eq!((track.n, track.accuracy), (1, Some(1.0)));
}

#[test]
fn the_first_class_wins_a_tie() {
    assert_eq!(score(Level::Clip, &[prediction("a#0", "blues", &[0.5, 0.5])]).unwrap().accuracy, Some(1.0));
}
