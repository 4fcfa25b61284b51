//! What runs on a GPU gives what the CPU gives; without one, a clear end. Compiled with the feature `cuda` alone.

#![cfg(feature = "cuda")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use segno_dataset::{Curves, Predictions};

/// A network of each kind: experiment and row.
const RUNS: [(&str, &str); 2] =
    [("datasets/synthetic/experiments/regress-irvin.toml", "lstm"), ("datasets/synthetic/experiments/regress-li.toml", "cnn")];
/// Relative difference of a loss of the first epochs, in single precision and with products in half precision.
const LOSS: [f32; 2] = [2e-3, 3e-2];
/// Difference of a probability, of one model on two devices.
const PROBABILITY: [f32; 2] = [1e-3, 2e-2];

struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn segno(&self, arguments: &[&str]) -> Output {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
        segno.current_dir(root).args(arguments);
        segno.output().unwrap()
    }

    fn good(&self, arguments: &[&str]) {
        let output = self.segno(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn of_run(&self, stage: &str, (experiment, row): (&str, &str), device: &str) -> Output {
        let work = self.path("work");
        let of_row = ["--row", row, "--protocol", "track", "--seed", "1", "--device", device];
        self.segno(&[&[stage, "--work", work.to_str().unwrap(), "--experiment", experiment][..], &of_row].concat())
    }
}

/// Losses of a row's first epochs.
fn losses(folder: &Folder, run: (&str, &str), device: &str) -> Vec<f32> {
    let _ = fs::remove_dir_all(folder.path("work/models"));
    let output = folder.of_run("train", run, device);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let curves = Curves::read(&folder.path(&format!("work/models/{}/track-1.curves.parquet", run.1))).unwrap();
    curves.epochs.iter().take(3).flat_map(|epoch| [epoch.train_loss, epoch.valid_loss]).collect()
}

/// Probabilities of the model that is there.
fn probabilities(folder: &Folder, run: (&str, &str), device: &str) -> Vec<f32> {
    let _ = fs::remove_dir_all(folder.path("work/predictions"));
    let output = folder.of_run("predict-set", run, device);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let predictions = Predictions::read(&folder.path(&format!("work/predictions/{}/track-1.parquet", run.1))).unwrap();
    predictions.rows.into_iter().flat_map(|row| row.probabilities).collect()
}

fn largest(a: &[f32], b: &[f32], difference: impl Fn(f32, f32) -> f32) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| difference(*a, *b)).fold(0.0, f32::max)
}

#[test]
fn a_gpu_gives_what_the_cpu_gives_and_without_one_the_program_says_so() {
    let folder = Folder(tempfile::tempdir().unwrap());
    let (audio, work) = (folder.path("audio"), folder.path("work"));
    let (audio, work) = (audio.to_str().unwrap(), work.to_str().unwrap());
    folder.good(&["corpus", "synth", audio]);
    folder.good(&["corpus", "index", "synthetic", "--root", audio, "--work", work]);
    for (experiment, _) in RUNS {
        folder.good(&["extract", "--root", audio, "--work", work, "--experiment", experiment]);
        folder.good(&["split", "--work", work, "--experiment", experiment, "--protocol", "track", "--seed", "1"]);
    }
    let probe = folder.of_run("train", RUNS[0], "cuda");
    if probe.status.code() == Some(3) {
        let said = String::from_utf8_lossy(&probe.stderr);
        assert!(said.contains("CUDA") && said.contains("--device cpu"), "{said}");
        println!("no GPU: {}", said.trim());
        return;
    }
    for run in RUNS {
        let row = run.1;
        let on_cpu = losses(&folder, run, "cpu");
        let of_cpu = probabilities(&folder, run, "cpu");
        for (device, probability) in [("cuda", PROBABILITY[0]), ("cuda-mixed", PROBABILITY[1])] {
            let found = largest(&of_cpu, &probabilities(&folder, run, device), |a, b| (a - b).abs());
            println!("{row}, {device}: probabilities of one model differ by {found:e} at most");
            assert!(found <= probability, "{row} on {device}: {found} > {probability}");
        }
        for (device, loss) in [("cuda", LOSS[0]), ("cuda-mixed", LOSS[1])] {
            let found = largest(&on_cpu, &losses(&folder, run, device), |a, b| (a - b).abs() / a.abs());
            println!("{row}, {device}: losses of three epochs differ by {found:e} of themselves at most");
            assert!(found <= loss, "{row} on {device}: {found} > {loss}");
        }
    }
}
