//! Models by name; their cards, seals and exports.

use std::fs;

use super::{good, segno, with_head};

#[test]
fn models_are_known_by_name_and_one_is_in_use() {
    let folder = with_head();
    let at = folder.path();
    let (status, _, told) = segno(at, "predict held-out");
    assert!(status == Some(1) && told.contains("no model is in use yet") && told.contains("segno model import musicnn"), "{told}");
    let (status, _, told) = segno(at, "model import file mine.safetensors");
    assert!(status == Some(0) && told.contains("and in use"), "{told}");
    good(at, "model import file mine.safetensors --name other");
    let list = good(at, "model list");
    assert_eq!(list.lines().map(|line| &line[..8]).collect::<Vec<_>>(), ["* mine  ", "  other "], "{list}");
    assert!(good(at, "predict --json held-out").contains("\"genre\""));
    good(at, "model use other");
    assert!(good(at, "model list").contains("* other"));
    let (status, _, told) = segno(at, "model use nothing");
    assert!(status == Some(1) && told.contains("no model 'nothing'") && told.contains("mine, other"), "{told}");
    assert!(at.join("home/models/mine.safetensors").is_file());
}

#[test]
fn a_flipped_byte_is_told_and_a_card_says_where_the_model_came_from() {
    let folder = with_head();
    let at = folder.path();
    let (status, _, told) = segno(at, "model verify mine.safetensors");
    assert!(status == Some(0) && told.contains("its seal is whole") && told.contains("all finite"), "{told}");
    let card = good(at, "model card mine.safetensors");
    for part in ["corpus 'music'", "no track on two sides of 3 folds", "of 60 tracks", "asked for 0.9", "not music", "intended use"] {
        assert!(card.contains(part), "expected '{part}' in: {card}");
    }
    let mut bytes = fs::read(at.join("mine.safetensors")).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    fs::write(at.join("flipped.safetensors"), &bytes).unwrap();
    for line in ["model verify flipped.safetensors", "predict --model flipped.safetensors held-out"] {
        let (status, _, told) = segno(at, line);
        assert!(status == Some(1) && told.contains("flipped.safetensors") && told.contains("damaged"), "{line}: {told}");
    }
}

#[test]
fn a_head_is_exported_with_a_word_on_what_it_is() {
    let folder = with_head();
    let at = folder.path();
    good(at, "model export mine.safetensors --format onnx --out x/mine.onnx");
    good(at, "model export mine.safetensors --out x/mine.plain.safetensors");
    for name in ["mine.onnx", "mine.plain.safetensors"] {
        let beside = fs::read(at.join(format!("x/{name}.json"))).unwrap();
        let beside: serde_json::Value = serde_json::from_slice(&beside).unwrap();
        assert_eq!(beside["card"]["corpus"], "music");
    }
    let plain = fs::read(at.join("x/mine.plain.safetensors")).unwrap();
    let length = u64::from_le_bytes(plain[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&plain[8..8 + length]).unwrap();
    assert_eq!(header["genre.heads.0.weight"]["shape"], serde_json::json!([60, 10]));
    assert!(header.get("__metadata__").is_none(), "{header}");
    // That onnxruntime says the same is held by export_onnx.py.
    assert!(fs::read(at.join("x/mine.onnx")).unwrap().windows(7).any(|window| window == b"Softmax"));
}
