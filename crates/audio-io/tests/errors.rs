//! Bad input gets an error that names the file and the reason.

mod common;

use std::path::Path;

use common::*;
use segno_audio_io::{AudioError, LoadOptions, SUPPORTED_EXTENSIONS, load};

/// The error for a file of these bytes; its text must name the file.
fn refuse(name: &str, bytes: &[u8]) -> AudioError {
    let folder = Folder::new();
    let error = load_all(&folder.file(name, bytes)).unwrap_err();
    assert!(error.to_string().contains(name), "{error}");
    error
}

#[test]
fn missing_files_and_folders() {
    let error = load_all(Path::new("nowhere/at-all.wav")).unwrap_err();
    let AudioError::Io { source, .. } = &error else { panic!("{error}") };
    assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
    let error = load_all(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
    assert!(matches!(error, AudioError::Io { .. }), "{error}");
}

#[test]
fn empty_and_text_files() {
    assert!(matches!(refuse("empty.wav", b""), AudioError::EmptyFile { .. }));
    let error = refuse("notes.wav", b"These are notes on a song, not the song.\n");
    assert!(matches!(error, AudioError::UnknownFormat { .. }), "{error}");
    assert!(error.to_string().contains("These are no"), "{error}");
    let long = "la ".repeat(100_000);
    assert!(matches!(refuse("long.mp3", long.as_bytes()), AudioError::UnknownFormat { .. }));
    let html = b"<!DOCTYPE html><html><body>404 not found</body></html>";
    assert!(matches!(refuse("page.mp3", html), AudioError::UnknownFormat { .. }));
}

#[test]
fn a_truncated_file_tells_what_it_promised() {
    let wav = wav16(8000, 2, &pcm16(8000, 1000, 2));
    let error = refuse("cut.wav", &wav[..44 + 4 * 300 + 3]);
    let AudioError::Truncated { expected_frames, found_frames, .. } = error else { panic!("{error}") };
    assert_eq!((expected_frames, found_frames), (Some(1000), 300));

    for (name, expected) in [("mono_22050.flac", Some(11025)), ("stereo_22050.aiff", Some(2205)), ("stereo_44100.ogg", None)] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        let error = refuse(name, &bytes[..bytes.len() * 8 / 10]);
        let AudioError::Truncated { expected_frames, found_frames, .. } = error else { panic!("{error}") };
        assert_eq!(expected_frames, expected, "{name}");
        assert!(found_frames > 0 && expected.is_none_or(|n| found_frames < n), "{name}");
    }
}

#[test]
fn a_truncated_mp4_is_refused_wherever_its_index_lies() {
    let bytes = std::fs::read(fixture("alac_22050.m4a")).unwrap();
    for (name, bytes, expected) in [("front.m4a", index_first(&bytes), Some(11025)), ("back.m4a", bytes, None)] {
        let error = refuse(name, &bytes[..bytes.len() * 7 / 10]);
        let AudioError::Truncated { expected_frames, found_frames, .. } = error else { panic!("{error}") };
        assert!(expected_frames == expected && found_frames < 11025, "{expected_frames:?}, {found_frames}");
    }
}

/// Moves the `moov` box of an MP4 before its `mdat`, correcting the offsets of the chunks.
fn index_first(bytes: &[u8]) -> Vec<u8> {
    let at = |tag: &[u8]| bytes.windows(4).position(|w| w == tag).expect("box") - 4;
    let (data, index) = (at(b"mdat"), at(b"moov"));
    assert!(data < index);
    let mut moov = bytes[index..].to_vec();
    let shift = moov.len() as u32;
    let table = moov.windows(4).position(|w| w == b"stco").expect("chunk offsets") + 8;
    let word = |b: &[u8], at: usize| u32::from_be_bytes(b[at..at + 4].try_into().unwrap());
    for entry in 0..word(&moov, table) as usize {
        let at = table + 4 + 4 * entry;
        let moved = word(&moov, at) + shift;
        moov[at..at + 4].copy_from_slice(&moved.to_be_bytes());
    }
    [&bytes[..data], &moov, &bytes[data..index]].concat()
}

#[test]
fn an_index_in_front_decodes_the_same() {
    let folder = Folder::new();
    let moved = index_first(&std::fs::read(fixture("alac_22050.m4a")).unwrap());
    assert_eq!(load_all(&folder.file("moved.m4a", &moved)).unwrap(), load_all(&fixture("alac_22050.m4a")).unwrap());
}

