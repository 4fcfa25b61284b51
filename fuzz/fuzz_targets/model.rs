//! A model file: read, its network built, its feature specification planned.
#![no_main]

use burn::backend::Flex;
use libfuzzer_sys::fuzz_target;
use segno_features::FeatureSpec;
use segno_models::ModelFile;

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let path = segno_fuzz::file("model.safetensors", data);
    let Ok(model) = ModelFile::read(&path) else { return };
    let _ = model.network::<Flex>(&Default::default());
    let Ok(spec) = serde_json::from_value::<FeatureSpec>(model.card.features.clone()) else { return };
    let _ = spec.extractor();
    let _ = spec.track_extractor();
});
