//! An ID3v2 tag as bytes.

use crate::{
    Item,
    dialect::{
        Dialect,
        id3::{UNSYNCHRONISED, Version, synchronised},
    },
    error::{Fault, malformed},
    tag::Tag,
};

pub const HEADER: usize = 10;
/// Bytes that a tag which outgrows its place gets to grow further.
const PADDING: usize = 1024;
/// A size has four times seven bits.
const LARGEST: usize = 1 << 28;

/// The size of a tag with its header and footer, of which `header` is the beginning; none where it is no tag.
pub fn size(header: &[u8]) -> Option<u64> {
    let is_tag = header.starts_with(b"ID3") && header.len() >= HEADER && header[6..10].iter().all(|byte| *byte < 0x80);
    let footer = if header.get(3) == Some(&4) && header.get(5).is_some_and(|flags| flags & 0x10 != 0) { HEADER as u64 } else { 0 };
    is_tag.then(|| HEADER as u64 + sevens(&header[6..10]) as u64 + footer)
}

/// A tag, whole.
pub fn read(bytes: &[u8]) -> Result<Tag, Fault> {
    let version = match bytes.get(3) {
        Some(2) => Version::V2,
        Some(3) => Version::V3,
        Some(4) => Version::V4,
        found => return malformed(format!("ID3v2 has no version {found:?}")),
    };
    let flags = bytes[5];
    let end = HEADER + sevens(&bytes[6..10]);
    let Some(body) = bytes.get(HEADER..end) else { return malformed("an ID3v2 tag is longer than its place") };
    let is_unsynchronised = flags & 0x80 != 0;
    if version == Version::V2 && flags & 0x40 != 0 {
        return malformed("it is compressed in a way that nobody has defined");
    }
    let body = if is_unsynchronised && version != Version::V4 { synchronised(body) } else { body.to_vec() };
    let frames = if flags & 0x40 == 0 { &body[..] } else { behind_extended_header(version, &body)? };
    let mut items = match frames_of(version, frames, version == Version::V4) {
        // Programs have written 2.4 with the plain sizes of 2.3.
        Err(fault) if version == Version::V4 => frames_of(version, frames, false).map_err(|_| fault)?,
        items => items?,
    };
    if is_unsynchronised && version == Version::V4 {
        items.iter_mut().for_each(|item| item.data[1] |= UNSYNCHRONISED);
    }
    Ok(Tag { dialect: Dialect::Id3(version), items })
}

fn behind_extended_header(version: Version, body: &[u8]) -> Result<&[u8], Fault> {
    let Some(size) = body.get(..4) else { return malformed("an ID3v2 tag ends within its extended header") };
    let length = if version == Version::V4 { sevens(size) } else { 4 + plain(size) };
    body.get(length..).map_or_else(|| malformed("an ID3v2 tag ends within its extended header"), Ok)
}

fn frames_of(version: Version, mut bytes: &[u8], in_sevens: bool) -> Result<Vec<Item>, Fault> {
    let letters = version.letters();
    let header = if version == Version::V2 { 6 } else { HEADER };
    let mut items = vec![];
    while bytes.first().is_some_and(|first| *first != 0) {
        let place = items.len() + 1;
        let Some((head, rest)) = bytes.split_at_checked(header) else {
            return malformed(format!("frame {place} of the ID3v2 tag ends early"));
        };
        let name = &head[..letters];
        if !name.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
            return malformed(format!("frame {place} of the ID3v2 tag is called {:?}", name.escape_ascii().to_string()));
        }
        let size = &head[letters..2 * letters];
        if in_sevens && size.iter().any(|byte| *byte >= 0x80) {
            return malformed(format!("frame {place} of the ID3v2 tag has no size"));
        }
        let size = if in_sevens { sevens(size) } else { plain(size) };
        let Some((contents, rest)) = rest.split_at_checked(size) else {
            return malformed(format!("frame {place} of the ID3v2 tag is longer than the tag"));
        };
        let flags = head.get(2 * letters..).filter(|flags| !flags.is_empty()).unwrap_or(&[0, 0]);
        items.push(Item { key: String::from_utf8_lossy(name).into_owned(), data: [flags, contents].concat() });
        bytes = rest;
    }
    if bytes.iter().any(|byte| *byte != 0) {
        return malformed("there is something behind the last frame of the ID3v2 tag");
    }
    Ok(items)
}

