//! Rows whose items are whole tracks, or longer clips, stand in one experiment with rows of short ones: the same tracks are tested.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use segno_dataset::{Part, Predictions, Protocol, Split};

const EXPERIMENT: &str = include_str!("common/tiny.toml");
const WHOLE: &str = r#"
[features.mfcc]
sample_rate_hz = 22050
clip = "whole"
[features.mfcc.representation.summary]
of = { mfcc = { n_fft = 512, hop = 512, padding = "zero", n_mels = 16, n_mfcc = 8 } }
statistics = ["mean", "sd", "delta-sd"]
delta_width = 9

[[rows]]
id = "whole"
label = "Whole tracks"
family = "sanity"
place = "–"
protocols = ["track"]
features = "mfcc"
standardise = "per-bin"
model.logistic = { c = 1.0, tolerance = 1e-3, max_iterations = 50 }

[features.long]
sample_rate_hz = 4000
clip_samples = 6000
[features.long.representation.spectrogram]
n_fft = 256
hop = 256
output = { log-magnitude = { floor = 5e-8 } }

[[rows]]
id = "long"
label = "Longer clips"
family = "sanity"
place = "–"
protocols = ["track"]
features = "long"
standardise = "per-bin"
model.logistic = { c = 1.0, tolerance = 1e-3, max_iterations = 50 }
"#;

/// A file whose shortest clips are shorter than those that the split in the folder was drawn of.
fn finer_clips_need_a_split_of_their_own(at: &Path) {
    let finer = fs::read_to_string(at.join("e.toml")).unwrap().replace("clip_samples = 6000", "clip_samples = 2000");
    fs::write(at.join("finer.toml"), finer.replace("[\"published\", \"track\"]", "[\"track\"]")).unwrap();
    segno(at, "extract --root audio --work work --experiment finer.toml --row long");
    let stale = run(at, "train --work work --experiment finer.toml --row long --protocol track");
    let told = String::from_utf8_lossy(&stale.stderr);
    assert!(!stale.status.success() && told.contains("run `segno split` again"), "{told}");
}

fn run(at: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(at).args(line.split(' ')).output().unwrap()
}

fn segno(at: &Path, line: &str) {
    let output = run(at, line);
    assert!(output.status.success(), "segno {line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Track → part; a track with clips in two parts fails.
fn parts(split: &Split) -> BTreeMap<&str, Part> {
    let mut parts = BTreeMap::new();
    for row in &split.rows {
        let before = parts.insert(row.track_id.as_str(), row.part);
        assert!(before.is_none_or(|before| before == row.part), "{} is in two parts", row.track_id);
    }
    parts
}

#[test]
fn whole_tracks_and_longer_clips_are_tested_beside_short_ones() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let experiment = EXPERIMENT.replace(r#"protocols = ["published"]"#, r#"protocols = ["published", "track"]"#);
    assert_ne!(experiment, EXPERIMENT);
    fs::write(at.join("e.toml"), experiment + WHOLE).unwrap();
    segno(at, "corpus synth audio --tracks-per-genre 6 --seconds 3");
    segno(at, "corpus index synthetic --root audio --work work");
    segno(at, "extract --root audio --work work --experiment e.toml");
    segno(at, "split --work work --experiment e.toml --protocol track");
    for row in ["logistic", "long", "whole"] {
        segno(at, &format!("train --work work --experiment e.toml --row {row} --protocol track"));
        segno(at, &format!("predict-set --work work --experiment e.toml --row {row} --protocol track"));
    }
    segno(at, "report --work work --experiment e.toml");

    let split = Split::read(&at.join("work/splits/track-1.parquet")).unwrap();
    let parts = parts(&split);
    let tested = |row: &str| {
        let predictions = Predictions::read(&at.join(format!("work/predictions/{row}/track-1.parquet"))).unwrap();
        assert_eq!((predictions.source.protocol, predictions.source.split_digest), (Protocol::Track, split.digest()));
        let mut items: BTreeMap<String, usize> = BTreeMap::new();
        predictions.rows.into_iter().for_each(|row| *items.entry(row.track_id).or_default() += 1);
        items
    };
    let (clips, long, whole) = (tested("logistic"), tested("long"), tested("whole"));
    assert!(long.values().all(|items| *items == 2), "three seconds are two clips of a second and a half: {long:?}");
    assert!(clips.keys().eq(long.keys()));
    assert!(clips.values().all(|items| *items == 3), "three seconds are three clips: {clips:?}");
    assert!(whole.values().all(|items| *items == 1), "{whole:?}");
    assert!(clips.keys().eq(whole.keys()));
    let of_test: Vec<&str> = parts.iter().filter(|(_, part)| **part == Part::Test).map(|(track, _)| *track).collect();
    assert!(whole.keys().map(String::as_str).eq(of_test));
    let report = fs::read_to_string(at.join("work/report.md")).unwrap();
    assert!(report.contains("Whole tracks") && report.contains("Logistic"), "{report}");

    for row in ["whole", "long"] {
        segno(at, &format!("report --work work --experiment e.toml --compare logistic {row}"));
        let compared = fs::read(at.join(format!("work/compare-logistic-{row}.json"))).unwrap();
        let compared: serde_json::Value = serde_json::from_slice(&compared).unwrap();
        let part = &compared["parts"][0];
        assert!(part["clip"].is_null() && part["track"]["n_tracks"] == whole.len(), "{part}");
    }

    finer_clips_need_a_split_of_their_own(at);

    segno(at, "split --work work --experiment e.toml --protocol published");
    let torn = run(at, "train --work work --experiment e.toml --row long --protocol published");
    let told = String::from_utf8_lossy(&torn.stderr);
    assert!(!torn.status.success() && told.contains("under published"), "{told}");
}
