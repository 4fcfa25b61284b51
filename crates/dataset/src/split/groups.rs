//! Which tracks must stay on one side.

use std::collections::BTreeMap;

use crate::{Duplicates, Manifest};

/// What joins two tracks to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// The same bytes.
    Copies,
    /// The same bytes, or the same artist.
    Artists,
}

/// Each track's group: tracks joined directly or through others share the smallest of their names; `near` are pairs that
/// are joined besides.
///
/// A track without an artist is joined by its copies alone.
pub(super) fn groups<'a>(manifest: &'a Manifest, join: Join, near: Option<&'a Duplicates>) -> BTreeMap<&'a str, &'a str> {
    let mut parent: BTreeMap<&str, &str> = BTreeMap::new();
    let mut first_of: BTreeMap<String, &str> = BTreeMap::new();
    for track in &manifest.tracks {
        let id = track.track_id.as_str();
        let artist = track.artist.as_deref().and_then(artist_key).filter(|_| join == Join::Artists);
        let first = artist.map(|artist| *first_of.entry(artist).or_insert(id));
        for other in track.duplicate_of.as_deref().into_iter().chain(first) {
            unite(&mut parent, id, other);
        }
    }
    for (track, other) in near.into_iter().flat_map(Duplicates::track_ids) {
        unite(&mut parent, track, other);
    }
    manifest.tracks.iter().map(|track| (track.track_id.as_str(), root(&parent, &track.track_id))).collect()
}

/// An artist's name as it is compared: without spaces around it, in lower case; `None` for an empty one.
pub(super) fn artist_key(name: &str) -> Option<String> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_lowercase())
}

fn unite<'a>(parent: &mut BTreeMap<&'a str, &'a str>, one: &'a str, other: &'a str) {
    let (a, b) = (root(parent, one), root(parent, other));
    if a != b {
        parent.insert(a.max(b), a.min(b));
    }
}

fn root<'a>(parent: &BTreeMap<&'a str, &'a str>, mut name: &'a str) -> &'a str {
    while let Some(next) = parent.get(name) {
        name = next;
    }
    name
}
