//! Head files that contradict themselves are refused when they are read, with the reason.

use segno_models::{
    Classifier, Familiar, Familiarity, Head, HeadCard, HeadInput, HeadTask, LogisticConfig, Measured, ModelConfig, Normaliser, Scheme,
    TaskClasses,
};

/// A head of one task over one input of two numbers.
fn head() -> Head {
    let classes = ["a", "b"].map(str::to_owned).to_vec();
    let model = ModelConfig::Logistic(LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-3, max_iterations: 9 });
    let measured = Measured { tracks: 0, accuracy: 0.0, interval: None, calibration_error: None, left_out: vec![], selective: vec![] };
    let task = TaskClasses { task: "genre".into(), classes };
    let input = HeadInput { name: "two".into(), specification: serde_json::Value::Null, backbone: None, width: 2 };
    let card = HeadCard {
        schema: 2,
        inputs: vec![input],
        tasks: vec![HeadTask { task, inputs: vec![0], model, temperature: 1.0, steps: vec![], measured }],
        extractor_version: "1".into(),
        decoder_version: "1".into(),
        corpus: "test".into(),
        corpus_digest: "digest".into(),
        protocol: "track".into(),
        folds: 2,
        seeds: vec![1],
        familiarity: Familiarity { tracks: 1, neighbours: Familiar::NEIGHBOURS, quantile: 0.95, limit: 2.0, tested: 1, refused: 0 },
    };
    let normaliser = Normaliser { mean: vec![0.0; 2], deviation: vec![1.0; 2] };
    let familiar = Familiar { normaliser: normaliser.clone(), rows: vec![0.0; 2] };
    Head { card, classifiers: vec![Classifier { normaliser, weights: vec![] }], familiar, backbones: vec![] }
}

fn read_back(head: &Head) -> Result<Head, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head.safetensors");
    head.write(&path).unwrap();
    Head::read(&path).map_err(|error| error.to_string())
}

#[test]
fn a_head_comes_back_as_it_was() {
    assert_eq!(read_back(&head()), Ok(head()));
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let refused = |spoil: &dyn Fn(&mut HeadCard), expected: &str| {
        let mut head = head();
        spoil(&mut head.card);
        let told = read_back(&head).unwrap_err();
        assert!(told.contains(expected), "expected '{expected}' in: {told}");
    };
    refused(&|card| card.tasks[0].task.classes.clear(), "genre has no inputs or no classes");
    refused(&|card| card.tasks[0].inputs.clear(), "genre has no inputs or no classes");
    refused(&|card| card.tasks[0].inputs = vec![1], "an input that there is not");
    refused(&|card| card.inputs[0].width = 0, "an input that there is not");
    refused(&|card| card.inputs[0].width = 3, "its normaliser does not fit its inputs");
    refused(&|card| card.tasks[0].inputs = vec![0, 0], "its normaliser does not fit its inputs");
    refused(&|card| card.tasks[0].temperature = 0.0, "the temperature of genre is 0");
    refused(&|card| card.schema = 1, "its schema is 1, this program reads 2, which has thresholds and distances: train it again");
    refused(&|card| card.familiarity.tracks = 2, "are not 2 of 2 numbers");
    refused(&|card| card.familiarity.tracks = usize::MAX, "of 2 numbers");
    refused(&|card| card.familiarity.limit = f32::NAN, "not a segno model file");
    refused(&|card| card.familiarity.limit = 0.0, "its limit is 0");
    refused(&|card| card.familiarity.neighbours = 1, "over 1 neighbours");
}

#[test]
fn widths_beyond_memory_are_refused() {
    let mut head = head();
    head.card.inputs[0].width = usize::MAX;
    head.card.tasks[0].inputs = vec![0, 0];
    assert!(read_back(&head).unwrap_err().contains("wider than memory"));
}
