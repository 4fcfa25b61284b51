//! `segno audit` over the synthetic corpus, with and without its audio.

use std::fs;

use clap::Parser;
use segno_cli::{Cli, exit_code, run};
use segno_dataset::{Duplicates, Fingerprints};

use super::common::Road;

/// Runs `segno audit`; an error comes back with its exit status.
fn audit(road: &Road, arguments: &[&str]) -> Result<(), String> {
    let (work, audio) = (road.work(), road.audio());
    let line = ["segno", "audit", "--work", work.to_str().unwrap()].into_iter();
    let line = line.chain(arguments.iter().map(|word| if *word == "AUDIO" { audio.to_str().unwrap() } else { word }));
    run(Cli::try_parse_from(line).map_err(|error| error.to_string())?).map_err(|error| format!("{:?} {error:#}", exit_code(&error)))
}

fn json(road: &Road) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(road.work().join("audit.json")).unwrap()).unwrap()
}

/// `(track, other, kind)` of every pair, sorted.
fn pairs(road: &Road) -> Vec<[String; 3]> {
    let text = |pair: &serde_json::Value, field: &str| pair[field].as_str().unwrap().to_owned();
    let pairs = json(road)["pairs"].as_array().unwrap().clone();
    let mut pairs: Vec<[String; 3]> =
        pairs.iter().map(|pair| ["track_id", "other_track_id", "kind"].map(|field| text(pair, field))).collect();
    pairs.sort();
    pairs
}

/// `planted.csv`: `(original, copy, how)`, sorted.
fn planted(road: &Road) -> Vec<[String; 3]> {
    let table = fs::read_to_string(road.audio().join("planted.csv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        [cells[1], cells[0], cells[2]].map(str::to_owned)
    };
    let mut rows: Vec<[String; 3]> = table.lines().skip(1).map(row).collect();
    rows.sort();
    rows
}

#[test]
fn planted_duplicates_are_found_kept_and_counted_against_the_splits() {
    let road = Road::of_seconds(8.0);
    road.prepare();

    audit(&road, &[]).unwrap();
    assert!(pairs(&road).iter().all(|pair| pair[2] == "identical-bytes"), "without the audio, the checksums alone");
    assert!(!road.work().join("audit/duplicates.parquet").exists(), "what was not listened to has no table of duplicates");

    audit(&road, &["--root", "AUDIO"]).unwrap();
    let (found, planted) = (pairs(&road), planted(&road));
    assert_eq!(planted.len(), 5);
    for (pair, truth) in found.iter().zip(&planted) {
        assert_eq!(pair[..2], truth[..2]);
        assert_eq!(pair[2] == "identical-bytes", truth[2] == "copy", "{pair:?}");
    }
    assert_eq!(found.len(), 5, "{found:?}");
    assert_eq!(Duplicates::read(&road.work().join("audit/duplicates.parquet")).unwrap().pairs.len(), 5);

    let splits = json(&road)["splits"].as_array().unwrap().clone();
    let touched = |name: &str, kind: &str| {
        let split = splits.iter().find(|split| split["name"] == name).unwrap();
        split["kinds"].as_array().unwrap().iter().find(|touched| touched["kind"] == kind).unwrap()["train_tracks"].as_u64().unwrap()
    };
    assert!(touched("published-1", "same-track") > 0 && touched("track-1", "same-track") == 0);
    assert_eq!(touched("track-1", "identical-bytes"), 0);

    // What was heard serves a run without the audio; a file that is none is told of, with the reason.
    let first = fs::read(road.work().join("audit/fingerprints.parquet")).unwrap();
    audit(&road, &[]).unwrap();
    assert_eq!(pairs(&road), found);
    fs::remove_file(road.work().join("audit/fingerprints.parquet")).unwrap();
    let broken = first_file(&road);
    fs::write(&broken, b"no audio at all").unwrap();
    audit(&road, &["--root", "AUDIO"]).unwrap();
    let silent = json(&road)["undecodable"].as_array().unwrap().clone();
    assert_eq!(silent.len(), 1, "{silent:?}");
    assert!(!silent[0]["reason"].as_str().unwrap().contains(road.audio().to_str().unwrap()), "no place on this machine");
    assert_eq!(Fingerprints::read(&road.work().join("audit/fingerprints.parquet")).unwrap().rows.len(), 59);
    assert_ne!(fs::read(road.work().join("audit/fingerprints.parquet")).unwrap(), first);
}

fn first_file(road: &Road) -> std::path::PathBuf {
    let folder = fs::read_dir(road.audio().join("audio")).unwrap().next().unwrap().unwrap().path();
    fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn kinds_that_are_a_failure_have_an_exit_status_of_their_own() {
    let road = Road::of_seconds(4.0);
    road.prepare();
    let four = format!("{:?}", std::process::ExitCode::from(4));
    let failed = audit(&road, &["--fail-on", "identical-bytes,label-conflict"]).unwrap_err();
    assert!(failed.starts_with(&four) && failed.contains("identical-bytes (3)") && !failed.contains("label-conflict"), "{failed}");
    audit(&road, &["--fail-on", "label-conflict"]).unwrap();
    let only_track = road.work().join("splits/track-1.parquet");
    let only_track = only_track.to_str().unwrap();
    audit(&road, &["--split", only_track, "--across", "--fail-on", "same-track,identical-bytes"]).unwrap();
    let failed = audit(&road, &["--across", "--fail-on", "same-track"]).unwrap_err();
    assert!(failed.starts_with(&four), "published has clips of one track on two sides: {failed}");
    let wrong = audit(&road, &["--fail-on", "same-bytes"]).unwrap_err();
    assert!(wrong.contains("unknown kind 'same-bytes'; known are same-track"), "{wrong}");
}
