//! One item of a tag, in its format's own terms.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A frame, a comment or an atom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `TCON`, `TXXX`; `GENRE`, as it is spelt; `©gen`, `----:com.apple.iTunes:MOOD`.
    pub key: String,
    /// ID3v2: a frame's flags and contents; Vorbis: the whole comment, name and all; MP4: what is in the atom. Hexadecimal in JSON.
    #[serde(rename = "hex", serialize_with = "to_hex", deserialize_with = "from_hex")]
    pub data: Vec<u8>,
}

fn to_hex<S: Serializer>(data: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&HEXLOWER.encode(data))
}

fn from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    HEXLOWER.decode(text.as_bytes()).map_err(D::Error::custom)
}
