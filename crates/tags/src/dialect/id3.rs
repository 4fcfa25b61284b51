//! The frames of ID3v2: those that are ours are understood, all others are bytes.
//!
//! # References
//! ID3 tag version 2.4.0, main structure and native frames; 2.3.0; 2.2.0. Names: the mapping of MusicBrainz Picard.

use super::text::{encoded, strings};
use crate::{Field, Item};

/// Versions of ID3v2; an item's data begin with a frame's two bytes of flags, which 2.2 does not have and which are 0 there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V2,
    V3,
    V4,
}

/// The flag of a frame of 2.4 whose data are unsynchronised.
pub const UNSYNCHRONISED: u8 = 0x02;

impl Version {
    pub fn name(self) -> &'static str {
        match self {
            Self::V2 => "ID3v2.2",
            Self::V3 => "ID3v2.3",
            Self::V4 => "ID3v2.4",
        }
    }

    /// How many letters a frame's name has.
    pub fn letters(self) -> usize {
        if self == Self::V2 { 3 } else { 4 }
    }

    fn genre(self) -> &'static str {
        if self == Self::V2 { "TCO" } else { "TCON" }
    }

    fn user_text(self) -> &'static str {
        if self == Self::V2 { "TXX" } else { "TXXX" }
    }

    pub fn is(self, item: &Item, field: &Field) -> bool {
        let described = |name: &str| self.description(item).is_some_and(|found| found.eq_ignore_ascii_case(name));
        match field {
            Field::Genre => item.key == self.genre(),
            Field::Mood => item.key == "TMOO" || described("MOOD"),
            Field::Own(name) => described(name),
        }
    }

    pub fn values(self, item: &Item) -> Vec<String> {
        let texts = self.texts(item).unwrap_or_default();
        let skipped = usize::from(item.key == self.user_text());
        texts.into_iter().skip(skipped).collect()
    }

    pub fn item(self, field: &Field, values: &[String]) -> Item {
        let joined = values.join("/");
        let values: Vec<&str> = if self == Self::V4 { values.iter().map(String::as_str).collect() } else { vec![&joined] };
        let (key, description) = match field {
            Field::Genre => (self.genre(), None),
            Field::Mood if self == Self::V4 => ("TMOO", None),
            Field::Mood => (self.user_text(), Some("mood")),
            Field::Own(name) => (self.user_text(), Some(name.as_str())),
        };
        let texts: Vec<&str> = description.into_iter().chain(values).collect();
        Item { key: key.to_owned(), data: [&[0, 0][..], &encoded(self == Self::V4, &texts)].concat() }
    }

    /// What a user-defined text is called.
    fn description(self, item: &Item) -> Option<String> {
        if item.key == self.user_text() { self.texts(item)?.into_iter().next() } else { None }
    }

    /// The strings of a frame of text; none where it is compressed or encrypted, or has nothing in it.
    fn texts(self, item: &Item) -> Option<Vec<String>> {
        let contents = self.contents(item)?;
        let (encoding, bytes) = contents.split_first()?;
        Some(strings(*encoding, bytes))
    }

    fn contents(self, item: &Item) -> Option<Vec<u8>> {
        let (flags, mut bytes) = (item.data.get(1)?, item.data.get(2..)?);
        let has = |flag: u8| flags & flag != 0;
        match self {
            Self::V2 => Some(bytes.to_vec()),
            Self::V3 if has(0xc0) => None,
            Self::V3 => bytes.get(usize::from(has(0x20))..).map(<[u8]>::to_vec),
            Self::V4 if has(0x0c) => None,
            Self::V4 => {
                bytes = bytes.get(usize::from(has(0x40)) + 4 * usize::from(has(0x01))..)?;
                Some(if has(UNSYNCHRONISED) { synchronised(bytes) } else { bytes.to_vec() })
            }
        }
    }
}

/// Without the nulls that were put behind every byte of ones.
pub fn synchronised(bytes: &[u8]) -> Vec<u8> {
    let mut last = 0;
    let kept = bytes.iter().copied().filter(|byte| {
        let is_stuffing = last == 0xff && *byte == 0;
        last = *byte;
        !is_stuffing
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read_in_every_version() {
        for version in [Version::V2, Version::V3, Version::V4] {
            for field in [Field::Genre, Field::Mood, Field::own("segno model")] {
                let item = version.item(&field, &["Drum & Bass".into(), "日本".into()]);
                assert!(version.is(&item, &field));
                let expected = if version == Version::V4 { vec!["Drum & Bass", "日本"] } else { vec!["Drum & Bass/日本"] };
                assert_eq!(version.values(&item), expected);
                assert_eq!(item.key.len(), version.letters());
            }
        }
    }

    #[test]
    fn a_frame_with_flags_is_read_through_them_or_not_at_all() {
        let of = |data: &[u8]| Item { key: "TCON".into(), data: data.to_vec() };
        assert_eq!(Version::V4.values(&of(b"\0\x03\0\0\0\x06\x01\xff\0\xfeA\0")), ["A"]);
        assert_eq!(Version::V3.values(&of(b"\0\x20\x07\0Rock")), ["Rock"]);
        assert!(Version::V4.values(&of(b"\0\x08\0\0\0\x06xx")).is_empty());
        assert!(Version::V4.values(&of(b"\0")).is_empty());
    }
}
