//! FLAC: a block of metadata with a list of comments. All other blocks stay.

use std::fs::File;

use super::{Edit, copy_edited, exactly, head, list::List};
use crate::{
    error::{Fault, malformed},
    tag::Tag,
};

const STREAM_INFO: u8 = 0;
const PADDING: u8 = 1;
const COMMENTS: u8 = 4;
/// The bit of a block's kind that says that it is the last.
const LAST: u8 = 0x80;
/// Kind and size.
const HEADER: usize = 4;
/// A size has 24 bits.
const LARGEST: usize = (1 << 24) - 1;

/// Blocks (kind and contents), and where they begin and end.
struct Blocks {
    begin: u64,
    end: u64,
    blocks: Vec<(u8, Vec<u8>)>,
}

fn blocks(file: &mut File) -> Result<Blocks, Fault> {
    let begin = head::range(file)?.end + 4;
    let mut found = Blocks { begin, end: begin, blocks: vec![] };
    loop {
        let header = exactly(file, found.end..found.end + HEADER as u64, "its blocks of metadata")?;
        let length = u64::from(u32::from_be_bytes([0, header[1], header[2], header[3]]));
        let contents = exactly(file, found.end + HEADER as u64..found.end + HEADER as u64 + length, "its blocks of metadata")?;
        found.end += HEADER as u64 + length;
        found.blocks.push((header[0] & !LAST, contents));
        if header[0] & LAST != 0 {
            break;
        }
    }
    let of = |wanted: u8| found.blocks.iter().filter(|(kind, _)| *kind == wanted).count();
    if found.blocks[0].0 != STREAM_INFO || of(COMMENTS) > 1 {
        return malformed("its blocks of metadata do not begin with the one on the stream, or have two lists of comments");
    }
    Ok(found)
}

fn list(blocks: &Blocks) -> Result<List, Fault> {
    let found = blocks.blocks.iter().find(|(kind, _)| *kind == COMMENTS);
    found.map_or_else(|| Ok(List::empty()), |(_, contents)| List::read(contents))
}

pub fn read(file: &mut File) -> Result<Tag, Fault> {
    Ok(list(&blocks(file)?)?.tag)
}

/// What the list gains is taken from the padding, if that is large enough: the audio then stays where it was.
pub fn write(file: &mut File, tag: &Tag, target: &mut File) -> Result<(), Fault> {
    let Blocks { begin, end, mut blocks } = blocks(file)?;
    let place = match blocks.iter().position(|(kind, _)| *kind == COMMENTS) {
        Some(place) => place,
        None => {
            blocks.insert(1, (COMMENTS, List::empty().with(&[])?));
            1
        }
    };
    blocks[place].1 = List::read(&blocks[place].1)?.with(&tag.items)?;
    if blocks[place].1.len() > LARGEST {
        return Err(Fault::Unsupported("a block of more than 16 MB".to_owned()));
    }
    let length: usize = blocks.iter().map(|(_, contents)| HEADER + contents.len()).sum();
    let room = (end - begin) as usize;
    if let Some((_, padding)) = blocks.iter_mut().rev().find(|(kind, _)| *kind == PADDING)
        && let Some(left) = (padding.len() + room).checked_sub(length).filter(|left| *left <= LARGEST)
    {
        padding.resize(left, 0);
    }
    let mut bytes = vec![];
    for (at, (kind, contents)) in blocks.iter().enumerate() {
        let mut header = (contents.len() as u32).to_be_bytes();
        header[0] = kind | if at + 1 == blocks.len() { LAST } else { 0 };
        bytes.extend([&header[..], contents].concat());
    }
    Ok(copy_edited(file, &[Edit { range: begin..end, bytes }], target)?)
}
