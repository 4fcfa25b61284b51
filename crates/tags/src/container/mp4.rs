//! MP4: the atoms in `moov.udta.meta.ilst`. They are read here, so that each can be kept as bytes; Lofty puts the list in its place, and
//! moves what points behind it.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Seek, SeekFrom},
    ops::Range,
};

use lofty::{
    config::WriteOptions,
    mp4::{Atom, AtomData, AtomIdent, DataType, Ilst},
    tag::TagExt,
};

use super::{copy_edited, exactly};
use crate::{
    Item,
    dialect::{Dialect, atoms},
    error::{Fault, malformed},
    tag::Tag,
};

pub fn read(file: &mut File) -> Result<Tag, Fault> {
    let length = file.seek(SeekFrom::End(0))?;
    if child(file, 0..length, *b"moof")?.is_some() {
        return Err(Fault::Unsupported("MP4 files in fragments".to_owned()));
    }
    let Some(list) = list(file, length)? else { return Ok(Tag { dialect: Dialect::Atoms, items: vec![] }) };
    let bytes = exactly(file, list, "its list of tags")?;
    let Some(found) = atoms::inner(&bytes) else { return malformed("the sizes in its list of tags do not add up") };
    // Room that a list keeps for itself.
    let kept = found.into_iter().filter(|(name, _)| name != b"free" && name != b"skip");
    let items =
        kept.map(|(name, contents)| atoms::read(name, contents).map_or_else(|| malformed("a tag of one's own in it has no name"), Ok));
    Ok(Tag { dialect: Dialect::Atoms, items: items.collect::<Result<_, _>>()? })
}

/// What is in `moov.udta.meta.ilst`.
fn list(file: &mut File, length: u64) -> Result<Option<Range<u64>>, Fault> {
    let mut range = 0..length;
    for name in [b"moov", b"udta", b"meta", b"ilst"] {
        let Some(found) = child(file, range, *name)? else { return Ok(None) };
        range = found;
        if name == b"meta" {
            // Most have a version and flags before what is in them.
            let begin = exactly(file, range.start..range.end.min(range.start + 8), "its metadata")?;
            if begin.get(4..8) != Some(b"hdlr") {
                range.start = range.end.min(range.start + 4);
            }
        }
    }
    Ok(Some(range))
}

/// What is in the first atom of a name.
fn child(file: &mut File, range: Range<u64>, wanted: [u8; 4]) -> Result<Option<Range<u64>>, Fault> {
    let mut at = range.start;
    // Some lists of user data end with four nulls.
    while at + 8 <= range.end {
        let header = exactly(file, at..range.end.min(at + 16), "the header of an atom")?;
        let mut begin = at + 8;
        let end = match u32::from_be_bytes([header[0], header[1], header[2], header[3]]) {
            0 => range.end,
            1 => {
                begin = at + 16;
                let size = header.get(8..16).map(|size| size.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)));
                size.and_then(|size| at.checked_add(size)).unwrap_or(u64::MAX)
            }
            size => at + u64::from(size),
        };
        if end > range.end || end < begin {
            return malformed(format!("the size of an atom at byte {at} is none"));
        }
        if header[4..8] == wanted {
            return Ok(Some(begin..end));
        }
        at = end;
    }
    Ok(None)
}

pub fn write(file: &mut File, tag: &Tag, target: &mut File) -> Result<(), Fault> {
    let mut list = Ilst::new();
    for item in &tag.items {
        list.insert(atom(item)?);
    }
    copy_edited(file, &[], target)?;
    target.rewind()?;
    list.save_to(target, WriteOptions::new()).map_err(|error| Fault::Malformed(format!("its atoms: {error}")))?;
    Ok(())
}

/// An atom of the same bytes: no kind of data is understood, so that none is made into another.
fn atom(item: &Item) -> Result<Atom<'static>, Fault> {
    let data = atoms::data(&item.data).unwrap_or_default();
    let data = data.into_iter().map(|(kind, data)| AtomData::Unknown { code: DataType::from(kind), data: data.to_vec() });
    let ident = match item.key.strip_prefix("----:").and_then(|name| name.split_once(':')) {
        Some((mean, name)) => AtomIdent::Freeform { mean: Cow::Owned(mean.to_owned()), name: Cow::Owned(name.to_owned()) },
        None => {
            let name: Vec<u8> = item.key.chars().filter_map(|c| u8::try_from(c).ok()).collect();
            AtomIdent::Fourcc(name.try_into().map_err(|_| io::Error::other("an atom whose name has not four letters"))?)
        }
    };
    let atom = Atom::from_collection(ident, data.collect());
    atom.map_or_else(|| malformed(format!("there is nothing in its atom {}", item.key)), Ok)
}
