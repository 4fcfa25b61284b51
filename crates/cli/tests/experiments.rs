//! The experiment files of the repository, and what is refused in one.

use std::fs;
use std::path::{Path, PathBuf};

use segno_cli::Experiment;
use segno_dataset::Protocol;
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
        if !corpus.path().is_dir() {
            continue;
        }
        for file in fs::read_dir(corpus.path().join("experiments")).unwrap() {
            let experiment = Experiment::read(&file.unwrap().path()).unwrap();
            assert_eq!(corpus.file_name().to_str(), Some(experiment.corpus.as_str()));
            found += 1;
        }
    }
    assert!(found >= 4);
}

#[test]
fn sixty_numbers_stand_beside_every_network() {
    for file in ["gtzan/experiments/irvin-2016.toml", "gtzan/experiments/small.toml", "fma/experiments/li-2019.toml"]
        .into_iter()
        .chain(["4qaed/experiments/li-2019-budget.toml", "4qaed/experiments/small.toml"])
    {
        let experiment = Experiment::read(&repository().join("datasets").join(file)).unwrap();
        let row = experiment.row("svm-rbf-mfcc").unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!((row.family.as_str(), experiment.spec(row).unwrap()), ("sanity", &FeatureSpec::mfcc_summary()), "{file}");
        let strict = |protocol: &Protocol| *protocol != Protocol::Published;
        assert!(experiment.protocols.iter().filter(|one| strict(one)).all(|protocol| experiment.runs(row, *protocol)), "{file}");
    }
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
        ("logistic-ovr", 0.3825),
        ("svm-linear-l2", 0.343),
        ("svm-linear-l1", 0.353),
        ("svm-rbf", 0.405),
        ("svm-polynomial", 0.169),
        ("svm-sigmoid", 0.0958),
    ];
    for (row, accuracy) in published {
        assert_eq!(experiment.row(row).unwrap().paper["genre"], accuracy, "{row}");
    }
    assert!(experiment.open_rows.is_empty(), "all of Figures 3 and 5 have their rows");
}

fn li(corpus: &str, file: &str) -> Experiment {
    Experiment::read(&repository().join("datasets").join(corpus).join("experiments").join(file)).unwrap()
}

#[test]
fn lis_rows_carry_the_figures_of_both_tables() {
    let experiment = li("fma", "li-2019.toml");
    assert_eq!(experiment.features["mel"], FeatureSpec::li());
    assert_eq!(experiment.task_weights(), [1.0, 1.25]);
    // Table 1, in its order.
    let genre = [0.820, 0.744, 0.782, 0.801, 0.756, 0.796, 0.871, 0.853, 0.833, 0.889, 0.867, 0.852];
    let valence = [0.731, 0.692, 0.683, 0.723, 0.788, 0.676, 0.799, 0.771, 0.790, 0.808, 0.791, 0.764];
    let (rates, batches, lambdas) = ([0.01, 0.001], [100, 200], [0.001, 0.002, 0.003]);
    for test in 0..12 {
        let id = if test == 9 { "cnn".to_owned() } else { format!("cnn-test-{}", test + 1) };
        let row = experiment.row(&id).unwrap();
        assert_eq!((row.paper["genre"], row.paper["mood"]), (genre[test], valence[test]), "{id}");
        let training = experiment.training(row).unwrap().unwrap();
        let (rate, batch, lambda) = (rates[test / 6], batches[test / 3 % 2], lambdas[test % 3]);
        assert_eq!((training.optimiser.learning_rate(), training.batch_size, training.l2), (rate, batch, Some(lambda)), "{id}");
        assert_eq!(training.max_epochs, 70);
        let cell = row.cell.as_ref().unwrap();
        assert_eq!(
            (cell.line.as_str(), cell.column.as_str()),
            (format!("λ {lambda}").as_str(), format!("rate {rate}, batch {batch}").as_str())
        );
    }
    // Table 2: training and test, genre and valence.
    for (id, train, test) in
        [("zhang-3", [0.473, 0.482], [0.384, 0.402]), ("choi-5", [0.968, 0.953], [0.820, 0.712]), ("cnn", [0.908, 0.907], [0.889, 0.808])]
    {
        let row = experiment.row(id).unwrap();
        assert_eq!(
            ["genre", "mood"].map(|task| (row.paper_train[task], row.paper[task])),
            [(train[0], test[0]), (train[1], test[1])],
            "{id}"
        );
    }
    let attention = experiment.row("cnn-attention").unwrap();
    assert_eq!((attention.paper["genre"], attention.paper_train["genre"]), (0.8978, 0.9668));
}

