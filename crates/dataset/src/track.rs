//! A track and a clip of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Part;

/// One recording of a corpus.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Track {
    /// Unique within the corpus, e.g. `blues.00000`.
    pub track_id: String,
    /// Where the audio lies, relative to the corpus root, with `/` between folders.
    pub path: String,
    /// `md5:…` or `sha256:…` of the file's bytes, if one was computed or is known.
    pub checksum: Option<String>,
    /// Task (`genre`, `mood`) → label.
    pub labels: BTreeMap<String, String>,
    /// Number's name (`valence`) → its value, finite: what a label was derived from, or a figure is drawn of.
    pub values: BTreeMap<String, f64>,
    /// Who plays; what the protocol `artist` groups by.
    pub artist: Option<String>,
    /// The piece's title.
    pub title: Option<String>,
    /// The licence that the recording is under.
    pub licence: Option<String>,
    /// The part that the corpus's own public split puts the track in (GTZAN: fault-filtered).
    pub public_split: Option<Part>,
    /// The earlier track that has the same bytes.
    pub duplicate_of: Option<String>,
    /// Why the track takes no part (missing, checksum differs, faulty), if it does not.
    pub left_out: Option<String>,
    /// What is odd about a track that takes part all the same (bytes other than the original's).
    pub note: Option<String>,
}

/// A clip's name and the track it was cut from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClipRef {
    /// `<corpus>:<track_id>#<index>`, e.g. `gtzan:blues.00000#2`.
    pub clip_id: String,
    /// The track it was cut from.
    pub track_id: String,
}

impl ClipRef {
    /// The clip that is `index`-th of its track, counted from 0.
    ///
    /// ```
    /// let clip = segno_dataset::ClipRef::new("gtzan", "blues.00000", 2);
    /// assert_eq!(clip.clip_id, "gtzan:blues.00000#2");
    /// ```
    pub fn new(corpus: &str, track_id: &str, index: usize) -> Self {
        Self { clip_id: format!("{corpus}:{track_id}#{index}"), track_id: track_id.to_owned() }
    }
}
