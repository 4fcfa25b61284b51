//! AU, whose demuxer is our own.

mod common;

use common::*;
use segno_audio_io::{AudioError, LoadOptions, load};

fn be16(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_be_bytes()).collect()
}

#[test]
fn every_encoding_is_exact() {
    let folder = Folder::new();
    let values = [-1.0, -0.5, 0.0, 0.25, 0.5, 127.0 / 128.0];
    for (encoding, bytes) in [(2u32, 1usize), (3, 2), (4, 3), (5, 4)] {
        let scale = 2f64.powi(bytes as i32 * 8 - 1);
        let coded = |v: &f64| ((v * scale) as i64).to_be_bytes()[8 - bytes..].to_vec();
        let data: Vec<u8> = values.iter().flat_map(coded).collect();
        let path = folder.file("i.au", &au(encoding, 8000, 1, b"", None, &data));
        assert_eq!(load_all(&path).unwrap().samples, values.map(|v| v as f32), "encoding {encoding}");
    }
    let f32s: Vec<u8> = values.iter().flat_map(|&v| (v as f32).to_be_bytes()).collect();
    let f64s: Vec<u8> = values.iter().flat_map(|&v| v.to_be_bytes()).collect();
    for (encoding, data) in [(6, f32s), (7, f64s)] {
        let path = folder.file("f.au", &au(encoding, 8000, 1, b"", None, &data));
        assert_eq!(load_all(&path).unwrap().samples, values.map(|v| v as f32), "encoding {encoding}");
    }
}

/// The 16-bit values of G.711's code words: sign, a chord of three bits, a step of four.
/// ITU-T G.711 (11/88) tables 1a to 2b; µ-law is 14 bits wide and A-law 13, both scaled to 16.
fn g711(code: u8, is_mu_law: bool) -> i32 {
    let bits = if is_mu_law { !code } else { code ^ 0x55 };
    let (chord, step) = (i32::from(bits >> 4 & 7), i32::from(bits & 15));
    let (magnitude, is_negative) = if is_mu_law {
        ((((2 * step + 33) << chord) - 33) * 4, bits & 0x80 != 0)
    } else if chord == 0 {
        ((2 * step + 1) * 8, bits & 0x80 == 0)
    } else {
        (((2 * step + 33) << (chord - 1)) * 8, bits & 0x80 == 0)
    };
    if is_negative { -magnitude } else { magnitude }
}

#[test]
fn mu_law_and_a_law_follow_g711() {
    let folder = Folder::new();
    let codes: Vec<u8> = (0..=255).collect();
    for (encoding, is_mu_law) in [(1, true), (27, false)] {
        let path = folder.file("g711.au", &au(encoding, 8000, 1, b"", None, &codes));
        let found = load_all(&path).unwrap().samples;
        let expected: Vec<f32> = codes.iter().map(|&code| g711(code, is_mu_law) as f32 / 32768.0).collect();
        assert_eq!(found, expected, "encoding {encoding}");
    }
    assert_eq!((g711(0x00, true), g711(0xff, true)), (-32124, 0));
    assert_eq!((g711(0xaa, false), g711(0xd5, false)), (32256, 8));
}

#[test]
fn the_annotation_may_have_any_length() {
    let folder = Folder::new();
    let samples = pcm16(22050, 3000, 1);
    for length in [0, 1, 4, 16, 17, 33, 40_001, 200_000] {
        let note = vec![b'x'; length];
        let path = folder.file("note.au", &au(3, 22050, 1, &note, None, &be16(&samples)));
        assert_eq!(load_all(&path).unwrap().samples, mean16(&samples, 1), "annotation of {length}");
    }
}

#[test]
fn an_unknown_size_means_until_the_end_of_the_file() {
    let folder = Folder::new();
    let samples = pcm16(22050, 10_001, 2);
    let mut data = be16(&samples);
    data.push(7); // half a sample more: no frame
    let path = folder.file("open.au", &au(3, 22050, 2, b"note!", Some(u32::MAX), &data));
    assert_eq!(load_all(&path).unwrap().samples, mean16(&samples, 2));
}

#[test]
fn a_size_shorter_than_the_file_is_believed() {
    let folder = Folder::new();
    let samples = pcm16(22050, 1000, 1);
    let path = folder.file("short.au", &au(3, 22050, 1, b"", Some(500), &be16(&samples)));
    assert_eq!(load_all(&path).unwrap().samples, mean16(&samples[..250], 1));
}

#[test]
fn windows_are_exact_behind_an_odd_offset() {
    let folder = Folder::new();
    let samples = pcm16(22050, 22050, 1);
    let path = folder.file("w.au", &au(3, 22050, 1, &[b'x'; 33], None, &be16(&samples)));
    let options = LoadOptions { start_s: 0.5, duration_s: Some(0.1), ..Default::default() };
    let audio = load(&path, &options).unwrap();
    assert_eq!(audio.samples, mean16(&samples[11025..13230], 1));
}

#[test]
fn lying_headers_are_refused() {
    let folder = Folder::new();
    let data = be16(&pcm16(8000, 100, 1));
    let refuse = |bytes: &[u8]| load_all(&folder.file("bad.au", bytes)).unwrap_err();

    let error = refuse(&au(3, 8000, 1, b"", Some(1_000_000_000), &data));
    let AudioError::Truncated { expected_frames, found_frames, .. } = error else { panic!("{error}") };
    assert_eq!((expected_frames, found_frames), (Some(500_000_000), 100));

    assert!(matches!(refuse(&au(3, 8000, 0, b"", None, &data)), AudioError::ZeroChannels { .. }));
    assert!(matches!(refuse(&au(3, 0, 1, b"", None, &data)), AudioError::BadSampleRate { found_hz: 0, .. }));
    let error = refuse(&au(3, u32::MAX, 1, b"", None, &data));
    assert!(matches!(error, AudioError::BadSampleRate { found_hz: u32::MAX, .. }), "{error}");
    // At 1 Hz, eight kilobytes took half a gigabyte on their way to 16 kHz.
    let at_16_khz = LoadOptions { sample_rate_hz: Some(16_000), ..LoadOptions::default() };
    let slow = |rate| load(&folder.file("slow.au", &au(3, rate, 1, b"", None, &data)), &at_16_khz);
    let error = slow(99).unwrap_err();
    assert!(matches!(error, AudioError::BadSampleRate { found_hz: 99, .. }), "{error}");
    assert_eq!(slow(100).unwrap().samples.len(), 16_000);
    assert!(matches!(refuse(&au(3, 8000, 70_000, b"", None, &data)), AudioError::Malformed { .. }));
    assert!(matches!(refuse(&au(23, 8000, 1, b"", None, &data)), AudioError::Unsupported { .. }));
    assert!(matches!(refuse(&au(3, 8000, 1, b"", None, &[])), AudioError::NoSamples { .. }));

    let mut inside = au(3, 8000, 1, b"", None, &data);
    inside[7] = 8; // the data would begin at byte 8
    assert!(matches!(refuse(&inside), AudioError::Malformed { .. }));
    let mut behind = au(3, 8000, 1, b"", None, &data);
    behind[4] = 0x7f; // the data would begin two gigabytes on
    assert!(matches!(refuse(&behind), AudioError::Malformed { .. }));
    assert!(matches!(refuse(&behind[..14]), AudioError::Malformed { .. }), "cut inside the header");
}
