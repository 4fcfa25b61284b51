//! The program killed in the middle of a stage, and started again: the same bytes as if nothing had happened.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const EXPERIMENT: &str = r#"
title = "A test"
corpus = "synthetic"
tasks = ["genre"]
seeds = 1
protocols = ["track"]
differs = ["everything is small"]

[features.log]
sample_rate_hz = 4000
clip_samples = 8000
[features.log.representation.spectrogram]
n_fft = 256
hop = 256
output = { log-magnitude = { floor = 5e-8 } }

[training.adam]
optimiser = { adam = { learning_rate = 0.001, epsilon = 1e-8 } }
batch_size = 16
max_epochs = 25
patience = 25

[[rows]]
id = "lstm"
label = "LSTM"
family = "recurrent"
place = "nowhere"
features = "log"
standardise = "per-bin"
model.recurrent = { cell = "lstm", layers = 2, hidden = 48, attention = true, dropout = 0.2 }
training = "adam"
"#;

/// A work folder of its own over one corpus.
struct Road<'a> {
    folder: &'a Path,
    work: PathBuf,
}

impl Road<'_> {
    fn segno(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segno"));
        let path = |word: &str| match word {
            "AUDIO" => self.folder.join("audio"),
            "WORK" => self.work.clone(),
            "EXPERIMENT" => self.folder.join("experiment.toml"),
            other => other.into(),
        };
        command.args(line.split(' ').map(path)).env("RAYON_NUM_THREADS", "1");
        command
    }

    fn run(&self, line: &str) {
        let output = self.segno(line).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts a stage and kills it as soon as `sign` holds.
    fn kill(&self, line: &str, sign: impl Fn() -> bool) {
        let mut child = self.segno(line).spawn().unwrap();
        while !sign() {
            assert!(child.try_wait().unwrap().is_none(), "{line} ended before it could be killed");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "{line} was not killed");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    /// The feature parts that are there, by name.
    fn parts(&self) -> Vec<PathBuf> {
        let Ok(mut folders) = fs::read_dir(self.file("features")) else { return vec![] };
        let Some(folder) = folders.next() else { return vec![] };
        let names = fs::read_dir(folder.unwrap().path()).unwrap().map(|entry| entry.unwrap().path());
        let mut parts: Vec<_> = names.filter(|path| path.extension().is_some_and(|extension| extension == "parquet")).collect();
        parts.sort();
        parts
    }
}

const INDEX: &str = "corpus index synthetic --root AUDIO --work WORK";
const EXTRACT: &str = "extract --root AUDIO --work WORK --experiment EXPERIMENT";
const SPLIT: &str = "split --work WORK --experiment EXPERIMENT --protocol track";
const TRAIN: &str = "train --work WORK --experiment EXPERIMENT --row lstm --protocol track";

#[test]
fn a_killed_extraction_and_a_killed_training_go_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("experiment.toml"), EXPERIMENT).unwrap();
    let roads = ["whole", "killed"].map(|name| Road { folder: folder.path(), work: folder.path().join(name) });
    let [whole, killed] = &roads;
    whole.run("corpus synth AUDIO --tracks-per-genre 12 --seconds 6");
    for road in &roads {
        road.run(INDEX);
    }

    whole.run(EXTRACT);
    killed.kill(EXTRACT, || !killed.parts().is_empty());
    let (left, all) = (killed.parts().len(), whole.parts().len());
    assert!(left < all, "killed with {left} of {all} parts written");
    killed.run(EXTRACT);
    assert_eq!(killed.parts().len(), all);
    for (ours, theirs) in whole.parts().iter().zip(&killed.parts()) {
        assert_eq!(ours.file_name(), theirs.file_name());
        assert!(fs::read(ours).unwrap() == fs::read(theirs).unwrap(), "{} differs", ours.display());
    }

    let (model, checkpoint) = ("models/lstm/track-1.safetensors", "models/lstm/track-1.checkpoint.safetensors");
    for road in &roads {
        road.run(SPLIT);
    }
    whole.run(TRAIN);
    killed.kill(TRAIN, || killed.file(checkpoint).exists());
    assert!(!killed.file(model).exists(), "training ended before it was killed");
    killed.run(TRAIN);
    assert!(fs::read(whole.file(model)).unwrap() == fs::read(killed.file(model)).unwrap(), "the model of a killed training differs");
    assert!(!killed.file(checkpoint).exists(), "a finished training leaves no checkpoint");
}
