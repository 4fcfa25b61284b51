//! All that is not ours is what it was, to the byte.

use std::fs;

use segno_tags::{Field, Tagged};

use super::files::{Files, PICTURE, comments, fixture, id3v23, id3v24, mp3, same_audio, wanted};

/// Whether bytes stand somewhere in others.
fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn written(name: &str) -> Vec<u8> {
    let files = Files::new();
    let path = files.all().into_iter().find(|path| path.ends_with(name)).unwrap();
    Tagged::read(&path).unwrap().plan(&wanted()).unwrap().write(same_audio).unwrap();
    fs::read(path).unwrap()
}

#[test]
fn other_frames_pictures_twins_and_strangers_stay_byte_for_byte() {
    let genre = b"TCON\0\0\0\x05\0\0\0(17)";
    let old = id3v23();
    let place = old.windows(genre.len()).position(|window| window == genre).unwrap();
    let behind = place + genre.len();
    let end = old.len() - 300;
    for name in ["v23.mp3", "tagged.wav"] {
        let bytes = written(name);
        assert!(holds(&bytes, &old[10..place]) && holds(&bytes, &old[behind..end]), "{name}");
        assert!(!holds(&bytes, genre), "{name}");
    }
    let bytes = written("tagged.wav");
    assert!(holds(&bytes, b"LIST\x10\0\0\0INFOIART\x04\0\0\0Ann\0") && holds(&bytes, b"odd \x03\0\0\x00123\0"));
    let old = id3v24();
    let bytes = written("v24.mp3");
    let lost = [&b"RVA2\0\0\0\x07\0\0"[..], b"SYLT\0\0\x01\x48\x40\0"];
    assert!(lost.iter().all(|frame| holds(&bytes, frame) && holds(&old, frame)));
    assert!(bytes.ends_with(&mp3()));
}

#[test]
fn other_comments_stay_those_too_that_are_none() {
    let (list, genre) = (comments(), b"\x0a\0\0\0genre=Rock");
    let place = list.windows(genre.len()).position(|window| window == genre).unwrap();
    for name in ["tagged.flac", "tagged.ogg"] {
        let bytes = written(name);
        assert!(holds(&bytes, &list[12..place]) && holds(&bytes, &list[place + genre.len()..]), "{name}");
        assert!(holds(&bytes, b"\x04\0\0\0made") && !holds(&bytes, b"genre=Rock"), "{name}");
    }
    let bytes = written("tagged.flac");
    assert!(bytes.starts_with(&id3v23()));
    assert!(holds(&bytes, PICTURE) && holds(&bytes, b"\x02\0\0\x1asegnsome data of a program"));
}

/// Kinds of data that Lofty itself would write otherwise than it read them: UTF-16, an integer of two bytes, a picture that is none.
#[test]
fn other_atoms_stay_whatever_kind_of_data_they_have() {
    let data =
        |kind: u32, bytes: &[u8]| [&(16 + bytes.len() as u32).to_be_bytes()[..], b"data", &kind.to_be_bytes(), &[0; 4], bytes].concat();
    let atom = |name: &[u8; 4], inside: &[u8]| [&(8 + inside.len() as u32).to_be_bytes()[..], name, inside].concat();
    let named = |name: &[u8], inside: &[u8]| {
        let word = |kind: &[u8; 4], text: &[u8]| atom(kind, &[&[0; 4], text].concat());
        atom(b"----", &[word(b"mean", b"com.apple.iTunes"), word(b"name", name), inside.to_vec()].concat())
    };
    let others = [
        atom(b"\xa9nam", &data(2, b"\0O\0n\0e")),
        atom(b"tmpo", &data(21, &[0, 120])),
        atom(b"covr", &[data(13, b"no jpeg"), data(14, b"no png")].concat()),
        atom(b"cpil", &data(21, &[0, 0, 0, 1])),
        named(b"MusicBrainz Track Id", &data(1, b"abc")),
        named(b"twice", &[data(1, b"a"), data(1, b"b")].concat()),
        atom(b"xyzw", &data(77, &[1, 2, 3, 4])),
    ];
    let list = atom(b"ilst", &[others.concat(), atom(b"gnre", &data(0, &[0, 18])), named(b"mood", &data(1, b"sad"))].concat());
    let handler = atom(b"hdlr", &[&[0; 8][..], b"mdirappl", &[0; 9]].concat());
    let user = atom(b"udta", &atom(b"meta", &[&[0; 4], &handler[..], &list].concat()));
    // In place of the fixture's own, which stands at the end of `moov` and of the file.
    let mut bytes = fixture("stereo_44100.m4a");
    let udta = bytes.windows(4).position(|window| window == b"udta").unwrap() - 4;
    let moov = bytes.windows(4).position(|window| window == b"moov").unwrap() - 4;
    bytes.truncate(udta);
    bytes.extend(user);
    let length = (bytes.len() - moov) as u32;
    bytes[moov..moov + 4].copy_from_slice(&length.to_be_bytes());
    let files = Files::new();
    let path = files.put("rich.m4a", &bytes);
    let before = Tagged::read(&path).unwrap();
    assert_eq!((before.values(&Field::Genre), before.values(&Field::Mood)), (vec!["Rock".to_owned()], vec!["sad".to_owned()]));
    let plan = before.plan(&wanted()).unwrap();
    plan.write(same_audio).unwrap();
    let bytes = fs::read(&path).unwrap();
    for other in &others {
        assert!(holds(&bytes, other), "{}", other.escape_ascii());
    }
    assert!(!holds(&bytes, b"gnre") && !holds(&bytes, b"mood"));
    plan.undo(same_audio).unwrap();
    let bytes = fs::read(&path).unwrap();
    assert!(holds(&bytes, b"gnre") && holds(&bytes, &named(b"mood", &data(1, b"sad"))));
}
