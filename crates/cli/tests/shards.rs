//! What `[shards]` of an experiment says: streamed features give the same model, and half precision half the bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const EXPERIMENT: &str = include_str!("common/tiny.toml");
const LSTM: &str = r#"
[training.sgd]
optimiser = { sgd = { learning_rate = 0.5 } }
batch_size = 16
max_epochs = 2

[[rows]]
id = "lstm"
label = "LSTM"
family = "recurrent"
place = "nowhere"
features = "log"
standardise = "per-bin"
training = "sgd"
model.recurrent = { cell = "lstm", layers = 1, hidden = 8, attention = false, dropout = 0.2 }
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// An experiment with this in its table `[shards]`.
    fn experiment(&self, name: &str, shards: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, format!("{EXPERIMENT}{LSTM}\n[shards]\n{shards}\n")).unwrap();
        path
    }

    fn segno(&self, words: &[&str], experiment: &Path, more: &[&str]) -> Output {
        let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
        segno.args(words).arg("--work").arg(self.path("work")).arg("--experiment").arg(experiment).args(more).arg("--json");
        segno.output().unwrap()
    }

    /// Extracts and splits; the answer of `extract`.
    fn prepare(&self, experiment: &Path) -> Value {
        let root = self.path("audio");
        let extracted = self.segno(&["extract"], experiment, &["--root", root.to_str().unwrap()]);
        good(&self.segno(&["split"], experiment, &["--protocol", "published", "--seed", "1"]));
        serde_json::from_str::<Value>(&good(&extracted)).unwrap()[0].clone()
    }

    /// Trains a row and predicts with it: what was said, the model's digest and the predictions' bytes.
    fn run(&self, experiment: &Path, row: &str) -> (String, String, Vec<u8>) {
        let of_run = ["--row", row, "--protocol", "published", "--seed", "1"];
        let _ = fs::remove_dir_all(self.path("work/models"));
        let _ = fs::remove_dir_all(self.path("work/predictions"));
        let trained = self.segno(&["train"], experiment, &of_run);
        let answer: Value = serde_json::from_str(&good(&trained)).unwrap();
        good(&self.segno(&["predict-set"], experiment, &of_run));
        let predictions = fs::read(self.path(&format!("work/predictions/{row}/published-1.parquet"))).unwrap();
        (String::from_utf8(trained.stderr).unwrap(), answer["digest"].as_str().unwrap().to_owned(), predictions)
    }
}

fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn corpus() -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    let mut synth = Command::new(env!("CARGO_BIN_EXE_segno"));
    good(&synth.args(["corpus", "synth"]).arg(folder.path("audio")).args(["--tracks-per-genre", "5", "--seconds", "3"]).output().unwrap());
    let mut index = Command::new(env!("CARGO_BIN_EXE_segno"));
    index.args(["corpus", "index", "synthetic", "--root"]).arg(folder.path("audio")).arg("--work").arg(folder.path("work"));
    good(&index.output().unwrap());
    folder
}

#[test]
fn streamed_features_give_the_model_and_the_predictions_of_those_in_memory() {
    let folder = corpus();
    let (held, streamed) = (folder.experiment("held.toml", "memory_mb = 64"), folder.experiment("streamed.toml", "memory_mb = 0"));
    folder.prepare(&held);
    let (said, digest, predictions) = folder.run(&held, "lstm");
    assert!(!said.contains("streamed"), "{said}");
    let (said, streamed_digest, streamed_predictions) = folder.run(&streamed, "lstm");
    assert!(said.contains("clips are streamed"), "{said}");
    assert_eq!(digest, streamed_digest);
    assert_eq!(predictions, streamed_predictions);

    let refused = folder.segno(&["train"], &streamed, &["--row", "logistic", "--protocol", "published", "--seed", "1"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("memory_mb"), "{said}");
}

#[test]
fn half_precision_has_half_the_bytes_and_a_folder_of_its_own() {
    let folder = corpus();
    let (single, half) = (folder.experiment("single.toml", ""), folder.experiment("half.toml", "precision = \"half\""));
    let [single_set, half_set] = [&single, &half].map(|experiment| folder.prepare(experiment));
    let bytes = |set: &Value| {
        let parts = fs::read_dir(set["folder"].as_str().unwrap()).unwrap();
        parts.map(|part| part.unwrap().metadata().unwrap().len()).sum::<u64>() as f64
    };
    assert_ne!(single_set["folder"], half_set["folder"]);
    assert_ne!(single_set["values_digest"], half_set["values_digest"]);
    assert_eq!(single_set["clips"], half_set["clips"]);
    let ratio = bytes(&half_set) / bytes(&single_set);
    assert!((0.45..0.65).contains(&ratio), "{ratio}");
    let (_, of_single, _) = folder.run(&single, "lstm");
    let (_, of_half, _) = folder.run(&half, "lstm");
    assert_ne!(of_single, of_half);
}