/// A tag as bytes, as long as the room that it has, if it fits; nothing where there are no items.
pub fn write(version: Version, items: &[Item], room: usize) -> Result<Vec<u8>, Fault> {
    let mut frames = vec![];
    for Item { key, data } in items {
        let (flags, contents) = data.split_at(2);
        let length = u32::try_from(contents.len()).map_err(|_| too_large())?.to_be_bytes();
        frames.extend_from_slice(key.as_bytes());
        match version {
            Version::V2 => frames.extend_from_slice(&length[1..]),
            Version::V3 => frames.extend([&length[..], flags].concat()),
            Version::V4 => frames.extend([&in_sevens(contents.len())?[..], flags].concat()),
        }
        frames.extend_from_slice(contents);
    }
    if frames.is_empty() {
        return Ok(vec![]);
    }
    let fits = HEADER + frames.len() <= room;
    frames.resize(if fits { room - HEADER } else { frames.len() + PADDING }, 0);
    let number = match version {
        Version::V2 => 2,
        Version::V3 => 3,
        Version::V4 => 4,
    };
    Ok([&b"ID3"[..], &[number, 0, 0], &in_sevens(frames.len())?, &frames].concat())
}

fn too_large() -> Fault {
    Fault::Unsupported("an ID3v2 tag of more than 256 MB".to_owned())
}

fn plain(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte))
}

fn sevens(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value, byte| value << 7 | usize::from(*byte & 0x7f))
}

fn in_sevens(value: usize) -> Result<[u8; 4], Fault> {
    if value >= LARGEST {
        return Err(too_large());
    }
    Ok([21, 14, 7, 0].map(|shift| (value >> shift & 0x7f) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Vec<Item> {
        let of = |key: &str, data: &[u8]| Item { key: key.into(), data: data.to_vec() };
        vec![of("TIT2", b"\0\0\0One"), of("TIT2", b"\0\0\0Two"), of("XYZ1", b"\0\0"), of("PRIV", &[[0, 0].as_slice(), &[7; 300]].concat())]
    }

    #[test]
    fn frames_come_back_byte_for_byte_twins_and_strangers_too() {
        for version in [Version::V3, Version::V4] {
            for room in [0, 2000] {
                let bytes = write(version, &frames(), room).unwrap();
                assert_eq!(size(&bytes), Some(bytes.len() as u64));
                assert_eq!(bytes.len() == room, room > 0);
                assert_eq!(read(&bytes).unwrap().items, frames());
            }
        }
        assert!(write(Version::V4, &[], 2000).unwrap().is_empty());
    }

    #[test]
    fn sizes_of_the_older_version_are_taken_and_made_right() {
        let mut bytes = write(Version::V4, &frames(), 0).unwrap();
        let place = bytes.windows(4).position(|window| window == b"PRIV").unwrap();
        bytes[place + 4..place + 8].copy_from_slice(&300_u32.to_be_bytes());
        assert_eq!(read(&bytes).unwrap().items, frames());
    }

    #[test]
    fn an_unsynchronised_tag_of_an_older_version_is_made_plain() {
        let bytes = b"ID3\x03\0\x80\0\0\0\x10TCON\0\0\0\x05\0\0\x01\xff\0\xfeA\0";
        assert_eq!(read(bytes).unwrap().items, [Item { key: "TCON".into(), data: b"\0\0\x01\xff\xfeA\0".to_vec() }]);
    }

    #[test]
    fn what_would_be_lost_is_refused() {
        let whole = write(Version::V4, &frames(), 2000).unwrap();
        let with = |place: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[place] = byte;
            read(&bytes).unwrap_err()
        };
        for (place, byte, expected) in
            [(1999, 1, "behind the last frame"), (10, b'+', "is called"), (16, 0x7f, "longer than the tag"), (3, 5, "no version")]
        {
            let Fault::Malformed(reason) = with(place, byte) else { panic!("{place}") };
            assert!(reason.contains(expected), "{reason}");
        }
    }
}
