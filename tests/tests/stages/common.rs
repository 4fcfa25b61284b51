//! A small corpus and a small experiment, in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use segno_cli::{Cli, run};
use segno_synth::{SynthSpec, render};
use tempfile::TempDir;

/// Two quick rows over two protocols.
const EXPERIMENT: &str = r#"
title = "A test"
corpus = "synthetic"
tasks = ["genre"]
seeds = 1
protocols = ["published", "track"]
differs = ["everything is small"]

[features.log]
sample_rate_hz = 4000
clip_samples = 8000
[features.log.representation.spectrogram]
n_fft = 256
hop = 256
output = { log-magnitude = { floor = 5e-8 } }

[training.sgd]
optimiser = { sgd = { learning_rate = 0.5 } }
batch_size = 32
max_epochs = 4
patience = 4
max_gradient_norm = 5.0

[[rows]]
id = "logistic"
label = "Logistic"
family = "baseline"
place = "nowhere"
features = "log"
standardise = "per-bin"
model.logistic = { c = 1.0, tolerance = 1e-3, max_iterations = 50 }

[[rows]]
id = "lstm"
label = "LSTM"
family = "recurrent"
place = "nowhere"
features = "log"
standardise = "per-bin"
model.recurrent = { cell = "lstm", layers = 1, hidden = 8, attention = true, dropout = 0.2 }
training = "sgd"
"#;

pub struct Road {
    folder: TempDir,
}

impl Road {
    /// A rendered corpus: ten genres, six tracks of 4 s each.
    pub fn new() -> Self {
        Self::of_seconds(4.0)
    }

    /// As [`Road::new`], with tracks of another length.
    pub fn of_seconds(seconds: f64) -> Self {
        let road = Self { folder: tempfile::tempdir().unwrap() };
        render(&road.audio(), &SynthSpec { tracks_per_genre: 6, seconds, ..SynthSpec::default() }, |_| {}).unwrap();
        fs::write(road.experiment(), EXPERIMENT).unwrap();
        road
    }

    pub fn audio(&self) -> PathBuf {
        self.folder.path().join("audio")
    }

    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn experiment(&self) -> PathBuf {
        self.folder.path().join("experiment.toml")
    }

    /// Runs `segno <arguments>` with `--work` and, for all but the index, `--experiment`.
    pub fn segno(&self, arguments: &str) -> anyhow::Result<()> {
        let (audio, work, experiment) = (self.audio(), self.work(), self.experiment());
        let mut line = vec!["segno".to_owned()];
        line.extend(arguments.split(' ').map(|word| if word == "AUDIO" { audio.to_str().unwrap().to_owned() } else { word.to_owned() }));
        line.extend(["--work".to_owned(), work.to_str().unwrap().to_owned()]);
        if !arguments.starts_with("corpus") {
            line.extend(["--experiment".to_owned(), experiment.to_str().unwrap().to_owned()]);
        }
        run(Cli::try_parse_from(line)?)
    }

    /// Index, extraction and both splits.
    pub fn prepare(&self) {
        self.segno("corpus index synthetic --root AUDIO").unwrap();
        self.segno("extract --root AUDIO").unwrap();
        self.segno("split --protocol published").unwrap();
        self.segno("split --protocol track").unwrap();
    }

    /// Trains and predicts every row under both protocols, and reports.
    pub fn walk(&self) {
        self.prepare();
        for row in ["logistic", "lstm"] {
            for protocol in ["published", "track"] {
                self.segno(&format!("train --row {row} --protocol {protocol}")).unwrap();
                self.segno(&format!("predict-set --row {row} --protocol {protocol}")).unwrap();
            }
        }
        self.segno("report").unwrap();
    }

    /// Every file below the work folder with its bytes, timings and reports aside.
    pub fn products(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = vec![];
        collect(&self.work(), &mut files);
        files.retain(|path| {
            !path.components().any(|part| part.as_os_str() == "timings")
                && !path.file_name().unwrap().to_str().unwrap().starts_with("report")
        });
        files.sort();
        files.into_iter().map(|path| (path.strip_prefix(self.work()).unwrap().to_owned(), fs::read(&path).unwrap())).collect()
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
