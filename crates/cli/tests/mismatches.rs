//! What does not belong together is refused before work starts, with both sides named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use segno_dataset::Manifest;
use segno_models::ModelFile;

const EXPERIMENT: &str = include_str!("common/tiny.toml");
const MODEL: &str = "work/models/logistic/track-1.safetensors";

struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn segno(&self, line: &str) -> Result<(), String> {
        let output = Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(self.0.path()).args(line.split(' ')).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => Ok(()),
            Some(1) => Err(told.lines().last().unwrap_or_default().to_owned()),
            other => panic!("{line}: {other:?}: {told}"),
        }
    }

    fn good(&self, line: &str) {
        self.segno(line).unwrap_or_else(|told| panic!("{line}: {told}"));
    }

    /// What a command says that must not work; each of `parts` is to be in it.
    fn refused(&self, line: &str, parts: &[&str]) {
        let told = self.segno(line).expect_err(line);
        for part in parts {
            assert!(told.contains(part), "{line}: expected '{part}' in: {told}");
        }
    }

    /// A work folder with a trained model.
    fn run(&self, work: &str, experiment: &str) {
        self.good(&format!("corpus index synthetic --root audio --work {work}"));
        let place = format!("--work {work} --experiment {experiment}");
        for stage in ["extract --root audio", "split --protocol track", "train --row logistic --protocol track"] {
            self.good(&format!("{stage} {place}"));
        }
    }

    /// The one folder of features of a work folder.
    fn features(&self, work: &str) -> PathBuf {
        fs::read_dir(self.path(work).join("features")).unwrap().next().unwrap().unwrap().path()
    }

    /// Changes the model and writes it under another name.
    fn altered(&self, name: &str, alter: impl FnOnce(&mut ModelFile)) {
        let mut model = ModelFile::read(&self.path(MODEL)).unwrap();
        alter(&mut model);
        model.write(&self.path(name)).unwrap();
    }
}

fn prepared() -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    fs::write(folder.path("e.toml"), EXPERIMENT).unwrap();
    folder.good("corpus synth audio --tracks-per-genre 5 --seconds 3");
    folder.run("work", "e.toml");
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn features_of_another_specification() {
    let folder = prepared();
    assert!(EXPERIMENT.contains("hop = 256"), "the test changes it");
    fs::write(folder.path("other.toml"), EXPERIMENT.replace("hop = 256", "hop = 128")).unwrap();
    folder.run("other", "other.toml");
    // Somebody copies shards to where others are looked for.
    copy(&folder.features("work"), &folder.features("other"));
    let train = "train --row logistic --protocol track --work other --experiment other.toml";
    folder.refused(train, &["specification.", "hop: found 256, expected 128", "run `segno extract` again"]);
}

#[test]
fn a_model_of_another_job() {
    let folder = prepared();
    let place = "--protocol track --seed 2 --work work --experiment e.toml";
    folder.good(&format!("split {place}"));
    fs::copy(folder.path(MODEL), folder.path("work/models/logistic/track-2.safetensors")).unwrap();
    folder.refused(&format!("predict-set --row logistic {place}"), &["track-2.safetensors", "seed: found 1, expected 2", "train it again"]);
}

#[test]
fn a_model_that_wants_other_features_than_this_program_computes() {
    let folder = prepared();
    let manifest = Manifest::read(&folder.path("work/tracks.parquet")).unwrap();
    let file = folder.path("audio").join(&manifest.present().next().unwrap().path);
    let predict = |model: &str| format!("predict --model {model} {}", file.display());
    folder.good(&predict(MODEL));
    folder.altered("old.safetensors", |model| model.card.extractor_version = "0-before".into());
    let ours = format!("version {}", segno_features::EXTRACTOR_VERSION);
    folder.refused(&predict("old.safetensors"), &["old.safetensors", "version 0-before", &ours, "train it again"]);
    folder.altered("shape.safetensors", |model| model.card.signature.input[0] += 1);
    let [frames, bins] = ModelFile::read(&folder.path(MODEL)).unwrap().card.signature.input;
    let sides = [format!("[{frames}, {bins}]"), format!("[{}, {bins}]", frames + 1)];
    folder.refused(&predict("shape.safetensors"), &["shape.safetensors", &sides[0], &sides[1]]);
}

#[test]
fn a_split_of_another_manifest_and_an_experiment_of_another_corpus() {
    let folder = prepared();
    folder.good("corpus synth more --tracks-per-genre 6 --seconds 3");
    folder.good("corpus index synthetic --root more --work work");
    folder.good("extract --root more --work work --experiment e.toml");
    let train = "train --row logistic --protocol track --work work --experiment";
    folder.refused(&format!("{train} e.toml"), &["drawn from manifest", "tracks.parquet is", "run `segno split` again"]);
    fs::write(folder.path("gtzan.toml"), EXPERIMENT.replace("corpus = \"synthetic\"", "corpus = \"gtzan\"")).unwrap();
    folder.refused(&format!("{train} gtzan.toml"), &["found corpus 'synthetic', expected 'gtzan'"]);
}
