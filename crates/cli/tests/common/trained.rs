//! A folder with a synthetic corpus and a model that was trained on it, and the program at work there.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn segno(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(self.0.path()).args(arguments).output().unwrap()
    }

    pub fn good(&self, arguments: &[&str]) -> String {
        let output = self.segno(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Where its work folder and its experiment lie.
pub const PLACE: [&str; 4] = ["--work", "work", "--experiment", "e.toml"];

/// Five tracks a genre, with the features of an experiment.
pub fn extracted(experiment: &str) -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    fs::write(folder.path("e.toml"), experiment).unwrap();
    folder.good(&["corpus", "synth", "audio", "--tracks-per-genre", "5", "--seconds", "3"]);
    folder.good(&["corpus", "index", "synthetic", "--root", "audio", "--work", "work"]);
    folder.good(&[&["extract", "--root", "audio"][..], &PLACE].concat());
    folder
}

/// Five tracks a genre, and the logistic row of `tiny.toml`.
pub fn trained() -> Folder {
    let folder = extracted(include_str!("tiny.toml"));
    let of_run = [&PLACE[..], &["--protocol", "track", "--seed", "1"]].concat();
    folder.good(&[&["split"][..], &of_run].concat());
    folder.good(&[&["train", "--row", "logistic"][..], &of_run].concat());
    folder.good(&[&["predict-set", "--row", "logistic"][..], &of_run].concat());
    folder
}

/// Its model file.
pub const MODEL: &str = "work/models/logistic/track-1.safetensors";