#[test]
fn the_papers_networks_are_those_that_the_models_crate_names() {
    use segno_models::{CnnConfig, MapAttentionConfig, ModelConfig};
    let expected = [
        ("cnn", CnnConfig::li_2019(None)),
        ("cnn-attention", CnnConfig::li_2019(Some(MapAttentionConfig::FeatureMaps))),
        ("zhang-3", CnnConfig::zhang_2016()),
        ("choi-5", CnnConfig::choi_2016()),
    ];
    for experiment in [li("fma", "li-2019.toml"), li("4qaed", "li-2019-budget.toml")] {
        for (id, config) in &expected {
            assert_eq!(experiment.row(id).unwrap().model, ModelConfig::Cnn(config.clone()), "{id}");
        }
    }
}

#[test]
fn the_budget_gives_two_seeds_to_the_two_main_rows() {
    let experiment = li("4qaed", "li-2019-budget.toml");
    let seeds = |id| experiment.seeds_of(experiment.row(id).unwrap(), None);
    assert_eq!(["cnn", "cnn-attention", "cnn-channel-spatial", "zhang-3", "choi-5"].map(seeds), [2, 2, 1, 1, 1]);
    assert_eq!(experiment.seeds_of(experiment.row("cnn").unwrap(), Some(5)), 5, "the command decides");
    assert_eq!(experiment.features["mel"], FeatureSpec::li());
}

#[test]
fn splits_name_the_shortest_clips_and_of_these_the_most() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        let path = folder.path().join("experiment.toml");
        fs::write(&path, text).unwrap();
        Experiment::read(&path).unwrap()
    };
    let log = "sample_rate_hz = 4000\nclip_samples = 4000\n";
    let text = include_str!("common/tiny.toml").replace("protocols = [\"published\"]", "protocols = [\"track\"]");
    let (head, row) = text.split_once("[[rows]]").unwrap();
    let features = head.split_once("[features.log]").unwrap().1;
    for (other, cut_alike, of_splits) in [
        ("sample_rate_hz = 8000\nclip_samples = 8000\n", true, "logistic, other"),
        ("sample_rate_hz = 4000\nclip_samples = 8000\n", false, "logistic"),
        ("sample_rate_hz = 4000\nclip_samples = 2000\n", false, "other"),
        ("sample_rate_hz = 4000\nclip_samples = 4000\nmax_clips = 2\n", false, "logistic"),
    ] {
        let second = features.replace(log, other).replace("features.log", "features.other");
        let second_row = row.replace("\"logistic\"", "\"other\"").replace("\"log\"", "\"other\"");
        let experiment = read(&format!("{head}\n[features.other]{second}\n[[rows]]{row}\n[[rows]]{second_row}"));
        let [one, two] = ["logistic", "other"].map(|id| experiment.row(id).unwrap());
        assert_eq!(experiment.are_cut_alike(one, two), cut_alike, "{other}");
        let rows: Vec<&str> = experiment.rows_of_splits().iter().map(|row| row.id.as_str()).collect();
        assert_eq!(rows.join(", "), of_splits, "{other}");
    }
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
    assert!(
        error_with("clip_samples = 20000", "clip_samples = 10000").contains("row logistic-raw: its clips are not the shortest"),
        "published needs one cutting"
    );
    assert!(error_with("paper = { genre = 0.3892 }", "paper = { mood = 0.3892 }").contains("mood"));
    assert!(error_with("paper = { genre = 0.3892 }", "paper = { genre = 38.92 }").contains("38.92"));
    assert!(error_with("seeds = 3", "seeds = 3\nloss_weights = { mood = 1.25 }").contains("mood"));
    assert!(error_with("seeds = 3", "seeds = 3\nfractions = { train = 0.9, valid = 0.1, test = 0.1 }").contains("three shares"));
    assert!(error_with("features = \"log\"", "features = \"mel\"").contains("mel"));
}
