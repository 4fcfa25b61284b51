//! Why a score is undefined.

use super::Metrics;

/// Score and reason, for each score that is `None`.
pub(super) fn undefined(metrics: &Metrics) -> Vec<(String, String)> {
    let mut found = vec![];
    let mut say = |what: &str, reason: &str| found.push((what.to_owned(), reason.to_owned()));
    if metrics.n == 0 {
        say("every score", "there are no items");
        return found;
    }
    for score in &metrics.classes {
        let name = &score.class.name;
        if score.precision.is_none() {
            say(&format!("precision of {name}"), "no item was answered with it");
        }
        if score.recall.is_none() {
            say(&format!("recall of {name}"), "no item is of it");
        }
        if score.f1.is_none() {
            say(&format!("F1 of {name}"), "no item is of it, nor answered with it");
        }
    }
    match &metrics.probabilities {
        None => say("top-2 accuracy, log loss, Brier score, calibration", "a majority vote has no probabilities"),
        Some(scores) if scores.top2.is_none() => say("top-2 accuracy", "of fewer than three classes, each is among the first two"),
        Some(_) => {}
    }
    found
}
