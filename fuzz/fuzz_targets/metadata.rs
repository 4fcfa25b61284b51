//! FMA's three tables, with a line of bytes 0xff between them.
#![no_main]

use std::fs;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use segno_dataset::{CorpusFile, Holds, IndexOptions, index, needed_files};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let text = include_str!("../../datasets/fma/corpus.toml");
    let mut corpus = CorpusFile::parse(text, Path::new("corpus.toml")).unwrap();
    corpus.fma.as_mut().unwrap().sha1.clear();
    let root = segno_fuzz::folder();
    fs::create_dir(root.join("fma_metadata")).unwrap();
    let mut tables = data.split(|byte| *byte == 0xff);
    for name in ["tracks.csv", "genres.csv", "echonest.csv"] {
        fs::write(root.join("fma_metadata").join(name), tables.next().unwrap_or_default()).unwrap();
    }
    let _ = needed_files(&corpus, &root, Holds::Audio);
    let _ = index(&corpus, &root, None, &IndexOptions { extensions: &["mp3"], accept_foreign_bytes: true });
});
