//! Where a tag lies in each kind of file, and how a file with another is written.

mod flac;
mod head;
mod id3;
mod iff;
mod list;
mod mp4;
mod ogg;

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    ops::Range,
};

use crate::{error::Fault, tag::Tag};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// MP3, AAC: the tag stands in front.
    Head,
    /// WAV, AIFF: a chunk.
    Iff(iff::Kind),
    Flac,
    Ogg,
    Mp4,
}

impl Container {
    /// By what the file begins with.
    pub fn of(file: &mut File) -> Result<Self, Fault> {
        let tag_end = head::range(file)?.end;
        let begin = up_to(file, tag_end, 12)?;
        let at = |place: usize, expected: &[u8]| begin.get(place..place + expected.len()) == Some(expected);
        let unsupported = |what: &str| Err(Fault::Unsupported(what.to_owned()));
        match () {
            () if at(0, b"fLaC") => Ok(Self::Flac),
            // Other kinds do not have a tag in front.
            () if tag_end > 0 => Ok(Self::Head),
            () if at(0, b"RIFF") && at(8, b"WAVE") => Ok(Self::Iff(iff::Kind::Wave)),
            () if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) => Ok(Self::Iff(iff::Kind::Aiff)),
            () if at(0, b"OggS") => Ok(Self::Ogg),
            () if at(4, b"ftyp") => Ok(Self::Mp4),
            () if at(0, b".snd") => unsupported("AU files: they have no tags"),
            () if begin.len() > 1 && begin[0] == 0xff && begin[1] & 0xe0 == 0xe0 => Ok(Self::Head),
            () => unsupported("a file of this kind: it begins as none of MP3, AAC, WAV, AIFF, FLAC, Ogg and MP4 does"),
        }
    }

    /// The tag of a file; one without items where it has none.
    pub fn read(self, file: &mut File) -> Result<Tag, Fault> {
        match self {
            Self::Head => head::read(file),
            Self::Iff(kind) => iff::read(file, kind),
            Self::Flac => flac::read(file),
            Self::Ogg => ogg::read(file),
            Self::Mp4 => mp4::read(file),
        }
    }

    /// Writes the file with another tag into an empty one.
    pub fn write(self, file: &mut File, tag: &Tag, target: &mut File) -> Result<(), Fault> {
        match self {
            Self::Head => head::write(file, tag, target),
            Self::Iff(kind) => iff::write(file, kind, tag, target),
            Self::Flac => flac::write(file, tag, target),
            Self::Ogg => ogg::write(file, tag, target),
            Self::Mp4 => mp4::write(file, tag, target),
        }
    }
}

/// Bytes that take the place of others.
struct Edit {
    range: Range<u64>,
    bytes: Vec<u8>,
}

/// Copies a file with some of its bytes replaced; edits in the order of the file.
fn copy_edited(file: &mut File, edits: &[Edit], target: &mut File) -> io::Result<()> {
    let mut at = 0;
    for Edit { range, bytes } in edits {
        copy(file, at..range.start, target)?;
        target.write_all(bytes)?;
        at = range.end;
    }
    let end = file.seek(SeekFrom::End(0))?;
    copy(file, at..end, target)
}

fn copy(file: &mut File, range: Range<u64>, target: &mut File) -> io::Result<()> {
    file.seek(SeekFrom::Start(range.start))?;
    let wanted = range.end - range.start;
    let copied = io::copy(&mut file.take(wanted), target)?;
    if copied == wanted { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Bytes from a place on; fewer where the file ends.
fn up_to(file: &mut File, place: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place))?;
    let mut bytes = vec![];
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Bytes of a range, all of them.
fn exactly(file: &mut File, range: Range<u64>, what: &str) -> Result<Vec<u8>, Fault> {
    let length = range.end.saturating_sub(range.start);
    let bytes = up_to(file, range.start, length)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Fault::Malformed(format!("the file ends within {what}"))) }
}
