//! Vorbis comments: `NAME=value` each.

use crate::{Field, Item};

pub fn item(field: &Field, value: &str) -> Item {
    read(format!("{}={value}", field.name()).into_bytes())
}

/// The item of a comment; one without a name has none, and is kept.
pub fn read(comment: Vec<u8>) -> Item {
    let name = comment.iter().position(|byte| *byte == b'=').map_or(&[][..], |end| &comment[..end]);
    Item { key: String::from_utf8_lossy(name).into_owned(), data: comment }
}

pub fn value(item: &Item) -> String {
    let begin = item.data.iter().position(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
    String::from_utf8_lossy(&item.data[begin..]).into_owned()
}
