//! `segno predict` over many files: what is kept and written, what it is not sure of, and models by name.

#[path = "../common/wav.rs"]
mod wav;

mod kept;
mod models;
mod sounds;
mod tagged;
mod unsure;

use std::{fs, path::Path, process::Command};

/// Runs a line in a folder, with the folder's own library; status, standard output and error.
pub fn segno(at: &Path, line: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
    let output = command.current_dir(at).env("SEGNO_HOME", at.join("home")).args(line.split(' ')).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The same to a good end: standard output.
pub fn good(at: &Path, line: &str) -> String {
    let (status, out, told) = segno(at, line);
    assert_eq!(status, Some(0), "{line}: {told}");
    out
}

/// A folder with `music/<genre>/…`, of which the last track of each genre lies in `held-out/`, and a head over MFCC in `mine.safetensors`.
pub fn with_head() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    good(at, "corpus synth . --tracks-per-genre 7 --seconds 8");
    fs::rename(at.join("audio"), at.join("music")).unwrap();
    fs::create_dir(at.join("held-out")).unwrap();
    for genre in fs::read_dir(at.join("music")).unwrap() {
        let mut tracks: Vec<_> = fs::read_dir(genre.unwrap().path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        tracks.sort();
        let last = tracks.last().unwrap();
        fs::rename(last, at.join("held-out").join(last.file_name().unwrap())).unwrap();
    }
    good(at, "head train --corpus music --work work --mfcc --folds 3 --classifier logistic --out mine.safetensors");
    folder
}

/// The lines of JSON that were said.
pub fn objects(said: &str) -> Vec<serde_json::Value> {
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
