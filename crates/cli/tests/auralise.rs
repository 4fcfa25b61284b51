//! `segno auralise`: what it prints is what `segno predict` says of the file, and a file that is not heard as its class is no success.

#[path = "common/trained.rs"]
mod trained;

use std::fs;

use segno_audio_io::{LoadOptions, load};
use segno_dataset::Manifest;
use serde_json::Value;
use trained::{Folder, MODEL, trained};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn share(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn genres(folder: &Folder, file: &str) -> Value {
    json(&folder.good(&["predict", "--model", MODEL, "--json", file]))["tasks"]["genre"].clone()
}

/// A trained model, and the path of one of its tracks.
fn with_track() -> (Folder, String) {
    let folder = trained();
    let manifest = Manifest::read(&folder.path("work/tracks.parquet")).unwrap();
    let track = format!("audio/{}", manifest.present().next().unwrap().path);
    (folder, track)
}

#[test]
fn a_sound_for_each_class_is_heard_as_it_when_it_is_read_back() {
    let (folder, track) = with_track();
    let classes: Vec<String> = genres(&folder, &track).as_object().unwrap().keys().cloned().collect();
    for class in &classes {
        let told = json(&folder.good(&["auralise", "--class", class, "--model", MODEL, "--clips", "2", "--out", "s.wav", "--json"]));
        let heard = genres(&folder, "s.wav");
        assert_eq!(told["heard"]["genre"], heard, "what is printed is what `predict` says");
        assert_eq!(told["probability"], heard[class]);
        assert!(classes.iter().all(|other| share(&heard[other]) <= share(&heard[class])), "{class}: {heard}");
        assert!(share(&told["probability"]) >= 0.9 || told["rounds"] == 40, "{told}");
        let error = share(&told["consistency_error"]);
        assert!((0.0..1.0).contains(&error), "{error}");
    }
    let audio = load(&folder.path("s.wav"), &LoadOptions::default()).unwrap();
    assert_eq!((audio.sample_rate_hz, audio.samples.len()), (4000, 2 * 4000));
}

#[test]
fn from_a_track_the_change_is_smaller_the_more_natural_it_is_to_be() {
    let (folder, track) = with_track();
    let said = genres(&folder, &track);
    let least = said.as_object().unwrap().iter().min_by(|a, b| share(a.1).total_cmp(&share(b.1))).unwrap().0;
    let make = |naturalness: &str, out: &str| {
        let told = folder.segno(&[
            "auralise",
            "--class",
            least,
            "--model",
            MODEL,
            "--clips",
            "1",
            "--from",
            &track,
            "--rounds",
            "10",
            "--enough",
            "1",
            "--naturalness",
            naturalness,
            "--json",
            "--out",
            out,
        ]);
        (told.status.code().unwrap(), json(&String::from_utf8(told.stdout).unwrap()))
    };
    let (near, free) = (make("20", "near.wav"), make("0", "free.wav"));
    assert_eq!(free.0, 0, "{}", free.1);
    assert!(share(&free.1["probability"]) > share(&near.1["probability"]), "{} {}", free.1, near.1);
    assert!(share(&near.1["change"]) < share(&free.1["change"]), "{} {}", free.1, near.1);
    let samples =
        |name: &str| load(&folder.path(name), &LoadOptions { sample_rate_hz: Some(4000), ..LoadOptions::default() }).unwrap().samples;
    let original = samples(&track);
    let apart = |name: &str| samples(name).iter().zip(&original).map(|(a, b)| f64::from((a - b).powi(2))).sum::<f64>();
    assert!(apart("near.wav") < apart("free.wav"));
    // Nothing is enough: it stays what it was, which is said and no success; the file is there to listen to.
    let still = folder.segno(&["auralise", "--class", least, "--model", MODEL, "--from", &track, "--enough", "0", "--out", "still.wav"]);
    assert_eq!(still.status.code(), Some(5));
    let told = String::from_utf8(still.stderr).unwrap();
    assert!(told.contains(&format!("not as {least}")) && folder.path("still.wav").is_file(), "{told}");
}

#[test]
fn a_track_weighted_by_what_speaks_for_a_class_is_quieter_and_as_long() {
    let (folder, track) = with_track();
    let told = json(&folder.good(&["auralise", "--resynthesise", &track, "--model", MODEL, "--clips", "2", "--out", "w.wav", "--json"]));
    assert_eq!(told["heard"]["genre"], genres(&folder, "w.wav"));
    let power = share(&told["power"]);
    assert!(power > 0.0 && power < 1.0, "{power}");
    assert_eq!(load(&folder.path("w.wav"), &LoadOptions::default()).unwrap().samples.len(), 2 * 4000);
}

#[test]
fn what_cannot_be_made_sound_of_is_told_before_anything_is_written() {
    let (folder, track) = with_track();
    let refused = |arguments: &[&str], status: i32| {
        let output = folder.segno(&[&["auralise", "--model", MODEL, "--out", "no.wav"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert!(!folder.path("no.wav").exists());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["--class", "polka"], 1).contains("--class polka: genre has "));
    refused(&[], 2);
    refused(&["--resynthesise", &track, "--from", &track], 2);
    assert!(refused(&["--class", "polka", "--enough", "2"], 1).contains("--enough 2: expected a probability"));
    assert!(refused(&["--class", "polka", "--naturalness=-1"], 1).contains("--naturalness -1: expected 0 to 20"));
    fs::write(folder.path("short.wav"), b"RIFF").unwrap();
    let class = genres(&folder, &track).as_object().unwrap().keys().next().unwrap().clone();
    assert!(refused(&["--class", &class, "--from", "short.wav"], 1).contains("short.wav"));
}
