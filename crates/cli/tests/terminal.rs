//! Names from files give the terminal no commands.
#![cfg(unix)]

use std::fs;
use std::process::Command;

/// Clears the screen and sets the window's title.
const NAME: &str = "a\x1b[2J\x1b]0;b\x07.wav";
const SHOWN: &str = "a\\u{1b}[2J\\u{1b}]0;b\\u{7}.wav";

#[test]
fn a_name_is_shown_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("audio");
    fs::create_dir_all(root.join("blues")).unwrap();
    fs::write(root.join("blues/whole.wav"), b"RIFF").unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("blues").join(NAME)).unwrap();
    let said = |root: &str| {
        let words = ["corpus", "index", "folders:names", "--strict", "--work", "work", "--root", root];
        let output = Command::new(env!("CARGO_BIN_EXE_segno")).current_dir(folder.path()).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    // A track that is left out, and an error.
    for root in ["audio", NAME] {
        let said = said(root);
        assert!(said.contains(SHOWN) && !said.contains(['\x1b', '\x07']), "{said:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_segno")).args(["completions", "bash"]).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}
