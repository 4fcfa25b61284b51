//! How each format says what a field is.

pub(crate) mod atoms;
pub(crate) mod comments;
pub(crate) mod id3;
mod text;

use crate::{Field, Item};

/// A format of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Id3(id3::Version),
    Comments,
    Atoms,
}

impl Dialect {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id3(version) => version.name(),
            Self::Comments => "Vorbis comments",
            Self::Atoms => "MP4",
        }
    }

    /// Whether an item is of a field.
    pub fn is(self, item: &Item, field: &Field) -> bool {
        match self {
            Self::Id3(version) => version.is(item, field),
            Self::Comments => item.key.eq_ignore_ascii_case(field.name()),
            Self::Atoms => atoms::is(item, field),
        }
    }

    /// What an item of a field says.
    pub fn values(self, item: &Item) -> Vec<String> {
        match self {
            Self::Id3(version) => version.values(item),
            Self::Comments => vec![comments::value(item)],
            Self::Atoms => atoms::values(item),
        }
    }

    /// Items that say a field's values; none of none.
    pub fn items(self, field: &Field, values: &[String]) -> Vec<Item> {
        match (self, values.is_empty()) {
            (_, true) => vec![],
            (Self::Id3(version), _) => vec![version.item(field, values)],
            (Self::Comments, _) => values.iter().map(|value| comments::item(field, value)).collect(),
            (Self::Atoms, _) => vec![atoms::item(field, values)],
        }
    }
}
