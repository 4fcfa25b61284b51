//! A corpus file and, behind a byte 0xff, its table of tracks.
#![no_main]

use std::path::Path;
use std::str;

use libfuzzer_sys::fuzz_target;
use segno_dataset::{CorpusFile, IndexOptions, index};

fuzz_target!(init: segno_fuzz::contain_panics(), |data: &[u8]| {
    let mut texts = data.split(|byte| *byte == 0xff).map(|text| str::from_utf8(text).unwrap_or_default());
    let (text, facts) = (texts.next().unwrap_or_default(), texts.next());
    let Ok(corpus) = CorpusFile::parse(text, Path::new("corpus.toml")) else { return };
    let root = segno_fuzz::file("a.wav", b"no audio");
    let _ = index(&corpus, root.parent().unwrap(), facts, &IndexOptions { extensions: &["wav"], accept_foreign_bytes: true });
});
