//! A model file of any kind: read; its network built, its features planned, its classifiers asked.
#![no_main]

use burn::backend::Flex;
use libfuzzer_sys::fuzz_target;
use segno_features::FeatureSpec;
use segno_models::{AnyModel, Head, ModelFile};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    match AnyModel::read(&segno_fuzz::file("model.safetensors", data)) {
        Ok(AnyModel::Trained(model)) => trained(&model),
        Ok(AnyModel::Backbone(backbone)) => drop((backbone.network(), backbone.digest())),
        Ok(AnyModel::Head(head)) => asked(&head),
        Err(_) => (),
    }
});

fn trained(model: &ModelFile) {
    let _ = model.network::<Flex>(&Default::default());
    plan(&model.card.features);
}

fn asked(head: &Head) {
    let _ = head.digest();
    for input in &head.card.inputs {
        plan(&input.specification);
    }
    // What is wider than the file was refused when it was read, if a task reads it.
    let zeros: Vec<Vec<f32>> = head.card.inputs.iter().map(|input| vec![0.0; input.width.min(1 << 20)]).collect();
    let rows: Vec<&[f32]> = zeros.iter().map(Vec::as_slice).collect();
    for task in 0..head.card.tasks.len() {
        if let Ok(probabilities) = head.probabilities::<Flex>(task, &rows, &Default::default()) {
            assert_eq!(probabilities.len(), head.card.tasks[task].task.classes.len());
        }
    }
}

fn plan(specification: &serde_json::Value) {
    let Ok(spec) = serde_json::from_value::<FeatureSpec>(specification.clone()) else { return };
    let _ = spec.extractor();
    let _ = spec.track_extractor();
}
