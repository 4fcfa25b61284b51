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

#[test]
fn what_is_undefined_has_its_reason() {
    let metrics = score(Level::Clip, &[prediction("a#0", "jazz", &[0.1, 0.9])]).unwrap();
    let reason =
        |metrics: &Metrics, what: &str| metrics.undefined.iter().find(|(score, _)| score == what).map(|(_, reason)| reason.clone());
    let scores = metrics.probabilities.as_ref().unwrap();
    assert!(scores.top2.is_none() && scores.log_loss.is_some());
    assert!(reason(&metrics, "top-2 accuracy").unwrap().contains("fewer than three classes"));
    assert!(reason(&metrics, "precision of blues").is_some() && reason(&metrics, "recall of jazz").is_none());
    let vote = score(Level::Vote, &[prediction("a#0", "jazz", &[0.1, 0.9])]).unwrap();
    assert!(vote.probabilities.is_none() && vote.undefined.iter().any(|(_, reason)| reason.contains("has no probabilities")));
    let none = score(Level::Clip, &[]).unwrap();
    assert_eq!(none.undefined.len(), 1);
    assert!(none.probabilities.is_some_and(|scores| scores.log_loss.is_none() && scores.ece.is_none() && scores.brier.is_none()));
}

#[test]
fn a_vote_goes_to_the_majority_and_a_tied_one_to_the_higher_mean() {
    let rows =
        [prediction("a#0", "jazz", &[0.45, 0.55]), prediction("a#1", "jazz", &[0.45, 0.55]), prediction("a#2", "jazz", &[0.99, 0.01])];
    assert_eq!(score(Level::Vote, &rows).unwrap().accuracy, Some(1.0), "two of three clips say jazz");
    assert_eq!(score(Level::Track, &rows).unwrap().accuracy, Some(0.0));
    let tied = [prediction("a#0", "blues", &[0.45, 0.55]), prediction("a#1", "blues", &[0.8, 0.2])];
    assert_eq!(score(Level::Vote, &tied).unwrap().accuracy, Some(1.0), "of the tied, blues has the higher mean");
    let classes = ["blues", "jazz", "pop"].map(str::to_owned);
    // Pop has the highest mean of all three and no vote.
    let loser = [prediction("a#0", "jazz", &[0.50, 0.02, 0.48]), prediction("a#1", "jazz", &[0.0, 0.52, 0.48])];
    let vote = Metrics::of(Level::Vote, &classes, &loser.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!((vote.accuracy, vote.classes[2].predicted), (Some(1.0), 0), "only the tied classes are held against each other");
}

#[test]
fn sets_put_together_score_as_one() {
    let rows: Vec<Prediction> = (0..24)
        .map(|index| {
            let sure = 0.5 + 0.02 * index as f32;
            let (label, probabilities) = if index % 3 == 0 { ("blues", [1.0 - sure, sure]) } else { ("jazz", [1.0 - sure, sure]) };
            prediction(&format!("t{index:02}#0"), label, &probabilities)
        })
        .collect();
    let whole = score(Level::Clip, &rows).unwrap();
    let parts = score(Level::Clip, &rows[..7]).unwrap().merged(&score(Level::Clip, &rows[7..]).unwrap());
    assert_eq!((&whole.confusion, &whole.classes, whole.accuracy), (&parts.confusion, &parts.classes, parts.accuracy));
    let [whole, parts] = [whole, parts].map(|metrics| metrics.probabilities.unwrap());
    for (whole, parts) in [(whole.log_loss, parts.log_loss), (whole.brier, parts.brier), (whole.ece, parts.ece)] {
        assert!((whole.unwrap() - parts.unwrap()).abs() < 1e-12);
    }
    assert_eq!(
        whole.reliability.iter().map(|bin| bin.n).collect::<Vec<_>>(),
        parts.reliability.iter().map(|bin| bin.n).collect::<Vec<_>>()
    );
}
