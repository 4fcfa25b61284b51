//! Genre, mood and other fields into an audio file's tag; everything else in it is left as it was, and there is a way back.
//!
//! A tag is a list of items: frames of ID3v2, comments of Vorbis, atoms of MP4. [`Tagged`] reads it, and makes a [`Plan`] of the
//! [`Field`]s that are to be written, without writing: what stands there, and what would. [`Plan::write`] swaps those items and copies
//! all others byte for byte. It writes beside the file, reads that back, has the caller compare the audio, and only then takes the
//! original's place, so that a file is as it was or as it was to be. [`Plan::undo`] is the way back, and an [`UndoFile`] keeps plans.
//!
//! | file | tag | genre | mood | a field of one's own, `NAME` |
//! |---|---|---|---|---|
//! | mp3, aac; wav, aiff (their `ID3 ` chunk) | ID3v2.4 | `TCON` | `TMOO` | `TXXX:NAME` |
//! | the same, with an older tag | ID3v2.3, 2.2 as it is | `TCON`, `TCO` | `TXXX:mood` | `TXXX:NAME` |
//! | flac, ogg | Vorbis comments | `GENRE` | `MOOD` | `NAME` |
//! | m4a, mp4 | MP4 atoms | `©gen` | `----:com.apple.iTunes:MOOD` | `----:com.apple.iTunes:NAME` |
//!
//! These are the names that MusicBrainz Picard writes and that beets reads. Several values of a field are separate comments, data atoms,
//! or strings with a null between them; ID3v2.3 and 2.2 know one value, and get them joined by `/`, as Picard does.
//!
//! ```
//! use segno_tags::{Field, Tagged};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("a.wav");
//! # std::fs::write(&path, [b"RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x04\0\0\0", &[0; 4][..]].concat())?;
//!
//! let plan = Tagged::read(&path)?.plan(&[(Field::Genre, vec!["jazz".into()])])?;
//! assert!(plan.changes()[0].before.values.is_empty());
//! plan.write(|_before, _after| Ok(()))?; // decode both here, and say how they differ
//! assert_eq!(Tagged::read(&path)?.values(&Field::Genre), ["jazz"]);
//! plan.undo(|_before, _after| Ok(()))?;
//! assert!(Tagged::read(&path)?.values(&Field::Genre).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate knows nothing of decoding, models or what a field's value means.

mod container;
mod describe;
mod dialect;
mod error;
mod field;
mod item;
mod plan;
mod replace;
mod tag;
mod tagged;
mod undo;

pub use describe::{Described, describe};
pub use error::TagError;
pub use field::Field;
pub use item::Item;
pub use plan::{Change, Plan, State, Undone};
pub use tagged::Tagged;
pub use undo::{UndoFile, read_undo};
