//! The whole road, from audio to report, on a small synthetic corpus.

use std::fs;

use crate::common::Road;
use segno_dataset::{Predictions, Protocol};
use serde_json::Value;

fn report(road: &Road) -> Value {
    serde_json::from_str(&fs::read_to_string(road.work().join("report.json")).unwrap()).unwrap()
}

#[test]
fn the_road_ends_in_a_report_whose_numbers_come_from_the_predictions() {
    let road = Road::new();
    road.walk();
    let report = report(&road);
    let runs = report["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 4, "two rows under two protocols");
    for run in runs {
        let (row, protocol) = (run["row"].as_str().unwrap(), run["protocol"].as_str().unwrap());
        let predictions = Predictions::read(&road.work().join(format!("predictions/{row}/{protocol}-1.parquet"))).unwrap();
        let classes = &predictions.classes["genre"];
        let right = predictions
            .rows
            .iter()
            .filter(|row| {
                let best = (0..classes.len()).max_by(|a, b| row.probabilities[*a].total_cmp(&row.probabilities[*b])).unwrap();
                classes[best] == row.true_label
            })
            .count();
        let expected = right as f64 / predictions.rows.len() as f64;
        let found = run["clip"]["accuracy"].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-12, "{row} {protocol}: {found} against {expected}");
    }
    let page = fs::read_to_string(road.work().join("report.html")).unwrap();
    assert!(page.contains("synthetic") && page.contains("LSTM"), "the page says that the corpus is synthetic");
    assert!(!page.contains("src=\"http") && !page.contains("<script") && !page.contains("<link"), "the page is self-contained");
}

#[test]
fn a_second_walk_changes_nothing_and_another_machine_gives_the_same_bytes() {
    let (road, other) = (Road::new(), Road::new());
    road.walk();
    let first = road.products();
    assert!(first.len() > 10, "{} products", first.len());
    let written = |road: &Road| {
        let of = |path: &str| fs::metadata(road.work().join(path)).unwrap().modified().unwrap();
        ["tracks.parquet", "splits/track-1.parquet", "models/lstm/track-1.safetensors", "predictions/lstm/track-1.parquet"].map(of)
    };
    let before = written(&road);
    road.walk();
    assert_eq!(written(&road), before, "stages whose inputs have not changed are skipped");
    assert_eq!(road.products(), first);
    other.walk();
    for ((path, ours), (other_path, theirs)) in first.iter().zip(&other.products()) {
        assert_eq!(path, other_path);
        assert!(ours == theirs, "{} differs", path.display());
    }
}

#[test]
fn a_leak_shows_in_the_split_and_in_nothing_else() {
    let road = Road::new();
    road.prepare();
    let shared = |protocol| {
        let split = segno_dataset::Split::read(&road.work().join(format!("splits/{protocol}-1.parquet"))).unwrap();
        split.shared_tracks()
    };
    assert!(shared(Protocol::Published) > 0);
    assert_eq!(shared(Protocol::Track), 0);
}

#[test]
fn a_model_of_another_split_is_refused() {
    let road = Road::new();
    road.prepare();
    road.segno("train --row logistic --protocol track").unwrap();
    road.segno("split --protocol track --seed 2").unwrap();
    fs::copy(road.work().join("splits/track-2.parquet"), road.work().join("splits/track-1.parquet")).unwrap();
    let error = format!("{:#}", road.segno("predict-set --row logistic --protocol track").unwrap_err());
    assert!(error.contains("split") && error.contains("train it again"), "{error}");
}

#[test]
fn stages_out_of_order_say_which_comes_first() {
    let road = Road::new();
    let error = |arguments: &str| format!("{:#}", road.segno(arguments).unwrap_err());
    assert!(error("extract --root AUDIO").contains("corpus index"));
    road.segno("corpus index synthetic --root AUDIO").unwrap();
    assert!(error("split --protocol track").contains("segno extract"));
    road.segno("extract --root AUDIO").unwrap();
    assert!(error("train --row lstm --protocol track").contains("segno split"));
    road.segno("split --protocol track").unwrap();
    assert!(error("predict-set --row lstm --protocol track").contains("segno train"));
    assert!(error("report").contains("predict-set"));
    assert!(error("train --row gru --protocol track").contains("logistic, lstm"));
}

#[test]
fn broken_files_are_left_out_with_their_reasons_and_the_run_goes_on() {
    let road = Road::new();
    let table = fs::read_to_string(road.audio().join("tracks.csv")).unwrap();
    let paths: Vec<&str> =
        table.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).filter(|path| path.ends_with(".wav")).collect();
    fs::write(road.audio().join(paths[0]), "no audio at all").unwrap();
    fs::remove_file(road.audio().join(paths[1])).unwrap();
    let whole = fs::read(road.audio().join(paths[2])).unwrap();
    fs::write(road.audio().join(paths[2]), &whole[..whole.len() / 2]).unwrap();
    road.walk();
    let text = fs::read_to_string(road.work().join("report.json")).unwrap();
    for path in &paths[..3] {
        let track = path.rsplit('/').next().unwrap().trim_end_matches(".wav");
        assert!(text.contains(track), "{track} is named in the report");
    }
    assert!(road.segno("extract --root AUDIO --strict").unwrap_err().to_string().contains("--strict"));
}

#[test]
fn a_gpu_that_is_not_there_is_told_before_any_work() {
    let road = Road::new();
    let error = road.segno("train --row lstm --protocol track --device cuda:4096").unwrap_err();
    assert!(error.to_string().contains("--device cpu"), "{error}");
}

#[test]
fn a_table_that_cannot_be_read_is_noted_and_the_other_rows_have_their_report() {
    let road = Road::new();
    road.walk();
    fs::write(road.work().join("predictions/lstm/track-1.parquet"), "torn").unwrap();
    road.segno("report").unwrap();
    let report = report(&road);
    assert_eq!(report["runs"].as_array().unwrap().len(), 3);
    let text = report.to_string();
    assert!(text.contains("left out: predictions/lstm/track-1.parquet"), "{text}");
}
