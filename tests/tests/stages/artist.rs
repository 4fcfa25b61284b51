//! The protocol `artist`, fold by fold, from split to the pooled column of the report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::common::Road;
use segno_cli::Experiment;
use segno_dataset::{DuplicatePair, Duplicates, Fold, Manifest, Part, Prediction, Predictions, Protocol, Split};
use serde_json::Value;

const FOLDS: u32 = 3;

/// A road whose experiment has three folds; the LSTM is run under `track` alone.
fn road() -> Road {
    let road = Road::new();
    let text = fs::read_to_string(road.experiment()).unwrap();
    let text = text.replace(r#"protocols = ["published", "track"]"#, "protocols = [\"track\", \"artist\"]\nfolds = 3");
    let text = text.replace("id = \"lstm\"", "id = \"lstm\"\nprotocols = [\"track\"]");
    fs::write(road.experiment(), text).unwrap();
    road.segno("corpus index synthetic --root AUDIO").unwrap();
    road.segno("extract --root AUDIO").unwrap();
    road
}

fn splits(road: &Road) -> Vec<Split> {
    let file = |fold| Split::file_name(Protocol::Artist, 1, Some(fold));
    Fold::all(FOLDS).unwrap().into_iter().map(|fold| Split::read(&road.work().join("splits").join(file(fold))).unwrap()).collect()
}

fn predictions(road: &Road) -> Vec<Predictions> {
    let file = |fold| road.work().join(format!("predictions/logistic/artist-1.fold-{fold}of{FOLDS}.parquet"));
    (1..=FOLDS).map(|fold| Predictions::read(&file(fold)).unwrap()).collect()
}

fn run_fold(road: &Road, fold: u32) {
    road.segno(&format!("train --row logistic --protocol artist --fold {fold}")).unwrap();
    road.segno(&format!("predict-set --row logistic --protocol artist --fold {fold}")).unwrap();
}

fn report(road: &Road) -> Value {
    road.segno("report").unwrap();
    serde_json::from_str(&fs::read_to_string(road.work().join("report.json")).unwrap()).unwrap()
}

fn run_of<'a>(report: &'a Value, protocol: &str) -> Option<&'a Value> {
    report["runs"].as_array().unwrap().iter().find(|run| run["protocol"] == protocol)
}

fn accuracy(rows: &[&Prediction], classes: &[String]) -> f64 {
    rows.iter().filter(|row| classes[row.argmax()] == row.true_label).count() as f64 / rows.len() as f64
}