#[test]
fn headers_that_lie() {
    let sound = wav16(8000, 1, &pcm16(8000, 100, 1));
    let patched = |at: usize, bytes: &[u8]| {
        let mut lie = sound.clone();
        lie[at..at + bytes.len()].copy_from_slice(bytes);
        lie
    };
    // Both sizes near four gigabytes.
    let mut huge = patched(4, &0xffff_fff0u32.to_le_bytes());
    huge[40..44].copy_from_slice(&0xffff_ff00u32.to_le_bytes());
    let error = refuse("huge.wav", &huge);
    assert!(matches!(error, AudioError::Truncated { found_frames: 100, .. }), "{error}");

    assert!(matches!(refuse("a.wav", &patched(22, &[0, 0])), AudioError::ZeroChannels { .. }));
    let error = refuse("b.wav", &patched(24, &[0; 4]));
    assert!(matches!(error, AudioError::BadSampleRate { found_hz: 0, .. }), "{error}");
    let error = refuse("c.wav", &patched(24, &[0xff; 4]));
    assert!(matches!(error, AudioError::BadSampleRate { found_hz: u32::MAX, .. }), "{error}");
    // 65535 channels, 13 bits a sample, a format chunk of 5 bytes, no data chunk.
    for (at, bytes) in [(22, &[0xff, 0xff][..]), (34, &[13, 0]), (16, &[5, 0, 0, 0]), (36, b"junk")] {
        let error = refuse("d.wav", &patched(at, bytes));
        // A product of channels and bits overflows in Symphonia, which panics where overflow is
        // checked, as it is in a test.
        let is_named = matches!(error, AudioError::Malformed { .. } | AudioError::Unsupported { .. } | AudioError::DecoderPanicked { .. });
        assert!(is_named, "byte {at}: {error}");
    }
    assert!(matches!(refuse("e.wav", &sound[..30]), AudioError::Malformed { .. }));
    assert!(matches!(refuse("f.wav", &wav16(8000, 1, &[])), AudioError::NoSamples { .. }));

    let frames = [0u8; 200];
    assert!(matches!(refuse("a.aiff", &aiff(16, 0, 8000, 100, &frames)), AudioError::ZeroChannels { .. }));
    let error = refuse("b.aiff", &aiff(16, 1, 0, 100, &frames));
    assert!(matches!(error, AudioError::BadSampleRate { found_hz: 0, .. }), "{error}");
}

#[test]
fn samples_that_are_no_numbers() {
    for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut samples = vec![0.25f32; 5000];
        samples[4321] = poison;
        let error = refuse("nan.wav", &wav_f32(8000, &samples));
        assert!(matches!(error, AudioError::NonFinite { frame: 4321, .. }), "{error}");
    }
}

