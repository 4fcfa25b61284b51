//! The experiment files of the repository, and what is refused in one.

use std::fs;
use std::path::{Path, PathBuf};

use segno_cli::Experiment;
use segno_features::FeatureSpec;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn irvin() -> PathBuf {
    repository().join("datasets/gtzan/experiments/irvin-2016.toml")
}

#[test]
fn every_experiment_of_the_repository_is_sound() {
    let mut found = 0;
    for corpus in fs::read_dir(repository().join("datasets")).unwrap() {
        let corpus = corpus.unwrap();
        for file in fs::read_dir(corpus.path().join("experiments")).unwrap() {
            let experiment = Experiment::read(&file.unwrap().path()).unwrap();
            assert_eq!(corpus.file_name().to_str(), Some(experiment.corpus.as_str()));
            found += 1;
        }
    }
    assert!(found >= 2);
}

#[test]
fn irvins_rows_carry_the_figures_of_the_paper() {
    let experiment = Experiment::read(&irvin()).unwrap();
    assert_eq!(experiment.features["log"], FeatureSpec::irvin());
    let published = [
        ("rnn-1x125", 0.54),
        ("rnn-2x125", 0.655),
        ("lstm-1x250", 0.745),
        ("lstm-2x250", 0.79),
        ("attention-1x500", 0.7316),
        ("attention-2x60", 0.758),
        ("mlp-relu", 0.68),
        ("mlp-sigmoid", 0.70),
        ("logistic", 0.3892),
    ];
    for (row, accuracy) in published {
        assert_eq!(experiment.row(row).unwrap().paper_accuracy, Some(accuracy), "{row}");
    }
    assert_eq!(experiment.open_rows.len(), 6, "the rest of Figure 3");
}

fn error_with(from: &str, to: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("experiment.toml");
    let text = fs::read_to_string(irvin()).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    format!("{:#}", Experiment::read(&path).unwrap_err())
}

#[test]
fn unknown_keys_wrong_knobs_and_names_that_stand_for_nothing_are_refused() {
    assert!(error_with("batch_size = 128", "batch_size = 128\nbatchsize = 1").contains("batchsize"));
    assert!(error_with("learning_rate = 1.0", "learning_rate = -1.0").contains("learning_rate"));
    assert!(error_with("n_fft = 1024", "n_fft = 0").contains("n_fft"));
    assert!(error_with("dropout = 0.2", "dropout = 1.0").contains("dropout"));
    assert!(error_with("training = \"sgd-mlp\"", "training = \"sgd-mpl\"").contains("sgd-mpl"));
    assert!(error_with("id = \"logistic-raw\"", "id = \"logistic\"").contains("twice"));
    assert!(error_with("clip_samples = 20000", "clip_samples = 10000").contains("clip_samples"));
    assert!(error_with("features = \"log\"", "features = \"mel\"").contains("mel"));
}
