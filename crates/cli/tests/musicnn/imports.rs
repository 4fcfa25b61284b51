//! What is not the package's wheel, or not whole, is refused by name.

use std::{fs, process::Command};

use segno_fetch::read_member;
use segno_models::{Backbone, musicnn::Collection};

use super::wheel;

/// What `segno model import` says of a file.
fn told(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.whl"), bytes).unwrap();
    let mut segno = Command::new(env!("CARGO_BIN_EXE_segno"));
    let output =
        segno.current_dir(folder.path()).args(["model", "import", "musicnn", "a.whl", "--out", "out/m.safetensors"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.path().join("out").exists(), "a refused wheel leaves nothing");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_foreign_file_is_refused() {
    let told = told(b"PK nothing of the kind");
    assert!(told.contains("a.whl: found 22 bytes, expected the 29292476 of musicnn 0.1.0") && told.contains("pip download"), "{told}");
}

#[test]
#[ignore = "needs the wheel of musicnn 0.1.0"]
fn a_damaged_wheel_is_refused() {
    let mut bytes = fs::read(wheel()).unwrap();
    let whole = bytes.len();
    assert!(told(&bytes[..whole - 1]).contains("expected the 29292476"));
    bytes[whole / 2] ^= 1;
    let told = told(&bytes);
    assert!(told.contains("found sha256") && told.contains("expected f38a4890"), "{told}");
}

/// Below the checksum of the wheel there are those of the checkpoint, for a wheel repacked by others.
#[test]
#[ignore = "needs the wheel of musicnn 0.1.0"]
fn a_damaged_checkpoint_is_refused() {
    let member = |name: &str| read_member(&wheel(), &format!("musicnn/MSD_musicnn/{name}"), 1 << 24).unwrap();
    let (index, data) = (member(".index"), member(".data-00000-of-00001"));
    let import = |index: &[u8], data: &[u8]| {
        let made = Backbone::import(Collection::Msd, [index, data], "", "", serde_json::Value::Null, "");
        made.map(drop).map_err(|error| error.to_string())
    };
    import(&index, &data).unwrap();
    let refused = |index: &[u8], data: &[u8], part: &str| {
        let told = import(index, data).unwrap_err();
        assert!(told.contains(part), "expected '{part}' in: {told}");
    };
    refused(&index[..20], &data, "shorter than its footer");
    refused(&index[..index.len() - 1], &data, "does not end as a table does");
    refused(&index, &data[..data.len() / 2], "beyond the end");
    let flipped = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    refused(&flipped(&index, 100), &data, "a block's checksum is not that of its bytes");
    // The first tensor is the input's offset.
    refused(&index, &flipped(&data, 0), "batch_normalization/beta: its checksum is not that of its bytes");
    let vgg = |name: &str| read_member(&wheel(), &format!("musicnn/MSD_vgg/{name}"), 1 << 24).unwrap();
    refused(&vgg(".index"), &vgg(".data-00000-of-00001"), "not of this network");
}
