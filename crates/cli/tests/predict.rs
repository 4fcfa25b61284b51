//! `segno predict` says of a file what `predict-set` says of the same clips.

#[path = "common/trained.rs"]
mod trained;

use std::collections::BTreeMap;
use std::fs;

use segno_dataset::{Manifest, Predictions};
use serde_json::Value;
use trained::{MODEL, trained};

#[test]
fn files_get_the_mean_of_what_their_clips_get() {
    let folder = trained();
    let predictions = Predictions::read(&folder.path("work/predictions/logistic/track-1.parquet")).unwrap();
    let manifest = Manifest::read(&folder.path("work/tracks.parquet")).unwrap();
    let classes = &predictions.classes["genre"];
    // Under `track` every clip of a tested track is in the test part.
    let mut by_track: BTreeMap<&str, Vec<&[f32]>> = BTreeMap::new();
    for row in &predictions.rows {
        by_track.entry(&row.track_id).or_default().push(&row.probabilities);
    }
    let mut checked = 0;
    for (track, clips) in by_track {
        let file = format!("audio/{}", manifest.track(track).unwrap().path);
        let answer: Value = serde_json::from_str(&folder.good(&["predict", "--model", MODEL, "--json", &file])).unwrap();
        assert_eq!(answer["file"], file);
        let said = answer["tasks"]["genre"].as_object().unwrap();
        assert_eq!(said.len(), classes.len());
        let sum: f64 = said.values().map(|value| value.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        assert_eq!(answer["clips"], clips.len());
        for (class, name) in classes.iter().enumerate() {
            let mean = clips.iter().map(|clip| clip[class]).sum::<f32>() / clips.len() as f32;
            let found = said[name].as_f64().unwrap() as f32;
            assert!((found - mean).abs() < 1e-5, "{track}, {name}: {found} in place of {mean}");
        }
        checked += 1;
    }
    assert!(checked > 1, "the test part has {checked} tracks");
}

#[test]
fn a_file_that_cannot_be_heard_is_named_and_the_others_are_answered() {
    let folder = trained();
    let manifest = Manifest::read(&folder.path("work/tracks.parquet")).unwrap();
    let good = format!("audio/{}", manifest.present().next().unwrap().path);
    fs::write(folder.path("noise.mp3"), "no audio").unwrap();
    let output = folder.segno(&["predict", "--model", MODEL, "noise.mp3", &good]);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains("noise.mp3") && err.contains("1 of 2 files"), "{err}");
    assert!(out.contains(&good) && out.contains("genre"), "{out}");
    let none = folder.segno(&["predict", "--model", "e.toml", &good]);
    assert!(String::from_utf8(none.stderr).unwrap().contains("not a segno model file"));
}
