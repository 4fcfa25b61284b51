//! Files of every kind, without tags and with tags that are full of things.

use std::{
    fs,
    path::{Path, PathBuf},
};

use segno_audio_io::{LoadOptions, load};
use segno_tags::Field;

/// A folder with a file each.
pub struct Files(tempfile::TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = fs::canonicalize(self.folder()).unwrap().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Every kind, by a name that says which.
    pub fn all(&self) -> Vec<PathBuf> {
        all().iter().map(|(name, bytes)| self.put(name, bytes)).collect()
    }

    /// What lies in the folder.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Every kind of file: name and bytes.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mp3 = mp3();
    vec![
        ("bare.mp3", mp3.clone()),
        ("v22.mp3", [id3v22(), mp3.clone()].concat()),
        ("v23.mp3", [id3v23(), mp3.clone()].concat()),
        ("v24.mp3", [id3v24(), mp3].concat()),
        ("bare.aac", include_bytes!("../fixtures/tone.aac").to_vec()),
        ("bare.wav", wav(&[])),
        ("tagged.wav", wav(&[(*b"LIST", b"INFOIART\x04\0\0\0Ann\0"), (*b"id3 ", &id3v23()), (*b"odd ", b"123")])),
        ("bare.aiff", fixture("stereo_22050.aiff")),
        ("plain.flac", fixture("mono_22050.flac")),
        ("tagged.flac", flac()),
        ("bare.ogg", fixture("mono_22050.ogg")),
        ("tagged.ogg", tagged_ogg()),
        ("aac.m4a", fixture("stereo_44100.m4a")),
        ("alac.m4a", fixture("alac_22050.m4a")),
    ]
}

/// An mp3 without the tag that ffmpeg gave it.
pub fn mp3() -> Vec<u8> {
    let bytes = fixture("bare_22050.mp3");
    let begin = 10 + bytes[6..10].iter().fold(0, |value, byte| value << 7 | usize::from(*byte));
    assert!(bytes.starts_with(b"ID3") && bytes[begin] == 0xff);
    bytes[begin..].to_vec()
}

pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio-io/tests/fixtures").join(name)).unwrap()
}

/// What the audio is: samples to the bit.
pub fn audio(path: &Path) -> Vec<u32> {
    load(path, &LoadOptions::default()).unwrap().samples.iter().map(|sample| sample.to_bits()).collect()
}

/// The comparison that the program makes.
pub fn same_audio(before: &Path, after: &Path) -> Result<(), String> {
    if audio(before) == audio(after) { Ok(()) } else { Err("other samples".into()) }
}

/// What the tests write.
pub fn wanted() -> Vec<(Field, Vec<String>)> {
    vec![
        (Field::Genre, vec!["Drum & Bass".into(), "日本".into()]),
        (Field::Mood, vec!["happy".into()]),
        (Field::own("segno genre confidence"), vec!["0.93".into()]),
    ]
}

/// A tag with twins, a picture, a private frame, one that nobody knows, one of no bytes, and a genre by its number.
pub fn id3v23() -> Vec<u8> {
    let frames = [
        frame23("TIT2", b"\0One\0"),
        frame23("TPE1", b"\x01\xff\xfeA\0\xe9\0\0\0"),
        frame23("TYER", b"\x001999"),
        frame23("TDAT", b"\x003112"),
        frame23("TSOP", b"\0One, A"),
        frame23("TCON", b"\0(17)"),
        frame23("COMM", b"\0eng\0first"),
        frame23("COMM", b"\0eng\0second of the same name"),
        frame23("APIC", &[&b"\0image/png\0\x03cover\0"[..], &[0x89, b'P', 0xff, 0, 0xff, 0xe0]].concat()),
        frame23("PRIV", b"who\0\0\x01\xff"),
        frame23("TXXX", b"\0replaygain_track_gain\0-6.1 dB"),
        frame23("ZZZ9", b"nobody knows"),
        frame23("TIPL", b""),
    ];
    let frames = frames.concat();
    [b"ID3\x03\0\0", &sevens(frames.len() + 300)[..], &frames, &[0; 300]].concat()
}

fn frame23(name: &str, contents: &[u8]) -> Vec<u8> {
    [name.as_bytes(), &(contents.len() as u32).to_be_bytes(), &[0, 0], contents].concat()
}

/// The same for 2.4, with a footer, an extended header, two values in one frame, a frame in a group, and a mood already.
pub fn id3v24() -> Vec<u8> {
    let frame = |name: &str, flags: [u8; 2], contents: &[u8]| [name.as_bytes(), &sevens(contents.len()), &flags, contents].concat();
    let frames = [
        frame("TIT2", [0, 0], "\u{3}Ünter".as_bytes()),
        frame("TMOO", [0, 0], b"\x03calm\0sad"),
        frame("TCON", [0, 0x40], b"\x07\0Rock"),
        frame("TXXX", [0, 0], b"\x03Segno_Genre_Confidence\x000.5"),
        frame("RVA2", [0, 0], &[b'a', 0, 1, 2, 3, 8, 9]),
        frame("SYLT", [0x40, 0], &[7; 200]),
    ];
    let frames = frames.concat();
    let header = [&b"\x04\0\x50"[..], &sevens(frames.len() + 6)].concat();
    [b"ID3", &header[..], &[0, 0, 0, 6, 1, 0], &frames, b"3DI", &header].concat()
}

