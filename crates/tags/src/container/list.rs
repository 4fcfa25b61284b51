//! A list of Vorbis comments as bytes.
//!
//! # References
//! Xiph.org Foundation, "Ogg Vorbis I format specification: comment field and header specification".

use crate::{
    Item,
    dialect::{Dialect, comments},
    error::{Fault, malformed},
    tag::Tag,
};

/// A list, and what stands before and behind it.
pub struct List {
    /// Which program made the audio.
    vendor: Vec<u8>,
    pub tag: Tag,
    /// Vorbis has a bit that frames it, and some programs padding.
    behind: Vec<u8>,
}

impl List {
    pub fn empty() -> Self {
        Self { vendor: vec![], tag: Tag { dialect: Dialect::Comments, items: vec![] }, behind: vec![] }
    }

    pub fn read(mut bytes: &[u8]) -> Result<Self, Fault> {
        let vendor = text(&mut bytes)?;
        let count = number(&mut bytes)?;
        // Each has at least its length.
        if count > bytes.len() / 4 {
            return malformed(format!("its list of comments says {count}, and is too short for that"));
        }
        let items = (0..count).map(|_| text(&mut bytes).map(comments::read)).collect::<Result<_, _>>()?;
        Ok(Self { vendor, tag: Tag { dialect: Dialect::Comments, items }, behind: bytes.to_vec() })
    }

    /// The list with other comments.
    pub fn with(&self, items: &[Item]) -> Result<Vec<u8>, Fault> {
        let length = |bytes: &[u8]| {
            u32::try_from(bytes.len()).map(u32::to_le_bytes).map_err(|_| Fault::Unsupported("a list of comments of 4 GB".to_owned()))
        };
        let mut bytes = [&length(&self.vendor)?[..], &self.vendor, &(items.len() as u32).to_le_bytes()].concat();
        for item in items {
            bytes.extend(length(&item.data)?);
            bytes.extend_from_slice(&item.data);
        }
        bytes.extend_from_slice(&self.behind);
        Ok(bytes)
    }
}

fn number(bytes: &mut &[u8]) -> Result<usize, Fault> {
    let Some((number, rest)) = bytes.split_first_chunk() else { return malformed("its list of comments ends early") };
    *bytes = rest;
    Ok(u32::from_le_bytes(*number) as usize)
}

fn text(bytes: &mut &[u8]) -> Result<Vec<u8>, Fault> {
    let length = number(bytes)?;
    let Some((text, rest)) = bytes.split_at_checked(length) else { return malformed("its list of comments ends early") };
    *bytes = rest;
    Ok(text.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_byte_for_byte() {
        let bytes = b"\x03\0\0\0abc\x03\0\0\0\x03\0\0\0a=b\x04\0\0\0none\0\0\0\0\x01\0\0";
        let list = List::read(bytes).unwrap();
        assert_eq!(list.tag.items.len(), 3);
        assert_eq!(list.with(&list.tag.items).unwrap(), bytes);
    }

    #[test]
    fn a_list_that_lies_is_refused() {
        for bytes in [&b"\xff\xff\xff\xff"[..], b"\0\0\0\0\xff\xff\xff\xff", b"\0\0\0\0\x01\0\0\0\x05\0\0\0a=b", b"\0\0"] {
            assert!(matches!(List::read(bytes), Err(Fault::Malformed(_))));
        }
    }
}
