//! Drawing a split.

use std::collections::BTreeMap;

use super::{
    Fractions, Part, Protocol, Split, SplitRow,
    groups::{Join, artist_key, groups},
    shuffle,
};
use crate::{ClipRef, DatasetError, Duplicates, Manifest};

/// How to draw a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitPlan<'a> {
    /// The protocol.
    pub protocol: Protocol,
    /// The seed of the draw.
    pub seed: u64,
    /// The shares of the parts; `fault-filtered` has its own.
    pub fractions: Fractions,
    /// The task whose labels are shared out alike, the first of an experiment.
    pub stratify_by: &'a str,
}

impl Split {
    /// Draws a split of `clips`; equal for an equal plan, in whatever order the clips come.
    ///
    /// - `published`: the clips are shuffled and shared out.
    /// - `track`: within each label of `stratify_by`, the tracks that have clips are shuffled and shared out, train first;
    ///   tracks joined by `duplicate_of` stay together, under the label of the first of them. Tracks without a label
    ///   are a stratum of their own.
    /// - `artist-once`: as `track`, with an artist's tracks staying together too, under the label that most of them have
    ///   (of equals, the one that comes first among their names), and the groups given to test first, then to valid: a
    ///   group that fits neither is trained on, and a label makes up for what the one before it took too much or too little. Artists are compared without case and the spaces around them; a track without
    ///   one is joined by its copies alone.
    /// - `artist`: has folds, see [`Split::draw_folds`].
    /// - `fault-filtered`: each track's `public_split`; tracks without one are left out, and seed and fractions change nothing.
    ///
    /// # Errors
    /// There are no clips, a clip's track is not in the manifest, or no track has a public split, or an artist, where the
    /// protocol asks for one, or the protocol has folds.
    pub fn draw(plan: &SplitPlan<'_>, manifest: &Manifest, clips: &[ClipRef]) -> Result<Self, DatasetError> {
        let clips = sorted_clips(plan, manifest, clips)?;
        let fault = |found: &str, expected: &str| plan.fault(manifest, found, expected);
        let track_of = |clip: &ClipRef| manifest.track(&clip.track_id);
        if plan.protocol == Protocol::ArtistOnce {
            require_artists(plan, manifest, &clips)?;
        }
        let parts: Vec<Option<Part>> = match plan.protocol {
            Protocol::Published => by_clip(plan, &manifest.corpus, clips.len()),
            Protocol::Track => by_group(plan, manifest, &clips, Join::Copies),
            Protocol::ArtistOnce => by_group(plan, manifest, &clips, Join::Artists),
            Protocol::Artist => return Err(fault("one split asked for", "its folds; draw them all with Split::draw_folds")),
            Protocol::FaultFiltered => clips.iter().map(|clip| track_of(clip)?.public_split).collect(),
        };
        if parts.iter().all(Option::is_none) {
            return Err(fault("no track with a public split", "a corpus that has one; choose the protocol 'track' for others"));
        }
        let rows = clips
            .into_iter()
            .zip(parts)
            .filter_map(|(clip, part)| Some(SplitRow { clip_id: clip.clip_id.clone(), track_id: clip.track_id.clone(), part: part? }))
            .collect();
        Ok(Self::of_rows(plan, manifest, rows, None))
    }

    /// The split of these rows, with what it shares between training and test.
    pub(super) fn of_rows(plan: &SplitPlan<'_>, manifest: &Manifest, rows: Vec<SplitRow>, near: Option<&Duplicates>) -> Self {
        let split = Self {
            protocol: plan.protocol,
            seed: plan.seed,
            fractions: plan.fractions,
            corpus: manifest.corpus.clone(),
            corpus_digest: manifest.digest(),
            shared_groups: 0,
            folding: None,
            rows,
        };
        Self { shared_groups: split.count_shared_groups(manifest, near), ..split }
    }
}

impl SplitPlan<'_> {
    /// Why the split cannot be drawn.
    pub(super) fn fault(&self, manifest: &Manifest, found: impl Into<String>, expected: &str) -> DatasetError {
        let corpus = manifest.corpus.clone();
        DatasetError::Split { protocol: self.protocol, corpus, found: found.into(), expected: expected.into() }
    }
}