fn id3v22() -> Vec<u8> {
    let frame = |name: &str, contents: &[u8]| [name.as_bytes(), &(contents.len() as u32).to_be_bytes()[1..], contents].concat();
    let frames = [frame("TT2", b"\0One"), frame("TCO", b"\0Rock"), frame("PIC", b"\0PNG\x03\0\x89P")].concat();
    [b"ID3\x02\0\0", &sevens(frames.len())[..], &frames].concat()
}

pub fn sevens(value: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (value >> shift & 0x7f) as u8)
}

/// A second of a tone and of other chunks, before and behind it.
pub fn wav(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let samples: Vec<u8> = (0..8001).map(|n| (128.0 + 90.0 * (f64::from(n) * 0.31).sin()) as u8).collect();
    let chunk = |name: [u8; 4], contents: &[u8]| {
        let padding = vec![0; contents.len() % 2];
        [&name[..], &(contents.len() as u32).to_le_bytes(), contents, &padding].concat()
    };
    let format = [&[1, 0, 1, 0][..], &8000_u32.to_le_bytes(), &8000_u32.to_le_bytes(), &[1, 0, 8, 0]].concat();
    let mut form = [&b"WAVE"[..], &chunk(*b"fmt ", &format), &chunk(*b"data", &samples)].concat();
    chunks.iter().for_each(|(name, contents)| form.extend(chunk(*name, contents)));
    [b"RIFF", &(form.len() as u32).to_le_bytes()[..], &form].concat()
}

/// A list of comments, with a name in small letters, one without a name, an empty one, twins, and no text.
pub fn comments() -> Vec<u8> {
    let texts: [&[u8]; 8] =
        [b"TITLE=One", b"genre=Rock", b"nameless", b"EMPTY=", b"tracknumber=3/9", b"ARTIST=A", b"ARTIST=B", b"BYTES=\xff\xfe"];
    let mut list = [&4_u32.to_le_bytes()[..], b"made", &(texts.len() as u32).to_le_bytes()].concat();
    texts.iter().for_each(|text| list.extend([&(text.len() as u32).to_le_bytes()[..], text].concat()));
    list
}

/// A front cover: its name and data are no picture's.
pub const PICTURE: &[u8] = b"\0\0\0\x03\0\0\0\x0aimage/none\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x08\0\0\0\0\0\0\0\x05\xffdata";

/// With a picture, an application's block, and padding; and a tag of ID3v2 in front.
fn flac() -> Vec<u8> {
    let plain = fixture("mono_22050.flac");
    let block = |kind: u8, contents: &[u8]| [&[kind][..], &(contents.len() as u32).to_be_bytes()[1..], contents].concat();
    let mut at = 4;
    loop {
        let (is_last, length) = (plain[at] & 0x80 != 0, u32::from_be_bytes([0, plain[at + 1], plain[at + 2], plain[at + 3]]));
        at += 4 + length as usize;
        if is_last {
            break;
        }
    }
    let blocks =
        [block(0, &plain[8..42]), block(2, b"segnsome data of a program"), block(4, &comments()), block(6, PICTURE), block(0x81, &[0; 40])];
    [&id3v23()[..], b"fLaC", &blocks.concat(), &plain[at..]].concat()
}

/// The fixture with that list, which goes over several pages.
fn tagged_ogg() -> Vec<u8> {
    use ogg_pager::{CONTAINS_FIRST_PAGE_OF_BITSTREAM, Packets, Page};
    let bytes = fixture("mono_22050.ogg");
    let mut reader = std::io::Cursor::new(&bytes);
    let serial = Page::read(&mut reader).unwrap().header().stream_serial;
    reader.set_position(0);
    let (mut packets, rest) = Packets::read_count(&mut reader, 3).unwrap();
    assert!(rest.is_none());
    let mut list = comments();
    list[8] += 1;
    list.extend([&20_000_u32.to_le_bytes()[..], b"LONG=", &[b'x'; 19_995]].concat());
    packets.set(1, [b"\x03vorbis", &list[..], &[1]].concat());
    let mut out = vec![];
    let mut number = packets.write_to(&mut out, serial, 0, CONTAINS_FIRST_PAGE_OF_BITSTREAM).unwrap() as u32;
    while let Ok(mut page) = Page::read(&mut reader) {
        page.header_mut().sequence_number = number;
        page.gen_crc();
        out.extend(page.as_bytes());
        number += 1;
    }
    out
}
