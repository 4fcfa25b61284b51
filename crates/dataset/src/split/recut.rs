//! A split of tracks cut otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::{Part, Split, SplitRow};
use crate::{ClipRef, DatasetError};

impl Split {
    /// The same draw of other clips of the same tracks, longer ones or whole tracks: each takes its track's part. Clips of tracks
    /// that the draw does not have are left out, and so are tracks without such a clip ([`Split::tracks_lost`]).
    ///
    /// # Errors
    /// A track has clips in two parts, as under `published`.
    pub fn recut(&self, clips: &[ClipRef]) -> Result<Self, DatasetError> {
        let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
        for row in &self.rows {
            let first = *parts.entry(&row.track_id).or_insert(row.part);
            if first != row.part {
                let (track_id, protocol) = (row.track_id.clone(), self.protocol);
                return Err(DatasetError::SharedTrack { track_id, protocol, parts: [first, row.part] });
            }
        }
        let row = |clip: &ClipRef| {
            let part = *parts.get(clip.track_id.as_str())?;
            Some(SplitRow { clip_id: clip.clip_id.clone(), track_id: clip.track_id.clone(), part })
        };
        let mut rows: Vec<SplitRow> = clips.iter().filter_map(row).collect();
        rows.sort_by(|one, other| one.clip_id.cmp(&other.clip_id));
        Ok(Self { rows, ..self.clone() })
    }

    /// The tracks of one part that `recut` has no clip of: they are shorter than its clips.
    pub fn tracks_lost<'a>(&'a self, recut: &Self, part: Part) -> BTreeSet<&'a str> {
        let kept: BTreeSet<&str> = recut.part(part).map(|row| row.track_id.as_str()).collect();
        self.part(part).map(|row| row.track_id.as_str()).filter(|track| !kept.contains(track)).collect()
    }

    /// A clip of one of the draw's tracks that the draw does not have: it was drawn of other clips than these.
    pub fn clip_unknown<'a>(&self, clips: &'a [ClipRef]) -> Option<&'a ClipRef> {
        let known: BTreeSet<&str> = self.rows.iter().map(|row| row.clip_id.as_str()).collect();
        let tracks: BTreeSet<&str> = self.rows.iter().map(|row| row.track_id.as_str()).collect();
        clips.iter().find(|clip| tracks.contains(&*clip.track_id) && !known.contains(&*clip.clip_id))
    }
}