/// The clips in the order of their names, each once.
pub(super) fn sorted_clips<'a>(plan: &SplitPlan<'_>, manifest: &Manifest, clips: &'a [ClipRef]) -> Result<Vec<&'a ClipRef>, DatasetError> {
    let mut clips: Vec<&ClipRef> = clips.iter().collect();
    clips.sort();
    clips.dedup();
    if clips.is_empty() {
        return Err(plan.fault(manifest, "no clips", "at least one; extract features first"));
    }
    match clips.iter().find(|clip| manifest.track(&clip.track_id).is_none()) {
        Some(clip) => Err(DatasetError::Unknown {
            place: format!("the manifest of corpus {}", manifest.corpus),
            what: "track",
            name: clip.track_id.clone(),
        }),
        None => Ok(clips),
    }
}

/// That some track with clips has an artist.
pub(super) fn require_artists(plan: &SplitPlan<'_>, manifest: &Manifest, clips: &[&ClipRef]) -> Result<(), DatasetError> {
    let artist = |clip: &&ClipRef| artist_key(manifest.track(&clip.track_id)?.artist.as_deref()?);
    if clips.iter().any(|clip| artist(clip).is_some()) {
        return Ok(());
    }
    Err(plan.fault(manifest, "no track with an artist", "a corpus that names artists; choose the protocol 'track' for others"))
}

fn by_clip(plan: &SplitPlan<'_>, corpus: &str, n: usize) -> Vec<Option<Part>> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut rng = shuffle::generator(Protocol::Published, corpus, "", plan.seed);
    shuffle::shuffle(&mut order, &mut rng);
    let counts = plan.fractions.apportion(n);
    let sides = Part::ALL.into_iter().zip(counts).flat_map(|(part, count)| std::iter::repeat_n(part, count));
    let mut parts = vec![None; n];
    for (clip, part) in order.into_iter().zip(sides) {
        parts[clip] = Some(part);
    }
    parts
}

fn by_group(plan: &SplitPlan<'_>, manifest: &Manifest, clips: &[&ClipRef], join: Join) -> Vec<Option<Part>> {
    let group_of = groups(manifest, join, None);
    // Group → its tracks, in the order of their names, as the clips are.
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
        let labels = tracks.iter().map(|track| manifest.label(track, plan.stratify_by).unwrap_or(""));
        let stratum = match join {
            Join::Copies => labels.take(1).next(),
            Join::Artists => most_frequent(labels),
        };
        strata.entry(stratum.unwrap_or("")).or_default().push(tracks);
    }
    // Filled up to the last place first, the small parts get what the shares promise wherever groups are small enough.
    let order = if join == Join::Copies { [0, 1, 2] } else { [2, 1, 0] };
    let mut parts = BTreeMap::new();
    let mut room = [0_isize; 3];
    for (stratum, mut groups) in strata {
        let mut rng = shuffle::generator(plan.protocol, &manifest.corpus, stratum, plan.seed);
        shuffle::shuffle(&mut groups, &mut rng);
        let counts = plan.fractions.apportion(groups.iter().map(Vec::len).sum());
        // What large groups took or left in one stratum, the next ones make up for; copies are too few to need it.
        let before = if join == Join::Copies { [0; 3] } else { room };
        room = std::array::from_fn(|side| before[side] + counts[side] as isize);
        for tracks in groups {
            let side = side_for(tracks.len() as isize, &room, order);
            room[side] -= tracks.len() as isize;
            parts.extend(tracks.into_iter().map(|track| (track, Part::ALL[side])));
        }
    }
    clips.iter().map(|clip| parts.get(clip.track_id.as_str()).copied()).collect()
}

/// The first side, in `order`, with room for the whole group, else the one with the most room.
fn side_for(n_tracks: isize, room: &[isize; 3], order: [usize; 3]) -> usize {
    order.into_iter().find(|&side| room[side] >= n_tracks).or_else(|| (0..3).rev().max_by_key(|&side| room[side])).unwrap_or(0)
}

/// The label that most have; of equals, the one that comes first.
fn most_frequent<'a>(labels: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let mut best: Option<(&str, usize)> = None;
    for label in labels.clone() {
        let n = labels.clone().filter(|other| *other == label).count();
        if best.is_none_or(|(_, most)| n > most) {
            best = Some((label, n));
        }
    }
    best.map(|(label, _)| label)
}
