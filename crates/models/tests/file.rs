//! The model file: written and read again, refused when it is none of ours.

use std::fs;

use burn::{backend::Flex, tensor::Tensor};
use segno_models::{
    Cell, CnnConfig, ConvActivation, ConvBlockConfig, Ending, Gamma, Made, MapAttentionConfig, Mode, ModelCard, ModelConfig, ModelError,
    ModelFile, NamedTensor, Normaliser, Pooling, RecurrentConfig, Signature, SvmConfig, SvmKernel, TaskClasses,
};

fn model() -> ModelFile {
    let config = ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Lstm, layers: 2, hidden: 6, attention: true, dropout: 0.2 });
    let tasks = vec![TaskClasses { task: "genre".into(), classes: vec!["jazz".into(), "rock".into()] }];
    let signature = Signature { input: [3, 5], tasks };
    let network = config.init::<Flex>(&signature, 7, &Default::default());
    let card = ModelCard {
        schema: 1,
        experiment: "test".into(),
        model: config,
        signature,
        features: serde_json::json!({"n_fft": 8}),
        extractor_version: "1".into(),
        training: serde_json::json!({}),
        protocol: "track".into(),
        seed: 7,
        best_epoch: 3,
        shards_digest: "a".into(),
        split_digest: "b".into(),
    };
    let made = Made { trainer_version: "2".into(), ending: Ending::Diverged { epoch: 4 } };
    ModelFile::new(card, made, Normaliser { mean: vec![0.5; 5], deviation: vec![2.0; 5] }, &network)
}

#[test]
fn a_model_survives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let written = model();
    written.write(&path).unwrap();
    let mut read = ModelFile::read(&path).unwrap();
    let by_name = |weights: &mut Vec<NamedTensor>| weights.sort_by(|a, b| a.name.cmp(&b.name));
    let mut expected = written.clone();
    by_name(&mut expected.weights);
    by_name(&mut read.weights);
    assert_eq!(read, expected);
    let x = || Tensor::<Flex, 3>::ones([2, 3, 5], &Default::default());
    let logits = |file: &ModelFile| file.network::<Flex>(&Default::default()).unwrap().forward(x(), &mut Mode::Infer)[0].to_data();
    assert_eq!(logits(&read), logits(&written));
}

#[test]
fn equal_models_give_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = ["a", "b"].map(|name| {
        let path = folder.path().join(name);
        model().write(&path).unwrap();
        fs::read(path).unwrap()
    });
    assert_eq!(bytes[0], bytes[1]);
    assert_eq!(model().digest(), model().digest());
}

#[test]
fn foreign_and_torn_files_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    model().write(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    let unnamed: Vec<u8> = {
        let at = whole.windows(7).position(|window| window == b"\"segno\"").unwrap();
        let mut bytes = whole.clone();
        bytes[at + 1..at + 6].copy_from_slice(b"other");
        bytes
    };
    for (bytes, reason) in
        [(&b"RIFF....WAVE"[..], "header"), (&whole[..whole.len() - 9], "not fully covered"), (&unnamed[..], "no key `segno`")]
    {
        fs::write(&path, bytes).unwrap();
        match ModelFile::read(&path) {
            Err(ModelError::Foreign { reason: found, .. }) => assert!(found.to_lowercase().contains(reason), "{found} names {reason}"),
            other => panic!("expected a foreign file, found {other:?}"),
        }
    }
}

#[test]
fn parameters_of_another_shape_are_refused_by_name() {
    let mut file = model();
    file.weights[1].shape = vec![4, 36];
    let error = file.network::<Flex>(&Default::default()).unwrap_err().to_string();
    assert!(error.contains("lstm.0.hidden_weights") && error.contains("[4, 36]") && error.contains("[6, 24]"), "{error}");
}

/// A card of a kilobyte could ask for terabytes before the tensors were looked at.
#[test]
fn a_network_larger_than_its_file_is_never_built() {
    let complaint = |change: &dyn Fn(&mut ModelFile)| {
        let mut file = model();
        change(&mut file);
        file.network::<Flex>(&Default::default()).unwrap_err().to_string()
    };
    let recurrent = |hidden| RecurrentConfig { cell: Cell::Lstm, layers: 8, hidden, attention: true, dropout: 0.2 };
    let error = complaint(&|file| file.card.model = ModelConfig::Recurrent(recurrent(4096)));
    assert!(error.contains("values, expected more, by its configuration"), "{error}");

    let block =
        |maps| ConvBlockConfig { maps, kernel: [64, 64], stride: [1, 1], activation: ConvActivation::Relu, pool: Pooling::Max([1, 1]) };
    let cnn = CnnConfig {
        blocks: vec![block(4096); 8],
        attention: Some(MapAttentionConfig::FeatureMaps),
        global_pool: None,
        dense: 4096,
        dropout: 0.0,
    };
    let error = complaint(&|file| {
        file.card.model = ModelConfig::Cnn(cnn.clone());
        file.card.signature.input = [1 << 15, 1 << 15];
    });
    assert!(error.contains("by its configuration"), "{error}");

    // Nothing times anything is no bytes: the file may say so without having them.
    let svm = SvmConfig { kernel: SvmKernel::Rbf { gamma: Gamma::Number(1.0) }, c: 1.0, tolerance: 1e-3, max_iterations: 100 };
    let error = complaint(&|file| {
        file.card.model = ModelConfig::Svm(svm.clone());
        file.weights = vec![NamedTensor { name: "support".into(), shape: vec![1 << 40, 0], values: vec![] }];
    });
    assert!(error.contains("by its configuration"), "{error}");

    for input in [[0, 5], [3, 0], [usize::MAX, 2], [1 << 16, 1 << 16]] {
        let error = complaint(&|file| file.card.signature.input = input);
        assert!(error.contains("input is") && error.contains("expected from 1 to 2147483647 values"), "{error}");
    }
}

#[test]
fn attention_needs_a_cell_state() {
    let config = ModelConfig::Recurrent(RecurrentConfig { cell: Cell::Rnn, layers: 1, hidden: 4, attention: true, dropout: 0.2 });
    assert!(config.check().unwrap_err().to_string().contains("attention"));
}

#[test]
fn a_model_of_another_job_or_of_older_code_is_told_apart() {
    let file = model();
    let asked = ModelCard { best_epoch: 0, ..file.card.clone() };
    assert!(file.card.same_job(&asked), "which epoch came out is no part of the job");
    assert!(file.differences(&asked, "2").is_empty());
    let other = ModelCard { split_digest: "c".into(), seed: 8, ..asked.clone() };
    assert!(!file.card.same_job(&other));
    let told = |card, version| file.differences(card, version).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told(&other, "2"), ["seed: found 7, expected 8", "split digest: found b, expected c"]);
    assert_eq!(told(&asked, "3"), ["trainer version: found 2, expected 3"]);
}
