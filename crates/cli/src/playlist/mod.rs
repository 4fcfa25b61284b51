//! Playlists: M3U8, and one a class of what was heard.

mod classes;
mod m3u8;

pub use classes::Playlists;
pub use m3u8::{entry, m3u8};
