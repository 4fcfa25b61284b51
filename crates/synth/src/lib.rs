//! A small synthetic corpus of real audio files, byte-identical for a seed.
//!
//! Ten "genres" that differ, and overlap, in rhythm, harmony and texture; in each, three or four artists with a sound
//! of their own, and recordings with a sound of their own within that. The files come in six formats, some in stereo,
//! with moods spread over the genres and a few planted duplicates. A classifier can do well here for the wrong reason,
//! as on real corpora: it knows a recording again by its equaliser, key and noise. So accuracy with clips drawn at
//! random and accuracy with whole tracks held out come apart.
//!
//! - [`SynthSpec`]: how large a corpus, and its seed.
//! - [`render`]: makes it in a folder, with `tracks.csv` and, as the truth for audits, `planted.csv`.
//! - [`SynthTrack`]: one track of it.
//!
//! It knows nothing of clips, features or splits: it makes files, and whoever reads them decodes them like any others.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let spec = segno_synth::SynthSpec { tracks_per_genre: 1, seconds: 1.0, ..Default::default() };
//! let tracks = segno_synth::render(dir.path(), &spec, |_done| {})?;
//! assert_eq!(tracks.len(), 10);
//! assert_eq!(tracks[0].path, "audio/chorale/chorale.00000.wav");
//! assert!(dir.path().join(&tracks[0].path).is_file());
//! # Ok(())
//! # }
//! ```

mod artist;
mod dice;
mod error;
mod format;
mod genre;
mod math;
mod recording;
mod render;
mod sound;
mod spec;
mod stamp;
mod tables;
mod track;

pub use error::SynthError;
pub use format::AudioFormat;
pub use recording::Mood;
pub use render::render;
pub use spec::SynthSpec;
pub use track::{Planted, PlantedHow, SynthTrack};