/// Finite samples whose sums are not: of the channels, and in the resampler, halving the rate first or not.
#[test]
fn samples_too_large_to_compute_with() {
    // Silence first, so that the frame named is not merely the first.
    const SILENT: u64 = 50_000;
    const FRAMES: u64 = 80_000;
    let folder = Folder::new();
    for channels in [1, 2] {
        let frame = |at: u64| if at < SILENT { 0.0 } else { [3e38_f32, -3e38][at as usize % 2] };
        let data: Vec<u8> = (0..FRAMES).flat_map(|at| frame(at).to_le_bytes().repeat(channels.into())).collect();
        let path = folder.file("loud.wav", &wav(3, 32, channels, 44_100, &data));
        let load_at = |rate: Option<u32>| load(&path, &LoadOptions { sample_rate_hz: rate, ..LoadOptions::default() });
        for rate in [None, Some(44_100), Some(22_050), Some(16_000), Some(8_000), Some(48_000)] {
            let is_resampled = rate.is_some_and(|rate| rate != 44_100);
            match load_at(rate) {
                Ok(audio) => {
                    assert!(channels == 1 && !is_resampled, "{channels} channels, {rate:?}");
                    assert!(audio.samples.iter().all(|sample| sample.is_finite()), "{rate:?}");
                }
                // The sum of two channels is infinite; what is resampled is computed by blocks.
                Err(AudioError::NonFinite { frame, .. }) if channels == 2 => assert_eq!(frame, SILENT, "{rate:?}"),
                Err(AudioError::NonFinite { frame, .. }) => {
                    assert!(is_resampled && (SILENT - 20_000..FRAMES).contains(&frame), "{rate:?}: frame {frame}");
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn codecs_without_a_decoder_are_named() {
    let error = load_all(&fixture("opus_48000.ogg")).unwrap_err();
    assert!(matches!(error, AudioError::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("Opus"), "{error}");
    // Microsoft ADPCM in WAV.
    let error = refuse("adpcm.wav", &wav(2, 4, 1, 8000, &[0; 1000]));
    assert!(matches!(error, AudioError::Unsupported { .. } | AudioError::Malformed { .. }), "{error}");
}

#[test]
fn a_little_damage_is_silence_and_much_is_an_error() {
    let folder = Folder::new();
    let sound = std::fs::read(fixture("stereo_44100.mp3")).unwrap();
    // At 96 kbit/s a packet has 313 or 314 bytes. Spoil the side information of some.
    let starts: Vec<usize> =
        (0..sound.len() - 4).filter(|&at| sound[at..at + 3] == [0xff, 0xfb, 0x70] || sound[at..at + 3] == [0xff, 0xfb, 0x72]).collect();
    assert!(starts.len() >= 39, "{} packets", starts.len());
    let spoil = |packets: &[usize]| {
        let mut bytes = sound.clone();
        for &packet in packets {
            bytes[starts[packet] + 4..starts[packet] + 36].fill(0xff);
        }
        bytes
    };
    let whole = load_all(&fixture("stereo_44100.mp3")).unwrap().samples;
    let path = folder.file("one.mp3", &spoil(&[20]));
    let patched = load_all(&path).unwrap().samples;
    assert_eq!(patched.len(), whole.len(), "what follows stays in its place");
    assert_eq!(patched[..10 * 1152], whole[..10 * 1152]);
    assert_eq!(patched[30 * 1152..], whole[30 * 1152..]);
    assert_ne!(patched, whole);

    let every: Vec<usize> = (1..starts.len()).collect();
    let error = load_all(&folder.file("all.mp3", &spoil(&every))).unwrap_err();
    assert!(matches!(error, AudioError::Damaged { .. }), "{error}");
}

#[test]
fn a_frame_lost_from_a_flac_is_silence_in_its_place() {
    let folder = Folder::new();
    let mut bytes = std::fs::read(fixture("mono_22050.flac")).unwrap();
    // The first half is padding for tags.
    let spoilt = bytes.len() * 3 / 4;
    bytes[spoilt] ^= 0x55;
    let sound = expected(22050, 11025, 1);
    let audio = load_all(&folder.file("spoilt.flac", &bytes)).unwrap().samples;
    assert_eq!(audio.len(), sound.len());
    let wrong: Vec<usize> = (0..sound.len()).filter(|&k| audio[k] != sound[k]).collect();
    // One frame of 1024 samples.
    assert!(!wrong.is_empty() && wrong[wrong.len() - 1] / 1024 == wrong[0] / 1024, "{}", wrong.len());
    assert!(wrong.iter().all(|&k| audio[k] == 0.0));
}

/// Whatever is done to a file, the answer is samples or an error: no panic, no endless loop.
/// Found by fuzzing: silence as long as the header says, of two thousand million frames.
#[test]
fn a_packet_that_lies_about_its_length_takes_no_memory() {
    let folder = Folder::new();
    let mut bytes = std::fs::read(fixture("stereo_44100.m4a")).unwrap();
    let find = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    let (lengths, sound) = (find(b"stts"), find(b"mdat"));
    // Version and flags, the number of entries, samples of the first, and their length.
    bytes[lengths + 16..lengths + 20].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    for (at, byte) in bytes[sound + 4..sound + 4000].iter_mut().enumerate() {
        *byte = (at * at % 251) as u8;
    }
    let error = load_all(&folder.file("liar.m4a", &bytes)).unwrap_err().to_string();
    assert!(error.contains("liar.m4a") && error.contains("said to have 2147483647 frames"), "{error}");
}

#[test]
fn spoilt_files_never_panic() {
    let folder = Folder::new();
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let samples = pcm16(8000, 800, 2);
    let be: Vec<u8> = samples.iter().flat_map(|s| s.to_be_bytes()).collect();
    let mut files: Vec<Vec<u8>> = ["mono_22050.mp3", "mono_22050.ogg", "stereo_44100.m4a", "stereo_22050.flac", "alac_22050.m4a"]
        .map(|name| std::fs::read(fixture(name)).unwrap())
        .to_vec();
    files.push(wav16(8000, 2, &samples));
    files.push(au(3, 8000, 2, b"note", None, &be));
    files.push(aiff(16, 2, 8000, 800, &be));
    for bytes in &files {
        for _ in 0..40 {
            let mut spoilt = bytes.clone();
            for _ in 0..1 + random(8) {
                // Half of the blows fall on the header.
                let reach = if random(2) == 0 { spoilt.len() } else { 200.min(spoilt.len()) };
                let at = random(reach);
                spoilt[at] = random(256) as u8;
            }
            if random(4) == 0 {
                spoilt.truncate(1 + random(spoilt.len()));
            }
            let path = folder.file("spoilt", &spoilt);
            match load_all(&path) {
                Ok(audio) => assert!(audio.samples.iter().all(|sample| sample.is_finite())),
                Err(AudioError::DecoderPanicked { message, .. }) => println!("contained: {message}"),
                Err(error) => assert!(error.to_string().contains("spoilt"), "{error}"),
            }
        }
    }
}

#[test]
fn extensions_are_lower_case_and_bare() {
    assert!(SUPPORTED_EXTENSIONS.iter().all(|e| e.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())));
}
