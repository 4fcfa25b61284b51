//! Files that are cut short or have a byte flipped: written with the audio as it was, or refused and left as they were. Never a panic.

use std::fs;

use segno_audio_io::{LoadOptions, load};
use segno_tags::{Field, Tagged, describe};

use super::files::{Files, all};

/// Both are heard alike, or neither at all.
pub fn alike(before: &std::path::Path, after: &std::path::Path) -> Result<(), String> {
    let heard = |path| load(path, &LoadOptions::default()).map(|audio| audio.samples).map_err(|error| error.to_string());
    let (before, after) = (heard(before)?, heard(after)?);
    if before == after { Ok(()) } else { Err("other samples".into()) }
}

/// Whether it was written.
fn tried(files: &Files, name: &str, bytes: &[u8]) -> bool {
    let path = files.put(name, bytes);
    let planned = Tagged::read(&path).and_then(|tagged| tagged.plan(&[(Field::Genre, vec!["jazz".into()])]));
    let written = planned.and_then(|plan| plan.write(alike));
    describe(&path);
    if written.is_err() {
        assert!(fs::read(&path).unwrap() == bytes, "{name}");
    }
    assert_eq!(files.names(), [name]);
    fs::remove_file(path).unwrap();
    written.is_ok()
}

#[test]
fn files_that_end_early_are_written_rightly_or_not_at_all() {
    let files = Files::new();
    let mut written = 0;
    for (name, bytes) in all() {
        for length in (0..bytes.len().min(1500)).step_by(61).chain((1500..bytes.len()).step_by(2477)) {
            written += usize::from(tried(&files, name, &bytes[..length]));
        }
    }
    assert!(written > 0);
}

#[test]
fn files_with_flipped_bytes_are_written_rightly_or_not_at_all() {
    let files = Files::new();
    let (mut written, mut refused) = (0, 0);
    for (name, bytes) in all() {
        for place in (0..bytes.len().min(1200)).step_by(23) {
            for flip in [0x80, 0xff, 0x01] {
                let mut bytes = bytes.clone();
                bytes[place] ^= flip;
                let is_written = tried(&files, name, &bytes);
                written += usize::from(is_written);
                refused += usize::from(!is_written);
            }
        }
    }
    assert!(written > 100 && refused > 100, "{written} written, {refused} refused");
}
