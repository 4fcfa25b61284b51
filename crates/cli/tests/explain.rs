//! `segno explain`: the picture is there in every form, and its numbers are those of the model.

#[path = "common/trained.rs"]
mod trained;

use std::fs;

use segno_dataset::Manifest;
use serde_json::Value;
use trained::{Folder, MODEL, trained};

fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.segno(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    serde_json::from_str(&folder.good(arguments)).unwrap()
}

/// A trained model, and one of its tracks under a name that is no markup.
fn with_track() -> Folder {
    let folder = trained();
    let manifest = Manifest::read(&folder.path("work/tracks.parquet")).unwrap();
    let track = folder.path("audio").join(&manifest.present().next().unwrap().path);
    fs::copy(track, folder.path("<b>a & b.wav")).unwrap();
    folder
}

#[test]
fn the_picture_shows_what_the_answer_hangs_on_and_tests_it() {
    let folder = with_track();
    let track = "<b>a & b.wav";
    let explain = ["explain", track, "--model", MODEL, "--clips", "20", "--json", "--out"];
    let told = json(&folder, &[&explain[..], &["p.svg"]].concat());

    // All of the file is shown, so that the curves begin and end at what `predict` says of it.
    let said = json(&folder, &["predict", "--model", MODEL, "--json", track]);
    let genres = said["tasks"]["genre"].as_object().unwrap();
    let likeliest = genres.values().map(|share| share.as_f64().unwrap()).fold(0.0, f64::max);
    let curve = |name: &str, of: &str| -> Vec<f64> {
        told["faithfulness"][of][name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    };
    let (deletion, insertion) = (curve("deletion", "map"), curve("insertion", "map"));
    for (found, expected) in [(deletion[0], likeliest), (*insertion.last().unwrap(), likeliest), (insertion[0], *deletion.last().unwrap())]
    {
        assert!((found - expected).abs() < 1e-5, "{found} in place of {expected}");
    }
    // A linear classifier's map is all there is to know of it.
    assert_eq!(told["beats_chance"], true, "{told}");
    let mean = |curve: Vec<f64>| curve.iter().sum::<f64>() / curve.len() as f64;
    assert!(mean(deletion) < mean(curve("deletion", "random")) && mean(insertion) > mean(curve("insertion", "random")));

    folder.good(&[&explain[..], &["p.html"]].concat());
    folder.good(&[&explain[..], &["p.png"]].concat());
    let [svg, html] = ["p.svg", "p.html"].map(|name| fs::read_to_string(folder.path(name)).unwrap());
    for text in [&svg, &html] {
        assert!(text.contains("&lt;b&gt;a &amp; b.wav") && !text.contains("<b>a"), "the file's name is text");
    }
    assert!(svg.starts_with("<svg") && html.contains("<table") && !html.contains("<script"));
    assert_eq!(fs::read(folder.path("p.png")).unwrap()[..8], *b"\x89PNG\r\n\x1a\n");
    assert!(told["answer"].as_str().unwrap().starts_with("genre: "));
}

#[test]
fn what_cannot_be_explained_is_told_before_anything_is_written() {
    let folder = with_track();
    let explain = ["explain", "<b>a & b.wav", "--model", MODEL, "--out", "p.svg"];
    let class = refused(&folder, &[&explain[..], &["--class", "polka"]].concat());
    assert!(class.contains("--class polka: genre has "), "{class}");
    let task = refused(&folder, &[&explain[..], &["--task", "mood"]].concat());
    assert!(task.contains("--task mood: the model has genre"), "{task}");
    assert!(!folder.path("p.svg").exists());
    let ending = refused(&folder, &["explain", "<b>a & b.wav", "--model", MODEL, "--out", "p.gif"]);
    assert!(ending.contains("--out p.gif: expected a name that ends in .svg, .png or .html"), "{ending}");
}
