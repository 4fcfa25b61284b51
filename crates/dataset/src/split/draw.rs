//! Drawing a split.

use std::collections::BTreeMap;

use super::{Part, Protocol, Split, SplitRow, apportion::apportion, shuffle};
use crate::{ClipRef, DatasetError, Manifest};

impl Split {
    /// Draws a split of `clips` by `protocol`; equal for an equal seed, in whatever order the clips come.
    ///
    /// - `published`: the clips are shuffled and shared out 70/10/20.
    /// - `track`: within each label of `stratify_by`, the tracks that have clips are shuffled and shared out 70/10/20;
    ///   tracks joined by `duplicate_of` stay together, under the label of the first of them. Tracks without a label
    ///   are a stratum of their own.
    /// - `fault-filtered`: each track's `public_split`; tracks without one are left out, and the seed changes nothing.
    ///
    /// # Errors
    /// There are no clips, a clip's track is not in the manifest, or no track has a public split where one is asked for.
    pub fn draw(protocol: Protocol, seed: u64, manifest: &Manifest, clips: &[ClipRef], stratify_by: &str) -> Result<Self, DatasetError> {
        let mut clips: Vec<&ClipRef> = clips.iter().collect();
        clips.sort();
        clips.dedup();
        let fault = |found: &str, expected: &str| DatasetError::Split {
            protocol,
            corpus: manifest.corpus.clone(),
            found: found.into(),
            expected: expected.into(),
        };
        if clips.is_empty() {
            return Err(fault("no clips", "at least one; extract features first"));
        }
        if let Some(clip) = clips.iter().find(|c| manifest.track(&c.track_id).is_none()) {
            return Err(DatasetError::Unknown {
                place: format!("the manifest of corpus {}", manifest.corpus),
                what: "track",
                name: clip.track_id.clone(),
            });
        }
        let parts: Vec<Option<Part>> = match protocol {
            Protocol::Published => by_clip(seed, &manifest.corpus, clips.len()),
            Protocol::Track => {
                let parts = by_track(seed, manifest, &clips, stratify_by);
                clips.iter().map(|c| parts.get(c.track_id.as_str()).copied()).collect()
            }
            Protocol::FaultFiltered => clips.iter().map(|c| manifest.track(&c.track_id).and_then(|t| t.public_split)).collect(),
        };
        if parts.iter().all(Option::is_none) {
            return Err(fault("no track with a public split", "a corpus that has one; choose the protocol 'track' for others"));
        }
        let rows = clips
            .into_iter()
            .zip(parts)
            .filter_map(|(clip, part)| Some(SplitRow { clip_id: clip.clip_id.clone(), track_id: clip.track_id.clone(), part: part? }))
            .collect();
        Ok(Self { protocol, seed, corpus: manifest.corpus.clone(), corpus_digest: manifest.digest(), rows })
    }
}

fn by_clip(seed: u64, corpus: &str, n: usize) -> Vec<Option<Part>> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut rng = shuffle::generator(Protocol::Published, corpus, "", seed);
    shuffle::shuffle(&mut order, &mut rng);
    let counts = apportion(n);
    let sides = Part::ALL.into_iter().zip(counts).flat_map(|(part, count)| std::iter::repeat_n(part, count));
    let mut parts = vec![None; n];
    for (clip, part) in order.into_iter().zip(sides) {
        parts[clip] = Some(part);
    }
    parts
}

fn by_track<'a>(seed: u64, manifest: &'a Manifest, clips: &[&'a ClipRef], stratify_by: &str) -> BTreeMap<&'a str, Part> {
    let group_of = manifest.groups();
    // Label → group → its tracks, all in the order of their names.
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for clip in clips {
        let tracks = groups.entry(group_of[clip.track_id.as_str()]).or_default();
        if tracks.last() != Some(&clip.track_id.as_str()) {
            tracks.push(&clip.track_id);
        }
    }
    let mut strata: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for mut tracks in groups.into_values() {
        tracks.sort_unstable();
        tracks.dedup();
        let label = manifest.track(tracks[0]).and_then(|t| t.labels.get(stratify_by));
        strata.entry(label.map_or("", String::as_str)).or_default().push(tracks);
    }
    let mut parts = BTreeMap::new();
    for (stratum, mut groups) in strata {
        let mut rng = shuffle::generator(Protocol::Track, &manifest.corpus, stratum, seed);
        shuffle::shuffle(&mut groups, &mut rng);
        let mut room = apportion(groups.iter().map(Vec::len).sum());
        for tracks in groups {
            let side = side_for(tracks.len(), &room);
            room[side] = room[side].saturating_sub(tracks.len());
            parts.extend(tracks.into_iter().map(|track| (track, Part::ALL[side])));
        }
    }
    parts
}

/// The first side with room for the whole group, else the one with the most room.
fn side_for(n_tracks: usize, room: &[usize; 3]) -> usize {
    (0..3).find(|&side| room[side] >= n_tracks).or_else(|| (0..3).rev().max_by_key(|&side| room[side])).unwrap_or(0)
}
