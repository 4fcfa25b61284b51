//! MP3 and AAC: an ID3v2 tag in front of the audio. Those behind it (ID3v1, APE) are no business of ours.

use std::{fs::File, io, ops::Range};

use super::{Edit, copy_edited, exactly, id3, up_to};
use crate::{
    dialect::{Dialect, id3::Version},
    error::Fault,
    tag::Tag,
};

/// Where the tag lies; an empty range where there is none.
pub fn range(file: &mut File) -> io::Result<Range<u64>> {
    Ok(0..id3::size(&up_to(file, 0, id3::HEADER as u64)?).unwrap_or(0))
}

pub fn read(file: &mut File) -> Result<Tag, Fault> {
    let range = range(file)?;
    if range.is_empty() {
        return Ok(Tag { dialect: Dialect::Id3(Version::V4), items: vec![] });
    }
    id3::read(&exactly(file, range, "the ID3v2 tag")?)
}

pub fn write(file: &mut File, tag: &Tag, target: &mut File) -> Result<(), Fault> {
    let range = range(file)?;
    let bytes = id3::write(version(tag), &tag.items, range.end as usize)?;
    Ok(copy_edited(file, &[Edit { range, bytes }], target)?)
}

/// The version of a tag of frames.
pub fn version(tag: &Tag) -> Version {
    match tag.dialect {
        Dialect::Id3(version) => version,
        Dialect::Comments | Dialect::Atoms => unreachable!("a tag of frames goes into a file of frames"),
    }
}
