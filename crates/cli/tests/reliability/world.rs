//! A corpus, an experiment, and the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const INDEX: &str = "corpus index synthetic --root AUDIO --work WORK";
pub const EXTRACT: &str = "extract --root AUDIO --work WORK --experiment EXPERIMENT";
pub const SPLIT: &str = "split --work WORK --experiment EXPERIMENT --protocol track";
pub const TRAIN: &str = "train --work WORK --experiment EXPERIMENT --protocol track --row lstm";
pub const PREDICT: &str = "predict-set --work WORK --experiment EXPERIMENT --protocol track --row lstm";
pub const REPORT: &str = "report --work WORK --experiment EXPERIMENT --svg";

/// The stages from audio to a report of one row, in their order.
pub const STAGES: [&str; 6] = [INDEX, EXTRACT, SPLIT, TRAIN, PREDICT, REPORT];

/// A corpus of ten genres and an experiment; work folders lie beside them.
pub struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub fn new(tracks_per_genre: usize) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(world.path("experiment.toml"), include_str!("experiment.toml")).unwrap();
        let line = format!("corpus synth AUDIO --tracks-per-genre {tracks_per_genre} --seconds 2.5");
        good(world.segno(&line, Path::new("")));
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `segno <line>` with the paths put in, on two threads.
    pub fn segno(&self, line: &str, work: &Path) -> Command {
        let word = |word: &str| match word {
            "AUDIO" => self.path("audio"),
            "EXPERIMENT" => self.path("experiment.toml"),
            "WORK" => work.to_owned(),
            other => other.into(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
        command.args(line.split(' ').map(word)).env("RAYON_NUM_THREADS", "2");
        command
    }
}

/// Runs to a good end; what was said on standard error.
pub fn good(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}: {}", output.status, said(&output));
    said(&output)
}

pub fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
