//! Every format decodes to the signal it was made from: exactly where the coding is lossless,
//! within a signal-to-noise ratio, and in its place, where it is not.

mod common;

use common::*;
use segno_audio_io::{AudioStream, LoadOptions, load};

#[test]
fn lossless_fixtures_are_exact() {
    for (name, rate, frames, channels) in [
        ("mono_22050.flac", 22050, 11025, 1),
        ("stereo_22050.flac", 22050, 5512, 2),
        ("alac_22050.m4a", 22050, 11025, 1),
        ("stereo_22050.aiff", 22050, 2205, 2),
    ] {
        let audio = load_all(&fixture(name)).unwrap();
        assert_eq!(audio.sample_rate_hz, rate, "{name}");
        assert!(audio.samples == expected(rate, frames, channels), "{name} differs");
    }
}

#[test]
fn lossy_fixtures_are_whole_aligned_and_close() {
    // Measured: 26.0, 17.4, 26.4, 19.4 and 23.7 dB, and at least 10 dB less a frame away.
    for (name, rate, frames, channels, least_db) in [
        ("stereo_44100.mp3", 44100, 44100, 2, 20.0),
        ("mono_22050.mp3", 22050, 66150, 1, 15.0),
        ("stereo_44100.ogg", 44100, 44100, 2, 20.0),
        ("mono_22050.ogg", 22050, 66150, 1, 15.0),
        ("stereo_44100.m4a", 44100, 44100, 2, 20.0),
    ] {
        let audio = load_all(&fixture(name)).unwrap();
        assert_eq!(audio.sample_rate_hz, rate, "{name}");
        assert_eq!(audio.samples.len(), frames, "{name}: encoder delay and padding are trimmed");
        let truth = expected(rate, frames, channels);
        let db = snr_db(&audio.samples, &truth);
        assert!(db > least_db, "{name}: {db:.1} dB");
        for late in [snr_db(&audio.samples[1..], &truth[..frames - 1]), snr_db(&audio.samples[..frames - 1], &truth[1..])] {
            assert!(late < db - 6.0, "{name}: {late:.1} dB a frame away, {db:.1} dB in place");
        }
        // The first and last frames are where trimming goes wrong.
        for part in [0..frames / 20, frames - frames / 20..frames] {
            let db = snr_db(&audio.samples[part.clone()], &truth[part.clone()]);
            assert!(db > 6.0, "{name} {part:?}: {db:.1} dB");
        }
    }
}

#[test]
fn an_mp3_without_tags_is_decoded_to_its_last_packet() {
    // 41 packets of 576 frames; nothing says how many of them are start-up and padding.
    let audio = load_all(&fixture("bare_22050.mp3")).unwrap();
    assert_eq!(audio.samples.len(), 41 * 576);
}

#[test]
fn wav_in_every_width_is_exact() {
    let folder = Folder::new();
    // Values that every width can tell apart, the extremes included.
    let values: Vec<f64> = vec![-1.0, -0.5, 0.0, 0.25, 0.5, 127.0 / 128.0];
    let int = |scale: f64| values.iter().map(move |v| (v * scale) as i64);
    let cases: Vec<(&str, u16, u16, Vec<u8>)> = vec![
        ("u8", 1, 8, int(128.0).map(|v| (v + 128) as u8).collect()),
        ("s16", 1, 16, int(32768.0).flat_map(|v| (v as i16).to_le_bytes()).collect()),
        ("s24", 1, 24, int(8388608.0).flat_map(|v| (v as i32).to_le_bytes()[..3].to_vec()).collect()),
        ("s32", 1, 32, int(2147483648.0).flat_map(|v| (v as i32).to_le_bytes()).collect()),
        ("f32", 3, 32, values.iter().flat_map(|&v| (v as f32).to_le_bytes()).collect()),
        ("f64", 3, 64, values.iter().flat_map(|&v| v.to_le_bytes()).collect()),
    ];
    let expected: Vec<f32> = values.iter().map(|&v| v as f32).collect();
    for (name, tag, bits, data) in cases {
        let path = folder.file(name, &wav(tag, bits, 1, 8000, &data));
        assert_eq!(load_all(&path).unwrap().samples, expected, "{name}");
    }
}

#[test]
fn aiff_in_every_width_is_exact() {
    let folder = Folder::new();
    let values = [-1.0, -0.5, 0.0, 0.25, 0.5, 127.0 / 128.0];
    for bits in [8u16, 16, 24, 32] {
        let scale = 2f64.powi(i32::from(bits) - 1);
        let bytes = usize::from(bits / 8);
        let coded = |v: &f64| ((v * scale) as i64).to_be_bytes()[8 - bytes..].to_vec();
        let data: Vec<u8> = values.iter().flat_map(coded).collect();
        let path = folder.file("a.aiff", &aiff(bits, 1, 8000, 6, &data));
        let audio = load_all(&path).unwrap();
        assert_eq!((audio.samples, audio.sample_rate_hz), (values.map(|v| v as f32).to_vec(), 8000));
    }
}

