//! What `segno report` writes on request: pictures, and two rows side by side.

use std::fs;

use crate::common::Road;
use segno_dataset::Predictions;
use serde_json::Value;

#[test]
fn pictures_are_written_on_request() {
    let road = Road::new();
    road.walk();
    road.segno("report --png").unwrap();
    let pictures = |ending: &str| {
        let files = fs::read_dir(road.work().join("figures")).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|found| found == ending)).collect::<Vec<_>>()
    };
    let (vectors, pixels) = (pictures("svg"), pictures("png"));
    assert!(vectors.len() >= 4, "{vectors:?}");
    assert_eq!(vectors.len(), pixels.len());
    for picture in &pixels {
        let bytes = fs::read(picture).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{}", picture.display());
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert!(side(16) > 300 && side(20) > 100, "{}: {} x {}", picture.display(), side(16), side(20));
    }
}

#[test]
fn a_comparison_pairs_the_same_clips() {
    let road = Road::new();
    road.walk();
    road.segno("report --compare logistic lstm --protocol track").unwrap();
    let file = |ending: &str| fs::read_to_string(road.work().join(format!("compare-logistic-lstm.{ending}"))).unwrap();
    let found: Value = serde_json::from_str(&file("json")).unwrap();
    let predictions = |row: &str| Predictions::read(&road.work().join(format!("predictions/{row}/track-1.parquet"))).unwrap();
    let (a, b) = (predictions("logistic"), predictions("lstm"));
    let right = |predictions: &Predictions| -> Vec<bool> {
        let classes = &predictions.classes["genre"];
        predictions.rows.iter().map(|row| classes[row.argmax()] == row.true_label).collect()
    };
    assert!(a.rows.iter().zip(&b.rows).all(|(a, b)| a.clip_id == b.clip_id));
    let only = right(&a).iter().zip(&right(&b)).filter(|(a, b)| **a && !**b).count() as u64;
    let parts = found["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 1, "one protocol, one task");
    assert_eq!(parts[0]["clip"]["seeds"][0]["only_a"].as_u64(), Some(only), "{}", parts[0]["clip"]["seeds"]);
    assert!(file("html").contains("McNemar") && file("md").contains("McNemar"));
    let error = road.segno("report --compare logistic logistic").unwrap_err().to_string();
    assert!(error.contains("the same as itself"), "{error}");
}
