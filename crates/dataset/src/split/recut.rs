//! A split of tracks cut otherwise.

use std::collections::BTreeMap;

use super::{Part, Split, SplitRow};
use crate::{ClipRef, DatasetError};

impl Split {
    /// The same draw of other clips of the same tracks, longer ones or whole tracks: each takes its track's part. Clips of tracks
    /// that the draw does not have are left out.
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
}
