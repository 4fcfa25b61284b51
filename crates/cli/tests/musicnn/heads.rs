//! Heads over networks of chance: what was odd is told, and a head answers with its own network alone.

use std::{f64::consts::TAU, fs, path::Path};

use super::{
    RATE_HZ,
    files::{chance_of, segno, wav},
    noise,
};

fn good(at: &Path, line: &str) -> (String, String) {
    let (status, out, told) = segno(at, line);
    assert_eq!(status, Some(0), "{line}: {told}");
    (out, told)
}

/// Four seconds of a tone, one in twenty parts noise.
fn tone(hz: f64) -> Vec<f32> {
    let of = |(i, noise): (usize, f64)| (0.6 * (TAU * hz * i as f64 / f64::from(RATE_HZ)).sin() + 0.03 * noise) as f32;
    noise().take(4 * RATE_HZ as usize).enumerate().map(of).collect()
}

/// Two classes of four tones each, of which one lasts a second, and a class of silence; two networks of one name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (class, hz) in [("high", 1800.0), ("low", 200.0)] {
        fs::create_dir_all(at.join("music").join(class)).unwrap();
        for n in 0..4 {
            wav(&at.join(format!("music/{class}/{n}.wav")), &tone(hz * (1.0 + 0.3 * f64::from(n))));
        }
    }
    wav(&at.join("music/low/short.wav"), &tone(230.0)[..RATE_HZ as usize]);
    fs::create_dir(at.join("music/mute")).unwrap();
    wav(&at.join("music/mute/rest.wav"), &vec![0.0; 4 * RATE_HZ as usize]);
    for (name, draw) in [("mine", 0), ("other", 1)] {
        chance_of(draw).write(&at.join(name).with_extension("safetensors")).unwrap();
    }
    folder
}

const TRAIN: &str = "head train --corpus music --work work --model mine.safetensors --folds 2 --classifier logistic --c 0.1";

#[test]
fn a_head_answers_with_its_own_network_and_with_no_other() {
    let folder = folder();
    let at = folder.path();
    let [mine, other] = [0, 1].map(|draw| chance_of(draw).digest());
    assert!(mine != other && chance_of(0).name() == chance_of(1).name());
    good(at, &format!("{TRAIN} --out head.safetensors"));
    let (answers, _) = good(at, "predict --model head.safetensors --backbone mine.safetensors --json music/high music/low");
    assert_eq!(answers.lines().count(), 9);

    let refused = |line: &str| {
        let (status, _, told) = segno(at, line);
        assert!(status == Some(1) && told.contains(&mine[..12]) && told.contains(&other[..12]), "{line}: {told}");
    };
    refused("predict --model head.safetensors --backbone other.safetensors --json music/high");
    good(at, "embed --model other.safetensors --out lib music/high music/low");
    refused("map lib --pca --model head.safetensors --out map.html");
    good(at, "embed --model mine.safetensors --out own music/high music/low");
    good(at, "map own --pca --model head.safetensors --out map.html");

    // With its network in the file it wants nothing else, says the same, and takes no other either.
    good(at, &format!("{TRAIN} --with-backbone --out whole.safetensors"));
    let of_whole = answers.replace("head.safetensors", "whole.safetensors");
    for with in ["", " --backbone mine.safetensors"] {
        let line = format!("predict --model whole.safetensors{with} --json music/high music/low");
        assert_eq!(good(at, &line).0, of_whole);
    }
    refused("predict --model whole.safetensors --backbone other.safetensors --json music/high");
    fs::remove_file(at.join("mine.safetensors")).unwrap();
    assert_eq!(good(at, "predict --model whole.safetensors --json music/high music/low").0, of_whole);
    let (status, _, told) = segno(at, "predict --model head.safetensors --json music/high");
    assert!(status == Some(1) && told.contains(&format!("of digest {:.12}, found none", mine)), "{told}");
}

#[test]
fn what_was_repeated_or_left_out_is_told() {
    let folder = folder();
    let (out, told) = good(folder.path(), &format!("{TRAIN} --json --out head.safetensors"));
    for part in [
        "low/short.wav: shorter than a patch of 3 s: repeated up to one",
        "left out: mute/rest.wav: silence",
        "left out, with fewer tracks than folds, copies counted once: mute (0)",
    ] {
        assert!(told.contains(part), "expected '{part}' in: {told}");
    }
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    let names = |of: &str| said[of].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((names("repeated"), names("unheard")), (vec!["low/short.wav".to_owned()], vec!["mute/rest.wav".to_owned()]));
    assert!(said["unheard"]["mute/rest.wav"].as_str().unwrap().contains("silence"), "{out}");
    assert_eq!((&said["tasks"][0]["tracks"], &said["tasks"][0]["left_out"]), (&9.into(), &serde_json::json!(["mute (0)"])));
    let head = segno_models::Head::read(&folder.path().join("head.safetensors")).unwrap();
    assert_eq!(head.card.tasks[0].task.classes, ["high", "low"]);
}
