//! Whether two files are the same audio.

use std::path::Path;

use segno_audio_io::{AudioError, AudioStream, LoadOptions};

/// Nothing, where both decode to the same samples at the same rate, to the bit; else how they differ.
///
/// # Errors
/// They differ, or one of them cannot be decoded.
pub fn same_audio(before: &Path, after: &Path) -> Result<(), String> {
    let opened = |path| AudioStream::open(path, &LoadOptions::default()).map_err(told);
    let (mut before, mut after) = (opened(before)?, opened(after)?);
    let of = |stream: &AudioStream| (stream.sample_rate_hz(), stream.channels());
    if of(&before) != of(&after) {
        return Err("another rate or number of channels".to_owned());
    }
    let (mut left, mut right, mut samples) = (vec![], vec![], 0_u64);
    loop {
        fill(&mut before, &mut left)?;
        fill(&mut after, &mut right)?;
        let common = left.len().min(right.len());
        if common == 0 {
            return if left.len() == right.len() { Ok(()) } else { Err(format!("one of them ends after {samples} samples")) };
        }
        let place = left.iter().zip(&right).position(|(a, b)| a.to_bits() != b.to_bits());
        if let Some(place) = place {
            return Err(format!("sample {} is another", samples + place as u64));
        }
        left.drain(..common);
        right.drain(..common);
        samples += common as u64;
    }
}

/// The next block, where all before it is used up; nothing at the end.
fn fill(stream: &mut AudioStream, samples: &mut Vec<f32>) -> Result<(), String> {
    while samples.is_empty() {
        match stream.next_block().map_err(told)? {
            Some(block) => samples.extend_from_slice(block),
            None => return Ok(()),
        }
    }
    Ok(())
}

fn told(error: AudioError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;

    fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio-io/tests/fixtures").join(name)
    }

    #[test]
    fn the_same_samples_are_the_same_and_others_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let flac = fixture("mono_22050.flac");
        assert_eq!(same_audio(&flac, &flac), Ok(()));
        let told = same_audio(&flac, &fixture("mono_22050.ogg")).unwrap_err();
        assert!(told.starts_with("sample ") || told.contains("ends after"), "{told}");
        assert_eq!(same_audio(&flac, &fixture("stereo_44100.mp3")).unwrap_err(), "another rate or number of channels");
        let mut bytes = fs::read(fixture("bare_22050.mp3")).unwrap();
        let short = folder.path().join("short.mp3");
        bytes.truncate(bytes.len() / 2);
        fs::write(&short, bytes).unwrap();
        assert!(same_audio(&fixture("bare_22050.mp3"), &short).is_err());
        fs::write(&short, "no audio").unwrap();
        assert!(same_audio(&flac, &short).unwrap_err().contains("not audio"));
    }
}