#[test]
fn channels_become_their_mean() {
    let folder = Folder::new();
    // Three channels, 24 bit: Symphonia's decoder and the general down-mix.
    let frames = [[1000i32, 2000, 6000], [-8_388_608, 0, 0], [3, 3, 3]];
    let data: Vec<u8> = frames.iter().flatten().flat_map(|v| v.to_le_bytes()[..3].to_vec()).collect();
    let audio = load_all(&folder.file("three.wav", &wav(1, 24, 3, 8000, &data))).unwrap();
    let full = 8_388_608.0f32;
    assert_eq!(audio.samples, [3000.0 / full, -1.0 / 3.0, 3.0 / full]);
    // Two channels, 16 bit: the short way.
    let audio = load_all(&folder.file("two.wav", &wav16(8000, 2, &[100, 300, -32768, 32767]))).unwrap();
    assert_eq!(audio.samples, [200.0 / 32768.0, -0.5 / 32768.0]);
}

#[test]
fn the_short_way_for_16_bits_yields_what_the_decoder_yields() {
    let folder = Folder::new();
    // The same 16-bit values in 24 bits go through Symphonia's decoder.
    for channels in [1u16, 2, 5] {
        let samples: Vec<i16> = (0..5000i64).map(|k| (k * k * 7919 % 65536 - 32768) as i16).collect();
        let wide: Vec<u8> = samples.iter().flat_map(|&s| (i32::from(s) << 8).to_le_bytes()[..3].to_vec()).collect();
        let short = load_all(&folder.file("s.wav", &wav16(8000, channels, &samples))).unwrap();
        let long = load_all(&folder.file("l.wav", &wav(1, 24, channels, 8000, &wide))).unwrap();
        assert_eq!(short, long);
    }
}

#[test]
fn formats_are_told_apart_by_content() {
    let folder = Folder::new();
    let mp3 = std::fs::read(fixture("stereo_44100.mp3")).unwrap();
    let path = folder.file("mp3-in-disguise.wav", &mp3);
    assert_eq!(load_all(&path).unwrap().samples.len(), 44100);
}

#[test]
fn a_tag_with_a_picture_before_an_mp3_is_skipped() {
    let folder = Folder::new();
    // 1.5 MB of what looks like packets: more than a probe would search, all of it inside the tag.
    let picture = [0xff, 0xfb, 0x90, 0x64].repeat(375_000);
    let mut frame = b"APIC".to_vec();
    frame.extend((14 + picture.len() as u32).to_be_bytes());
    frame.extend([0, 0]);
    frame.extend(b"\0image/jpeg\0\x03\0");
    frame.extend(&picture);
    let size = frame.len() as u32;
    let mut bytes = b"ID3\x03\0\0".to_vec();
    bytes.extend([21, 14, 7, 0].map(|shift| (size >> shift) as u8 & 0x7f));
    bytes.extend(frame);
    bytes.extend(std::fs::read(fixture("stereo_44100.mp3")).unwrap());
    let plain = load_all(&fixture("stereo_44100.mp3")).unwrap();
    assert_eq!(load_all(&folder.file("tagged.mp3", &bytes)).unwrap(), plain);
}

#[test]
fn a_stream_tells_rates_and_channels_and_loads_in_bounded_blocks() {
    let folder = Folder::new();
    let samples = pcm16(22050, 22050 * 40, 1);
    let path = folder.file("long.wav", &wav16(22050, 1, &samples));
    for sample_rate_hz in [None, Some(4000)] {
        let options = LoadOptions { sample_rate_hz, ..Default::default() };
        let mut stream = AudioStream::open(&path, &options).unwrap();
        assert_eq!(stream.sample_rate_hz(), sample_rate_hz.unwrap_or(22050));
        assert_eq!((stream.native_sample_rate_hz(), stream.channels()), (22050, 1));
        let mut all = Vec::new();
        while let Some(block) = stream.next_block().unwrap() {
            assert!(!block.is_empty() && block.len() <= 4096, "{}", block.len());
            all.extend_from_slice(block);
        }
        assert!(stream.next_block().unwrap().is_none(), "the end stays the end");
        assert_eq!(stream.damaged_frames(), 0);
        assert_eq!(all, load(&path, &options).unwrap().samples);
    }
}
