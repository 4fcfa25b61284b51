//! Scores and intervals against scikit-learn and scipy (versions in the files under `golden/`, made by `make_golden.py`).

use segno_dataset::Prediction;
use segno_eval::{
    metrics::{Level, Metrics, ProbabilityScores},
    stats::{Summary, t_quantile},
};
use serde_json::Value;

fn golden(text: &str) -> Value {
    serde_json::from_str(text).expect("a golden file is JSON")
}

fn numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap().iter().map(Value::as_f64).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn close(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
        (None, None) => true,
        _ => false,
    }
}

fn assert_all_close(what: &str, found: &[Option<f64>], expected: &[Option<f64>]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        assert!(close(found, expected), "{what}[{index}]: {found:?}, expected {expected:?}");
    }
}

fn assert_scores(name: &str, metrics: &Metrics, expected: &Value) {
    let labels: Vec<String> = metrics.classes.iter().map(|score| score.class.name.clone()).collect();
    assert_eq!(labels, texts(&expected["labels"]), "{name}");
    let counts: Vec<Vec<u64>> = serde_json::from_value(expected["confusion"].clone()).unwrap();
    assert_eq!(metrics.confusion.counts, counts, "{name}");
    for (what, found) in [("accuracy", metrics.accuracy), ("balanced_accuracy", metrics.balanced_accuracy), ("macro_f1", metrics.macro_f1)]
    {
        assert_all_close(&format!("{name} {what}"), &[found], &[expected[what].as_f64()]);
    }
    let column = |pick: fn(&segno_eval::metrics::ClassScore) -> Option<f64>| metrics.classes.iter().map(pick).collect::<Vec<_>>();
    assert_all_close(&format!("{name} precision"), &column(|score| score.precision), &numbers(&expected["precision"]));
    assert_all_close(&format!("{name} recall"), &column(|score| score.recall), &numbers(&expected["recall"]));
    assert_all_close(&format!("{name} f1"), &column(|score| score.f1), &numbers(&expected["f1"]));
    assert_all_close(&format!("{name} support"), &column(|score| Some(score.support as f64)), &numbers(&expected["support"]));
}

/// Everything but the calibration error is scikit-learn's; that is a formula of numpy's.
fn assert_probabilities(name: &str, scores: &ProbabilityScores, expected: &Value) {
    for (what, found) in [("top2", scores.top2), ("log_loss", scores.log_loss), ("brier", scores.brier), ("ece", scores.ece)] {
        let expected = expected[what].as_f64().unwrap();
        assert!((found.unwrap() - expected).abs() < 1e-9, "{name} {what}: {found:?}, expected {expected}");
    }
    let expected = expected["reliability"].as_array().unwrap();
    assert_eq!(scores.reliability.len(), expected.len());
    for (bin, expected) in scores.reliability.iter().zip(expected) {
        assert_eq!(Some(bin.n), expected[0].as_u64(), "{name}: {bin:?}");
        assert_all_close(name, &[bin.confidence, bin.accuracy], &[expected[1].as_f64(), expected[2].as_f64()]);
    }
}

#[test]
fn scores_equal_scikit_learns() {
    let golden = golden(include_str!("golden/scores.json"));
    for case in golden["cases"].as_array().unwrap() {
        let predictions: Vec<Prediction> = case["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| Prediction {
                clip_id: row["clip"].as_str().unwrap().to_owned(),
                track_id: row["track"].as_str().unwrap().to_owned(),
                task: "genre".to_owned(),
                true_label: row["label"].as_str().unwrap().to_owned(),
                probabilities: serde_json::from_value(row["p"].clone()).unwrap(),
            })
            .collect();
        let rows: Vec<&Prediction> = predictions.iter().collect();
        let classes = texts(&case["classes"]);
        for (level, key) in [(Level::Clip, "clip"), (Level::Track, "track"), (Level::Vote, "vote")] {
            let metrics = Metrics::of(level, &classes, &rows).unwrap();
            let name = format!("{} {key}", case["name"]);
            assert_scores(&name, &metrics, &case[key]);
            match &metrics.probabilities {
                Some(scores) => assert_probabilities(&name, scores, &case[format!("{key}_probabilities")]),
                None => assert_eq!(level, Level::Vote, "{name}: a vote alone has no probabilities"),
            }
        }
    }
}

#[test]
fn t_quantiles_equal_scipys() {
    let golden = golden(include_str!("golden/student_t.json"));
    for row in golden["quantiles"].as_array().unwrap() {
        let (probability, degrees) = (row["probability"].as_f64().unwrap(), row["degrees"].as_u64().unwrap());
        let (found, expected) = (t_quantile(probability, u32::try_from(degrees).unwrap()).unwrap(), row["t"].as_f64().unwrap());
        assert!((found / expected - 1.0).abs() < 1e-10, "t({probability}, {degrees}) = {found}, scipy says {expected}");
    }
}

#[test]
fn intervals_equal_scipys() {
    let golden = golden(include_str!("golden/student_t.json"));
    for row in golden["intervals"].as_array().unwrap() {
        let values: Vec<f64> = serde_json::from_value(row["values"].clone()).unwrap();
        let found = Summary::of(&values);
        let interval = found.interval.unwrap();
        for (what, found) in [("mean", found.mean.unwrap()), ("sd", found.sd.unwrap()), ("low", interval.low), ("high", interval.high)] {
            let expected = row[what].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-10 * expected.abs().max(1.0), "{what} of {values:?}: {found}, not {expected}");
        }
    }
}
