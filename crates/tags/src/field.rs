//! What is written.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A field of a tag, whatever the format calls it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Field {
    /// `GENRE`
    Genre,
    /// `MOOD`
    Mood,
    /// A field of one's own, by its name: capitals, digits and `_`.
    Own(String),
}

impl Field {
    /// A field of one's own: letters become capitals, and what is neither letter nor digit of ASCII becomes `_`.
    pub fn own(name: &str) -> Self {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        name.chars().map(letter).collect::<String>().into()
    }

    /// The name, as Vorbis comments have it.
    pub fn name(&self) -> &str {
        match self {
            Self::Genre => "GENRE",
            Self::Mood => "MOOD",
            Self::Own(name) => name,
        }
    }
}

impl From<String> for Field {
    fn from(name: String) -> Self {
        match name.as_str() {
            "GENRE" => Self::Genre,
            "MOOD" => Self::Mood,
            _ => Self::Own(name),
        }
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.name().to_owned()
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