#[test]
fn folds_are_trained_apart_and_pooled_in_the_report() {
    let road = road();
    road.segno("split --protocol track").unwrap();
    road.segno("split --protocol artist").unwrap();
    road.segno("train --row logistic --protocol track").unwrap();
    road.segno("predict-set --row logistic --protocol track").unwrap();
    run_fold(&road, 1);
    run_fold(&road, 2);
    let early = report(&road);
    assert!(run_of(&early, "artist").is_none() && run_of(&early, "track").is_some());
    assert!(early["notes"].to_string().contains("Logistic, artist, seed 1: of its 3 folds 3 have no predictions"), "{}", early["notes"]);

    run_fold(&road, 3);
    let report = report(&road);
    let run = run_of(&report, "artist").unwrap();
    let folds = predictions(&road);
    let classes = &folds[0].classes["genre"];
    let rows: Vec<&Prediction> = folds.iter().flat_map(|fold| &fold.rows).collect();
    let expected = accuracy(&rows, classes);
    assert!((run["clip"]["accuracy"].as_f64().unwrap() - expected).abs() < 1e-12, "{run} against {expected}");
    assert_eq!(run["predictions_file"], "predictions/logistic/artist-1.fold-*of3.parquet");
    let digests: Vec<&str> = folds.iter().map(|fold| fold.source.model_digest.as_str()).collect();
    assert_eq!(run["model_digest"], segno_dataset::digest_fields(digests));

    // Every track is tested once, and the table has the column.
    let manifest = Manifest::read(&road.work().join("tracks.parquet")).unwrap();
    let tested: BTreeSet<&str> = rows.iter().map(|row| row.track_id.as_str()).collect();
    assert_eq!((tested.len(), rows.len()), (manifest.present().count(), splits(&road)[0].rows.len()));
    let table = report["tasks"][0]["tables"][0]["rows"].as_array().unwrap();
    let cell = |row: &str| {
        let row = table.iter().find(|found| found["row"] == row).unwrap();
        row["cells"].as_array().unwrap().iter().find(|cell| cell["column"] == "artist").unwrap().clone()
    };
    assert!((cell("logistic")["summary"]["mean"].as_f64().unwrap() - expected).abs() < 1e-12);
    assert!(cell("lstm")["summary"]["mean"].is_null(), "the row is not run under this protocol");
    let notes = &report["protocols"].as_array().unwrap().iter().find(|facts| facts["name"] == "artist").unwrap()["notes"];
    for expected in
        ["near duplicates were not looked for", "seed 1, fold 3 of 3: ", "0 have a clip or a byte-identical copy in training, 0 an artist"]
    {
        assert!(notes.to_string().contains(expected), "{expected}: {notes}");
    }
    let page = fs::read_to_string(road.work().join("report.html")).unwrap();
    assert!(page.contains("in 3 folds that test every track once"), "the page says what the protocol does");

    // The seconds of all folds are the run's.
    let timings = fs::read_dir(road.work().join("timings")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(timings.filter(|name| name.starts_with("3-train-logistic-artist-1.fold-")).count(), 3);
}

#[test]
fn an_audit_makes_the_split_out_of_date_and_joins_its_pairs() {
    let road = road();
    road.segno("split --protocol artist").unwrap();
    for fold in 1..=FOLDS {
        run_fold(&road, fold);
    }
    // A genre of three artists, two of which turn out to have recorded one piece.
    let manifest = Manifest::read(&road.work().join("tracks.parquet")).unwrap();
    let artists = manifest.artists_per_label("genre", None);
    let genre = artists.iter().find(|(_, n)| **n == 3).unwrap().0.to_string();
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for track in manifest.present().filter(|track| track.labels["genre"] == genre) {
        first.entry(track.artist.as_deref().unwrap()).or_insert(&track.track_id);
    }
    let tracks: Vec<&str> = first.into_values().collect();
    let pair = DuplicatePair { track_id: tracks[0].into(), other_track_id: tracks[1].into(), kind: "near".into(), score: 0.9 };
    let table = Duplicates::new(&manifest, vec![pair]).unwrap();
    let path = road.work().join("audit/duplicates.parquet");
    table.write(&path).unwrap();

    let error = |line: &str| format!("{:#}", road.segno(line).unwrap_err());
    let stale = error("train --row logistic --protocol artist --fold 1");
    assert!(stale.contains("other near duplicates") && stale.contains("run `segno split` again"), "{stale}");
    assert!(error("report").contains("no predictions"), "what was predicted under the split of before does not count");

    road.segno("split --protocol artist").unwrap();
    for split in splits(&road) {
        let folding = split.folding.unwrap();
        assert_eq!(folding.near_duplicates.unwrap().digest, table.digest());
        assert_eq!((folding.left_out.len(), &folding.left_out[0].label, folding.left_out[0].artists), (1, &genre, 2));
    }
    assert!(error("report").contains("no predictions"), "their split is another now");
    for fold in 1..=FOLDS {
        run_fold(&road, fold);
    }
    for fold in predictions(&road) {
        assert!(fold.classes["genre"].len() == 9 && !fold.classes["genre"].contains(&genre), "the model does not know the genre");
    }
    let notes = report(&road)["protocols"].to_string();
    assert!(notes.contains(&format!("left out whole, with fewer artists than the 3 folds: genre {genre} (2)")), "{notes}");
    assert!(notes.contains("1 pair of near duplicates of an audit kept together"), "{notes}");
    road.segno(&format!("report --compare logistic logistic --with {}", road.work().display())).unwrap();
    let compared: Value = serde_json::from_str(&fs::read_to_string(road.work().join("compare-logistic-logistic.json")).unwrap()).unwrap();
    assert!(compared["warnings"].to_string().contains(&format!("3 folds: genre {genre} (2)")), "{}", compared["warnings"]);

    // The corpus indexed anew: the audit is of another manifest, and says so.
    let mut other = manifest.clone();
    other.tracks[0].title = Some("another".into());
    Duplicates::new(&other, vec![]).unwrap().write(&path).unwrap();
    let foreign = error("split --protocol artist");
    assert!(foreign.contains("the audit is of manifest") && foreign.contains("segno audit"), "{foreign}");
}

#[test]
fn folds_are_asked_for_where_there_are_any() {
    let road = road();
    road.segno("split --protocol artist").unwrap();
    let error = |line: &str| format!("{:#}", road.segno(line).unwrap_err());
    assert!(error("train --row logistic --protocol artist").contains("protocol artist has 3 folds: name one with --fold"));
    assert!(error("train --row logistic --protocol artist --fold 4").contains("found fold 4 of 3"));
    assert!(error("train --row logistic --protocol track --fold 1").contains("protocol track has no folds, found --fold 1"));
    let whole = splits(&road);
    assert!(whole.iter().all(|split| Part::ALL.iter().all(|part| split.part(*part).count() > 0)));

    let refused = |from: &str, to: &str| {
        let path = road.work().join("refused.toml");
        fs::write(&path, fs::read_to_string(road.experiment()).unwrap().replace(from, to)).unwrap();
        format!("{:#}", Experiment::read(&path).unwrap_err())
    };
    assert!(refused("folds = 3", "folds = 1").contains("folds is 1, expected at least 2"));
    let other = refused("id = \"lstm\"\nprotocols = [\"track\"]", "id = \"lstm\"\nprotocols = [\"published\"]");
    assert!(other.contains("row lstm: protocols has 'published', expected of track, artist"), "{other}");
    // More folds than any genre has artists.
    let text = fs::read_to_string(road.experiment()).unwrap();
    fs::write(road.experiment(), text.replace("folds = 3", "folds = 7")).unwrap();
    assert!(error("split --protocol artist").contains("ask for fewer folds"));
}
