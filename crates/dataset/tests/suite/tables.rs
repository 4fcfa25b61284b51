//! Manifests, splits, predictions and curves come back as they were written.

use std::{
    fs,
    fs::File,
    path::Path,
    time::{Duration, SystemTime},
};

use segno_dataset::{
    Curves, DatasetError, DuplicatePair, Duplicates, EpochRow, Fold, Manifest, Part, Prediction, PredictionSource, Predictions, Protocol,
    Split, Track,
};

use crate::world;

fn full_manifest() -> Manifest {
    let mut manifest = world::manifest(2);
    manifest.tracks[0] = Track {
        track_id: "blues.00000".into(),
        path: "genres/blues/blues.00000.au".into(),
        checksum: Some("md5:b462fa6a82a35d00940fe251f11447e5".into()),
        labels: [("genre".into(), "blues".into()), ("mood".into(), "sad".into())].into(),
        artist: Some("John Lee Hooker".into()),
        title: Some("One Bourbon, One \"Scotch\"\nAnd One Beer".into()),
        public_split: Some(Part::Valid),
        duplicate_of: Some("blues.00001".into()),
        left_out: Some("missing".into()),
        licence: Some("CC BY 4.0".into()),
        note: Some("found elsewhere".into()),
        values: [("valence".into(), 0.1 + 0.2)].into(),
    };
    manifest
}

#[test]
fn manifest() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b/tracks.parquet");
    let manifest = full_manifest();
    manifest.write(&path).unwrap();
    let read = Manifest::read(&path).unwrap();
    assert_eq!(read, manifest);
    assert_eq!(read.digest(), manifest.digest());
    assert_eq!(read.tasks(), ["genre", "mood"]);
    assert!(read.classes("mood").is_empty(), "the one track with a mood is left out");
    assert_eq!(read.classes("genre"), world::GENRES);
    assert_eq!(read.track("rock.00001").unwrap().labels["genre"], "rock");
    assert_eq!(read.track("rock.00002"), None);
    assert_eq!((read.present().count(), read.left_out().count()), (19, 1));
    let mut other = manifest.clone();
    other.tracks[0].values.insert("valence".into(), 0.3);
    assert_ne!(other.digest(), manifest.digest());
    other.tracks[1].values.insert("valence".into(), f64::NAN);
    let error = other.write(&path).unwrap_err().to_string();
    assert!(error.contains("row 1: found valence NaN, expected a finite number"), "{error}");
    let mut other = manifest.clone();
    other.tracks[7].left_out = Some("by hand".into());
    assert_ne!(other.digest(), manifest.digest());
    let twice = vec![manifest.tracks[3].clone(), manifest.tracks[3].clone()];
    assert!(matches!(Manifest::new("toy", twice), Err(DatasetError::TrackTwice { .. })));
    let none = Manifest::new("none", Vec::new()).unwrap();
    none.write(&path).unwrap();
    assert_eq!(Manifest::read(&path).unwrap(), none);
}

#[test]
fn split() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Split::file_name(Protocol::FaultFiltered, u64::MAX, None));
    assert!(path.ends_with("fault-filtered-18446744073709551615.parquet"));
    let mut manifest = full_manifest();
    manifest.tracks[1].public_split = Some(Part::Train);
    manifest.tracks[1].artist = Some("John Lee Hooker".into());
    let clips = world::clips(&manifest, 3);
    for protocol in Protocol::ALL.into_iter().filter(|protocol| !protocol.has_folds()) {
        let split = world::draw(protocol, u64::MAX, &manifest, &clips).unwrap();
        split.write(&path).unwrap();
        let read = Split::read(&path).unwrap();
        assert_eq!(read, split);
        assert_eq!(read.digest(), split.digest());
    }
    let mut split = Split::read(&path).unwrap();
    assert_eq!(split.clip_ids(Part::Train), ["toy:blues.00001#0", "toy:blues.00001#1", "toy:blues.00001#2"]);
    let digest = split.digest();
    split.rows[0].part = Part::Test;
    assert_ne!(split.digest(), digest);
    split.rows.swap(0, 1);
    split.write(&path).unwrap();
    assert!(Split::read(&path).unwrap_err().to_string().contains("row 1: found clip 'toy:blues.00001#0', expected each clip once"));
}

