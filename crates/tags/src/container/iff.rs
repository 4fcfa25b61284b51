//! WAV and AIFF: an ID3v2 tag in a chunk of its own. All other chunks stay.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    ops::Range,
};

use super::{Edit, copy_edited, exactly, head::version, id3};
use crate::{
    dialect::{Dialect, id3::Version},
    error::{Fault, malformed},
    tag::Tag,
};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Wave,
    Aiff,
}

/// Name and size.
const HEADER: u64 = 8;
/// What a form begins with: `RIFF`, its size, `WAVE`.
const FORM: u64 = 12;

impl Kind {
    fn number(self, bytes: &[u8]) -> u32 {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self == Self::Wave { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    fn bytes(self, number: u32) -> [u8; 4] {
        if self == Self::Wave { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    /// As most others spell it.
    fn name(self) -> [u8; 4] {
        if self == Self::Wave { *b"id3 " } else { *b"ID3 " }
    }
}

/// Where things lie.
struct Places {
    /// The tag's chunk: its name, and where it begins and ends, with its byte of padding.
    tag: Option<([u8; 4], Range<u64>)>,
    /// What is in it.
    contents: Range<u64>,
    /// Where the form ends.
    end: u64,
}

fn places(file: &mut File, kind: Kind) -> Result<Places, Fault> {
    let length = file.seek(SeekFrom::End(0))?;
    let form = exactly(file, 0..FORM, "its first chunk")?;
    let end = HEADER + u64::from(kind.number(&form[4..]));
    if end > length || end < FORM {
        return malformed(format!("its header says {end} bytes, and there are {length}"));
    }
    let (mut at, mut places) = (FORM, Places { tag: None, contents: 0..0, end });
    while at < end {
        let header = exactly(file, at..at + HEADER, "the header of a chunk")?;
        let contents = at + HEADER..at + HEADER + u64::from(kind.number(&header[4..]));
        if contents.end > end {
            return malformed(format!("chunk {:?} is longer than the file", header[..4].escape_ascii().to_string()));
        }
        // The byte of padding is missing at the end of some files.
        let next = (contents.end + contents.end % 2).min(end);
        if header[..4].eq_ignore_ascii_case(b"ID3 ") {
            if places.tag.is_some() {
                return malformed("it has two chunks of tags");
            }
            places.tag = Some(([header[0], header[1], header[2], header[3]], at..next));
            places.contents = contents;
        }
        at = next;
    }
    Ok(places)
}

pub fn read(file: &mut File, kind: Kind) -> Result<Tag, Fault> {
    let contents = places(file, kind)?.contents;
    if contents.is_empty() {
        return Ok(Tag { dialect: Dialect::Id3(Version::V4), items: vec![] });
    }
    let bytes = exactly(file, contents, "the chunk of its tag")?;
    match id3::size(&bytes) {
        Some(size) if size <= bytes.len() as u64 => id3::read(&bytes),
        _ => malformed("its chunk of a tag holds no whole tag"),
    }
}

pub fn write(file: &mut File, kind: Kind, tag: &Tag, target: &mut File) -> Result<(), Fault> {
    let places = places(file, kind)?;
    let room = places.contents.end - places.contents.start;
    let bytes = id3::write(version(tag), &tag.items, room as usize)?;
    let (name, range) = places.tag.unwrap_or((kind.name(), places.end..places.end));
    let mut chunk = vec![];
    if !bytes.is_empty() {
        chunk.resize((range.start % 2) as usize, 0);
        let length = u32::try_from(bytes.len()).expect("a tag is smaller than 256 MB");
        chunk.extend([&name[..], &kind.bytes(length), &bytes].concat());
        chunk.resize(chunk.len() + bytes.len() % 2, 0);
    }
    let size = places.end - HEADER - (range.end - range.start) + chunk.len() as u64;
    let Ok(size) = u32::try_from(size) else { return Err(Fault::Unsupported("a file that would have 4 GB with them".to_owned())) };
    let edits = [Edit { range: 4..HEADER, bytes: kind.bytes(size).to_vec() }, Edit { range, bytes: chunk }];
    Ok(copy_edited(file, &edits, target)?)
}
