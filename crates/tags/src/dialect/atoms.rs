//! The atoms in an MP4 file's `ilst`.
//!
//! # References
//! iTunes' list of metadata, as mutagen 1.48 and MusicBrainz Picard read and write it.

use lofty::id3::v1::GENRES;

use crate::{Field, Item};

/// Whose names ours are among.
const MEAN: &str = "com.apple.iTunes";
const UTF8: u32 = 1;
const UTF16: u32 = 2;

/// An atom within another: its name and what is in it.
pub type Inner<'a> = ([u8; 4], &'a [u8]);

pub fn is(item: &Item, field: &Field) -> bool {
    let is_named = |name: &str| {
        let found = item.key.strip_prefix("----:").and_then(|rest| rest.strip_prefix(MEAN)).and_then(|rest| rest.strip_prefix(':'));
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    match field {
        // The second is a number of ID3v1's list, which readers take for the first.
        Field::Genre => item.key == "©gen" || item.key == "gnre",
        Field::Mood | Field::Own(_) => is_named(field.name()),
    }
}

pub fn values(item: &Item) -> Vec<String> {
    let number = |data: &[u8]| usize::from(u16::from_be_bytes([data[0], data[1]]));
    let of = |(kind, data): &(u32, &[u8])| match *kind {
        _ if item.key == "gnre" => {
            let genre = if data.len() == 2 { GENRES.get(number(data).wrapping_sub(1)) } else { None };
            genre.map_or_else(|| format!("{data:?}"), |genre| (*genre).to_owned())
        }
        UTF16 => {
            let units = data.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => String::from_utf8_lossy(data).into_owned(),
    };
    data(&item.data).map(|found| found.iter().map(of).collect()).unwrap_or_default()
}

pub fn item(field: &Field, values: &[String]) -> Item {
    let mut inside = vec![];
    let key = match field {
        Field::Genre => "©gen".to_owned(),
        Field::Mood | Field::Own(_) => {
            inside.extend(atom(*b"mean", &[&[0; 4], MEAN.as_bytes()].concat()));
            inside.extend(atom(*b"name", &[&[0; 4], field.name().as_bytes()].concat()));
            format!("----:{MEAN}:{}", field.name())
        }
    };
    for value in values {
        inside.extend(atom(*b"data", &[&UTF8.to_be_bytes(), &[0; 4], value.as_bytes()].concat()));
    }
    Item { key, data: inside }
}

/// The item of an atom of `ilst`; none where an atom of one's own says no name.
pub fn read(name: [u8; 4], contents: &[u8]) -> Option<Item> {
    let mut key: String = name.iter().map(|byte| char::from(*byte)).collect();
    if name == *b"----" {
        let inner = inner(contents)?;
        let text = |wanted: &[u8; 4]| {
            let (_, text) = inner.iter().find(|(name, _)| name == wanted)?;
            Some(String::from_utf8_lossy(text.get(4..)?).into_owned())
        };
        key = format!("----:{}:{}", text(b"mean")?, text(b"name")?);
    }
    Some(Item { key, data: contents.to_vec() })
}

/// The data in an item: kind and bytes each.
pub fn data(contents: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let of = |bytes: &'_ [u8]| -> Option<u32> { Some(u32::from_be_bytes([0, *bytes.get(1)?, *bytes.get(2)?, *bytes.get(3)?])) };
    let data = inner(contents)?.into_iter().filter(|(name, _)| name == b"data");
    data.map(|(_, bytes)| of(bytes).zip(bytes.get(8..))).collect()
}

/// The atoms in an atom; none where their sizes do not add up.
pub fn inner(mut contents: &[u8]) -> Option<Vec<Inner<'_>>> {
    let mut found = vec![];
    while !contents.is_empty() {
        let size = u32::from_be_bytes(contents.get(..4)?.try_into().ok()?) as usize;
        let name = contents.get(4..8)?.try_into().ok()?;
        found.push((name, contents.get(8..size)?));
        contents = &contents[size..];
    }
    Some(found)
}

fn atom(name: [u8; 4], contents: &[u8]) -> Vec<u8> {
    // Values are a few words each.
    let size = u32::try_from(8 + contents.len()).expect("a value of less than four gigabytes");
    [&size.to_be_bytes()[..], &name, contents].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        for field in [Field::Genre, Field::Mood, Field::own("x")] {
            let item = item(&field, &["a".into(), "é".into()]);
            assert!(is(&item, &field));
            assert_eq!(values(&item), ["a", "é"]);
        }
    }

    #[test]
    fn a_genre_by_its_number_is_a_genre() {
        let data = atom(*b"data", &[0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
        let jazz = Item { key: "gnre".into(), data };
        assert!(is(&jazz, &Field::Genre));
        assert_eq!(values(&jazz), ["Jazz"]);
    }

    #[test]
    fn sizes_that_do_not_add_up_are_nothing() {
        for bytes in [&b"\0\0\0\x04data"[..], b"\0\0\0\x20data", b"\0\0\0", b"\xff\xff\xff\xffdata1234"] {
            assert!(inner(bytes).is_none(), "{bytes:?}");
        }
        assert!(data(b"\0\0\0\x0adata\0\0").is_none());
    }
}
