//! `segno predict` says of a file what `predict-set` says of the same clips; `segno answers` names the genres that nothing is said of.

#[path = "common/wav.rs"]
mod wav;

#[path = "common/trained.rs"]
mod trained;

use std::collections::BTreeMap;
use std::fs;

use segno_dataset::{Manifest, Predictions};
use serde_json::Value;
use trained::{MODEL, PLACE, extracted, trained};

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

/// A clip of nothing within a file has no answer over time, and a file of nothing none at all.
#[test]
fn a_silent_clip_has_no_answer() {
    let folder = trained();
    let rate_hz = 4000_u32;
    let tone = |n: u32| ((f64::from(n) * 0.3).sin() * 9000.0) as i16;
    let wav = |name: &str, samples: Vec<i16>| {
        fs::write(folder.path(name), wav::wav(rate_hz, samples)).unwrap();
    };
    let (second, nothing) = ((0..rate_hz).map(tone).collect::<Vec<_>>(), vec![0; 10 * rate_hz as usize]);
    wav("pause.wav", [&second[..], &nothing, &second].concat());
    wav("nothing.wav", nothing);
    let said: Value = serde_json::from_str(&folder.good(&["predict", "--model", MODEL, "--json", "--timeline", "pause.wav"])).unwrap();
    assert_eq!(said["clips"], 12, "the mean takes all of them");
    let timeline = said["timeline"].as_array().unwrap();
    let failed: Vec<bool> = timeline.iter().map(|clip| clip["failed"].as_str().is_some_and(|reason| reason.contains("silence"))).collect();
    assert_eq!(failed, [vec![false], vec![true; 10], vec![false]].concat());
    assert!(timeline.iter().zip(failed).all(|(clip, failed)| clip["tasks"]["genre"].is_object() != failed));
    let output = folder.segno(&["predict", "--model", MODEL, "nothing.wav"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && told.contains("nothing.wav: silence: no sample"), "{told}");
}

/// Genres of three artists cannot be asked about in four folds.
#[test]
fn what_a_protocol_leaves_out_is_named_beside_the_answers() {
    let tiny = include_str!("common/tiny.toml").replace(r#"protocols = ["published"]"#, "protocols = [\"artist\"]\nfolds = 4");
    let folder = extracted(&tiny);
    let manifest = Manifest::read(&folder.path("work/tracks.parquet")).unwrap();
    let artists = manifest.artists_per_label("genre", None);
    let left_out: Vec<String> = artists.iter().filter(|(_, n)| **n < 4).map(|(genre, n)| format!("{genre} ({n})")).collect();
    assert!((1..9).contains(&left_out.len()), "{artists:?}");
    folder.good(&[&["split", "--protocol", "artist", "--seed", "1"][..], &PLACE].concat());
    for fold in ["1", "2", "3", "4"] {
        let of_fold = [&PLACE[..], &["--row", "logistic", "--protocol", "artist", "--seed", "1", "--fold", fold]].concat();
        folder.good(&[&["train"][..], &of_fold].concat());
        folder.good(&[&["predict-set"][..], &of_fold].concat());
    }
    let said = folder.good(&[&["answers"][..], &PLACE].concat());
    let expected = format!("artist: left out whole, with fewer artists than the 4 folds: genre {};", left_out.join(", "));
    assert!(said.lines().count() == 2 && said.contains(&expected), "{said}");
    let said: Value = serde_json::from_str(&folder.good(&[&["answers", "--json"][..], &PLACE].concat())).unwrap();
    let labels = said["left_out"].as_array().unwrap();
    let named: Vec<String> = labels.iter().map(|of| format!("{} ({})", of["label"].as_str().unwrap(), of["artists"])).collect();
    assert_eq!(named, left_out);
    assert!(labels.iter().all(|of| of["protocol"] == "artist" && of["folds"] == 4), "{labels:?}");
}