#[test]
fn duplicates() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit/duplicates.parquet");
    let manifest = full_manifest();
    let pair = |track: &str, other: &str, kind: &str, score| DuplicatePair {
        track_id: track.into(),
        other_track_id: other.into(),
        kind: kind.into(),
        score,
    };
    let pairs = vec![
        pair("rock.00001", "pop.00000", "near", 0.75),
        pair("blues.00000", "blues.00001", "near", 0.5),
        pair("blues.00000", "blues.00001", "audio", 1.0),
    ];
    let table = Duplicates::new(&manifest, pairs.clone()).unwrap();
    assert_eq!(table.pairs, [pairs[2].clone(), pairs[1].clone(), pair("pop.00000", "rock.00001", "near", 0.75)]);
    assert_eq!(table.track_ids().last(), Some(("pop.00000", "rock.00001")));
    table.write(&path).unwrap();
    let read = Duplicates::read(&path).unwrap();
    assert_eq!((&read, read.digest()), (&table, table.digest()));
    let none = Duplicates::new(&manifest, vec![]).unwrap();
    none.write(&path).unwrap();
    assert_eq!(Duplicates::read(&path).unwrap(), none);
    let mut other = table.clone();
    other.pairs[0].score = 0.99;
    assert!(table.digest() != none.digest() && table.digest() != other.digest());

    let complaint = |pairs: Vec<DuplicatePair>| Duplicates::new(&manifest, pairs).unwrap_err().to_string();
    assert_eq!(
        complaint(vec![pair("rock.00001", "polka.00000", "near", 1.0)]),
        "duplicates of corpus toy: found track 'polka.00000', expected tracks of the manifest; run the audit again"
    );
    assert!(complaint(vec![pair("rock.00001", "rock.00001", "near", 1.0)]).contains("found tracks 'rock.00001' and 'rock.00001'"));
    assert!(complaint(vec![pair("rock.00000", "rock.00001", "near", f32::NAN)]).contains("found score NaN"));
    let turned = pair("rock.00001", "pop.00000", "near", 0.1);
    assert!(complaint(vec![pairs[0].clone(), turned.clone()]).contains("found pair 'pop.00000', 'rock.00001', near, expected each pair"));
    other.pairs.push(turned);
    let error = other.write(&path).unwrap_err().to_string();
    assert!(error.contains("duplicates.parquet: row 3: found tracks 'rock.00001' and 'pop.00000'"), "{error}");
}

fn predictions() -> Predictions {
    let row = |clip: &str, task: &str, label: &str, probabilities: &[f32]| Prediction {
        clip_id: format!("toy:{clip}#0"),
        track_id: clip.into(),
        task: task.into(),
        true_label: label.into(),
        probabilities: probabilities.to_vec(),
    };
    Predictions {
        source: PredictionSource {
            experiment: "lstm-2x250".into(),
            protocol: Protocol::Track,
            seed: 3,
            fold: None,
            part: Part::Train,
            code_version: "0.1.0".into(),
            model_digest: "m".into(),
            split_digest: "s".into(),
            shards_digest: "f".into(),
        },
        classes: [
            ("genre".into(), vec!["blues".into(), "rock".into(), "jazz".into()]),
            ("mood".into(), vec!["happy".into(), "sad".into()]),
        ]
        .into(),
        rows: vec![
            row("rock.1", "genre", "rock", &[0.25, 0.5, 0.25]),
            row("rock.1", "mood", "sad", &[1.0, 0.0]),
            row("blues.1", "genre", "jazz", &[0.4, 0.3, 0.3004]),
        ],
    }
}

/// The predictions of three folds, a clip and two tasks each.
fn folds() -> Vec<Predictions> {
    let fold = |fold: Fold| {
        let mut this = predictions();
        let n = fold.index();
        this.source = PredictionSource {
            protocol: Protocol::Artist,
            fold: Some(fold),
            part: Part::Test,
            model_digest: format!("m{n}"),
            split_digest: format!("s{n}"),
            ..this.source
        };
        this.rows.truncate(2);
        this.rows.iter_mut().for_each(|row| row.clip_id = format!("toy:{}#0", ["c", "a", "b"][n as usize - 1]));
        this
    };
    Fold::all(3).unwrap().into_iter().map(fold).collect()
}

#[test]
fn folds_are_pooled_to_one_run() {
    let all = folds();
    let pooled = Predictions::pool(all.clone()).unwrap();
    let clips: Vec<(&str, &str)> = pooled.rows.iter().map(|row| (row.clip_id.as_str(), row.task.as_str())).collect();
    let expected = ["toy:a#0", "toy:b#0", "toy:c#0"].map(|clip| [(clip, "genre"), (clip, "mood")]);
    assert_eq!(clips, expected.concat());
    assert_eq!((pooled.source.fold, pooled.source.seed, &pooled.classes), (None, 3, &all[0].classes));
    assert_eq!(pooled.source.model_digest, segno_dataset::digest_fields(["m1", "m2", "m3"]));
    assert_eq!(pooled.source.split_digest, segno_dataset::digest_fields(["s1", "s2", "s3"]));
    let turned = all.iter().rev().cloned().collect();
    assert_eq!(Predictions::pool(turned).unwrap(), pooled);
    let dir = tempfile::tempdir().unwrap();
    for (fold, path) in all.iter().zip(["1", "2", "3"].map(|name| dir.path().join(name))) {
        fold.write(&path).unwrap();
        assert_eq!(Predictions::read(&path).unwrap(), *fold);
    }
}

