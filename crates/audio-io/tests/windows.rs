//! A window equals the same window of the whole, bit for bit, at any rate.

mod common;

use std::path::Path;

use common::*;
use segno_audio_io::{AudioError, LoadOptions, load};

fn check_windows(path: &Path, sample_rate_hz: Option<u32>, length_s: f64) {
    let whole = load(path, &LoadOptions { sample_rate_hz, ..Default::default() }).unwrap();
    let rate = f64::from(whole.sample_rate_hz);
    for (start_s, duration_s) in [
        (0.0, Some(0.1 * length_s)),
        (0.013, Some(0.2 * length_s)),
        (0.31 * length_s, Some(0.01)),
        (0.5 * length_s, Some(0.25 * length_s)),
        (0.777 * length_s, Some(0.1 * length_s)),
        (0.9 * length_s, None),
        (0.9 * length_s, Some(length_s)),
    ] {
        let options = LoadOptions { sample_rate_hz, start_s, duration_s, ..Default::default() };
        let window = load(path, &options).unwrap();
        let start = (start_s * rate).round() as usize;
        let end = duration_s.map_or(usize::MAX, |d| start + (d * rate).round() as usize);
        let expected = &whole.samples[start..end.min(whole.samples.len())];
        assert_eq!(window.samples.len(), expected.len(), "{} {options:?}", path.display());
        let differs = window.samples.iter().zip(expected).position(|(a, b)| a != b);
        assert_eq!(differs, None, "{} {options:?}", path.display());
    }
}

#[test]
fn windows_of_every_format_equal_the_whole() {
    for (name, length_s) in [
        ("mono_22050.mp3", 3.0),
        ("bare_22050.mp3", 1.0),
        ("stereo_44100.mp3", 1.0),
        ("mono_22050.ogg", 3.0),
        ("stereo_44100.ogg", 1.0),
        ("stereo_44100.m4a", 1.0),
        ("alac_22050.m4a", 0.5),
        ("mono_22050.flac", 0.5),
        ("stereo_22050.aiff", 0.1),
    ] {
        check_windows(&fixture(name), None, length_s);
        check_windows(&fixture(name), Some(16000), length_s);
    }
}

#[test]
fn windows_of_a_long_wav_equal_the_whole_at_many_rates() {
    let folder = Folder::new();
    for native in [22050, 44100] {
        let path = folder.file("long.wav", &wav16(native, 1, &pcm16(native, native as usize * 8, 1)));
        for rate in [None, Some(4000), Some(16000), Some(32000)] {
            check_windows(&path, rate, 8.0);
        }
    }
}

#[test]
fn a_window_reads_a_file_that_is_sound_up_to_there() {
    let folder = Folder::new();
    let samples = pcm16(8000, 16000, 1);
    let bytes = wav16(8000, 1, &samples);
    let cut = folder.file("cut.wav", &bytes[..bytes.len() - 8000]); // the last half second is gone
    let inside = LoadOptions { start_s: 1.0, duration_s: Some(0.25), ..Default::default() };
    assert_eq!(load(&cut, &inside).unwrap().samples, mean16(&samples[8000..10000], 1));
    let across = LoadOptions { duration_s: Some(0.75), ..inside };
    let error = load(&cut, &across).unwrap_err();
    assert!(matches!(error, AudioError::Truncated { expected_frames: Some(16000), .. }), "{error}");
}

#[test]
fn a_window_behind_the_end_is_an_error_that_tells_the_length() {
    let folder = Folder::new();
    let wav = folder.file("w.wav", &wav16(8000, 1, &pcm16(8000, 12000, 1)));
    for path in [wav, fixture("mono_22050.mp3"), fixture("mono_22050.ogg"), fixture("mono_22050.flac")] {
        for sample_rate_hz in [None, Some(4000)] {
            let options = LoadOptions { sample_rate_hz, start_s: 9.0, duration_s: Some(1.0), ..Default::default() };
            let error = load(&path, &options).unwrap_err();
            let AudioError::WindowBeyondEnd { length_s, .. } = error else { panic!("{error}") };
            assert!([0.5, 1.5, 3.0].contains(&length_s), "{}: {length_s}", path.display());
        }
    }
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let path = fixture("mono_22050.flac");
    for options in [
        LoadOptions { sample_rate_hz: Some(0), ..Default::default() },
        LoadOptions { sample_rate_hz: Some(1_000_000), ..Default::default() },
        LoadOptions { start_s: -1.0, ..Default::default() },
        LoadOptions { start_s: f64::NAN, ..Default::default() },
        LoadOptions { duration_s: Some(0.0), ..Default::default() },
        LoadOptions { duration_s: Some(f64::INFINITY), ..Default::default() },
    ] {
        let error = load(&path, &options).unwrap_err();
        assert!(matches!(error, AudioError::BadOption { .. }), "{options:?}: {error}");
    }
}