#[test]
fn what_are_not_the_folds_of_one_run_is_not_pooled() {
    type Damage = fn(&mut Vec<Predictions>);
    let damages: [(Damage, &str); 8] = [
        (|folds| drop(folds.remove(1)), "found fold-1of3, fold-3of3, expected each fold once"),
        (|folds| folds.push(folds[0].clone()), "found fold-1of3, fold-1of3, fold-2of3, fold-3of3, expected each fold once"),
        (|folds| folds[0].source.fold = None, "found no fold, fold-2of3, fold-3of3, expected each fold once"),
        (|folds| folds[2].source.seed = 4, "expected folds of one run"),
        (|folds| folds[2].source.shards_digest = "other".into(), "expected folds of one run"),
        (|folds| drop(folds[1].classes.get_mut("mood").unwrap().pop()), "expected the same classes in each fold"),
        (|folds| folds[1].rows[0].clip_id = "toy:c#0".into(), "found clip 'toy:c#0' in two folds, expected each clip in one"),
        (Vec::clear, "found no folds, expected all folds of a run"),
    ];
    for (damage, expected) in damages {
        let mut damaged = folds();
        damage(&mut damaged);
        let error = Predictions::pool(damaged).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("segno predict-set"), "{error}\n{expected}");
    }
}

#[test]
fn predictions_come_back_to_the_bit() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("predictions.parquet");
    let written = predictions();
    written.write(&path).unwrap();
    assert_eq!(Predictions::read(&path).unwrap(), written);
    assert_eq!(written.rows.iter().map(Prediction::argmax).collect::<Vec<_>>(), [1, 0, 0]);
}

#[test]
fn predictions_that_cannot_be_are_refused() {
    type Damage = fn(&mut Predictions);
    let damages: [(Damage, &str); 9] = [
        (|p| p.rows[1].probabilities[0] = f32::NAN, "row 1: found probability NaN, expected a number from 0 to 1"),
        (|p| p.rows[0].probabilities = vec![-0.1, 0.6, 0.5], "found probability -0.1"),
        (|p| p.rows[0].probabilities = vec![0.2, 0.2, 0.2], "found probabilities that sum to 0.6"),
        (|p| p.rows[0].probabilities = vec![0.5, 0.5], "found 2 probabilities, expected 3, one a class of 'genre'"),
        (|p| p.rows[0].true_label = "polka".into(), "found true label 'polka', expected one of blues, rock, jazz"),
        (|p| p.rows[2].task = "valence".into(), "row 2: found task 'valence', expected one of genre, mood"),
        (|p| p.rows[2].clip_id = p.rows[0].clip_id.clone(), "row 2: found clip 'toy:rock.1#0' again"),
        (|p| p.rows[1].probabilities = vec![1.5, -0.5], "found probability 1.5"),
        (|p| p.rows[1].probabilities = vec![], "found 0 probabilities"),
    ];
    for (damage, expected) in damages {
        let mut damaged = predictions();
        damage(&mut damaged);
        let error = damaged.write(Path::new("predictions.parquet")).unwrap_err().to_string();
        assert!(error.starts_with("predictions.parquet: ") && error.contains(expected), "{error}\n{expected}");
    }
    assert!(!Path::new("predictions.parquet").exists());
}

#[test]
fn curves() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("curves.parquet");
    let row = |epoch: u32| EpochRow {
        epoch,
        train_loss: 1.0 / epoch as f32,
        train_accuracy: vec![0.5, 0.125],
        valid_loss: f32::INFINITY,
        valid_accuracy: vec![0.25, f32::NAN],
    };
    let curves = Curves { tasks: vec!["genre".into(), "mood".into()], best_epoch: 2, epochs: (1..=3).map(row).collect() };
    curves.write(&path).unwrap();
    // By its text: a NaN is no NaN's equal.
    assert_eq!(format!("{:?}", Curves::read(&path).unwrap()), format!("{curves:?}"));
    Curves::default().write(&path).unwrap();
    assert_eq!(Curves::read(&path).unwrap(), Curves::default());
    Curves { best_epoch: 4, ..curves.clone() }.write(&path).unwrap();
    assert!(Curves::read(&path).unwrap_err().to_string().contains("metadata 'segno.best_epoch': found 4"));
    let complaint = |curves: Curves| curves.write(&path).unwrap_err().to_string();
    assert!(complaint(Curves { epochs: vec![row(2), row(1)], ..curves.clone() }).contains("row 1: found epoch 1"));
    let one = Curves { tasks: vec!["genre".into()], ..curves.clone() };
    assert!(complaint(one).contains("row 0: found 2 and 2 accuracies, expected 1, one a task"));
    let twice = Curves { tasks: vec!["genre".into(), "genre".into()], ..curves };
    assert!(complaint(twice).contains("expected each task once"));
}

/// A process that is killed leaves the file that it was writing; who writes a table next clears it, once it can have no writer.
#[test]
fn what_a_killed_writer_left_goes_with_the_next_table() {
    let dir = tempfile::tempdir().unwrap();
    let leave = |name: &str, hours: u64| {
        let file = File::create(dir.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
    };
    leave("tracks.parquet.77-00000000000000ff.tmp", 25);
    leave("tracks.parquet.78-00000000000000ff.tmp", 1);
    leave("notes.tmp", 25);
    world::manifest(1).write(&dir.path().join("tracks.parquet")).unwrap();
    let mut there: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    there.sort_unstable();
    assert_eq!(there, ["notes.tmp", "tracks.parquet", "tracks.parquet.78-00000000000000ff.tmp"]);
}
