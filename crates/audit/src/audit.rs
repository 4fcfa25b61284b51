//! From a manifest, what was heard of it and its splits to what repeats itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use segno_dataset::{DuplicatePair, Duplicates, Failure, FingerprintRow, Manifest, Track};

use crate::groups::Groups;
use crate::model::{AUDIT_FORMAT, Alignment, Audit, Found, LabelConflict, Pair, SplitAudit, TrackFacts, Undecodable};
use crate::near::{Matching, near_duplicates};
use crate::sides::{NamedSplit, Sides};
use crate::{AuditError, ITEM_SECONDS, Kind, names};

/// What an audit is made from.
#[derive(Clone, Copy, Debug)]
pub struct AuditInput<'a> {
    /// The corpus.
    pub manifest: &'a Manifest,
    /// What was heard of its tracks; of others nothing is known but what the manifest says.
    pub heard: &'a [FingerprintRow],
    /// Tracks that could not be decoded.
    pub undecodable: &'a [Failure],
    /// The splits to look at.
    pub splits: &'a [NamedSplit],
    /// What counts as a near duplicate.
    pub matching: Matching,
}

/// Audits a corpus.
///
/// Of tracks with the same bytes or samples the first stands for all: the others are paired with it, and it alone is held against other
/// recordings. Siblings by a kind of duplicate are siblings by every weaker kind too.
///
/// # Errors
/// A split is of other tracks, or there are too many fingerprints.
pub fn audit(input: &AuditInput<'_>) -> Result<Audit, AuditError> {
    let tracks: Vec<&Track> = input.manifest.present().collect();
    let number: HashMap<&str, usize> = tracks.iter().enumerate().map(|(at, track)| (track.track_id.as_str(), at)).collect();
    let mut heard: Vec<Option<&FingerprintRow>> = vec![None; tracks.len()];
    for row in input.heard {
        if let Some(&track) = number.get(row.track_id.as_str()) {
            heard[track] = Some(row);
        }
    }
    let (mut groups, mut pairs) = duplicates(&tracks, &number, &heard, &input.matching)?;
    groups.extend(by_names(&tracks));
    let sides = input.splits.iter().map(|named| Sides::new(named, &input.manifest.corpus, &number));
    let sides: Vec<Sides> = sides.collect::<Result<_, _>>()?;
    for (pair, at) in &mut pairs {
        let crossed = input.splits.iter().zip(&sides).filter(|(_, sides)| sides.part(at[0], at[1]));
        pair.crosses = crossed.map(|(named, _)| named.name.clone()).collect();
    }
    let mut pairs: Vec<Pair> = pairs.into_iter().map(|(pair, _)| pair).collect();
    pairs.sort_by(|a, b| order(a).cmp(&order(b)));
    let named: BTreeSet<&str> = pairs.iter().flat_map(|pair| [pair.track_id.as_str(), &pair.other_track_id]).collect();
    Ok(Audit {
        format: AUDIT_FORMAT,
        corpus: input.manifest.corpus.clone(),
        corpus_digest: input.manifest.digest(),
        tracks: tracks.len(),
        heard: heard.iter().flatten().count(),
        too_short: heard.iter().flatten().filter(|row| row.items.len() < input.matching.min_items).count(),
        undecodable: input
            .undecodable
            .iter()
            .map(|failure| Undecodable { track_id: failure.track_id.clone(), reason: failure.reason.clone() })
            .collect(),
        without_artist: tracks.iter().filter(|track| artist(track).is_none()).count(),
        without_title: tracks.iter().filter(|track| title(track).is_none()).count(),
        found: Kind::ALL.map(|kind| Found { kind, count: count(kind, &pairs, &groups) }).into(),
        splits: input.splits.iter().zip(&sides).map(|(named, sides)| sides.audit(named, &groups)).collect::<Vec<SplitAudit>>(),
        facts: named.into_iter().map(|name| (name.to_owned(), facts(tracks[number[name]]))).collect(),
        pairs,
    })
}

/// What stands on two sides comes first, then what has other labels, then the stricter kind.
fn order(pair: &Pair) -> (bool, bool, Kind, &str, &str) {
    (pair.crosses.is_empty(), pair.conflicts.is_empty(), pair.kind, &pair.track_id, &pair.other_track_id)
}

type NumberedPair = (Pair, [usize; 2]);

/// Groups by each kind of duplicate, and the pairs that they grew from.
fn duplicates(
    tracks: &[&Track],
    number: &HashMap<&str, usize>,
    heard: &[Option<&FingerprintRow>],
    matching: &Matching,
) -> Result<(BTreeMap<Kind, Groups>, Vec<NumberedPair>), AuditError> {
    let pair = |kind, first: usize, second: usize, score, alignment| {
        let (track, other) = (tracks[first], tracks[second]);
        let pair = Pair {
            track_id: track.track_id.clone(),
            other_track_id: other.track_id.clone(),
            kind,
            score,
            alignment,
            conflicts: conflicts(track, other),
            crosses: vec![],
        };
        (pair, [first, second])
    };
    let mut bytes = Groups::by_key(tracks.iter().map(|track| track.checksum.as_deref()));
    for (at, track) in tracks.iter().enumerate() {
        // A corpus may know of copies under checksums of two kinds.
        if let Some(&other) = track.duplicate_of.as_deref().and_then(|other| number.get(other)) {
            bytes.join(at, other);
        }
    }
    let mut pairs: Vec<NumberedPair> =
        bytes.repeats().map(|(first, second)| pair(Kind::IdenticalBytes, first, second, 1.0, None)).collect();

    let by_digest = Groups::by_key(heard.iter().map(|row| row.map(|row| row.digest.as_str())));
    let mut audio = bytes.clone();
    for (first, second) in by_digest.repeats() {
        if audio.first(first) != audio.first(second) {
            pairs.push(pair(Kind::IdenticalAudio, first.min(second), first.max(second), 1.0, None));
            audio.join(first, second);
        }
    }

    let alone: Vec<usize> = (0..tracks.len()).filter(|&track| audio.first(track) == track).collect();
    let items: Vec<&[u32]> = alone.iter().map(|&track| heard[track].map_or(&[][..], |row| &row.items)).collect();
    let mut near = audio.clone();
    for found in near_duplicates(&items, matching)? {
        let (first, second) = (alone[found.first], alone[found.second]);
        near.join(first, second);
        let start = found.start_item as f64 * ITEM_SECONDS;
        let alignment = Alignment {
            start_seconds: start,
            other_start_seconds: start - found.offset_items as f64 * ITEM_SECONDS,
            overlap_seconds: found.items as f64 * ITEM_SECONDS,
            bit_error_rate: found.bit_error_rate,
        };
        pairs.push(pair(Kind::NearDuplicate, first, second, 1.0 - 2.0 * found.bit_error_rate, Some(alignment)));
    }
    let groups = [
        (Kind::SameTrack, Groups::apart(tracks.len())),
        (Kind::IdenticalBytes, bytes),
        (Kind::IdenticalAudio, audio),
        (Kind::NearDuplicate, near),
    ];
    Ok((groups.into(), pairs))
}

fn conflicts(track: &Track, other: &Track) -> Vec<LabelConflict> {
    let both = track.labels.iter().filter_map(|(task, label)| Some((task, label, other.labels.get(task)?)));
    both.filter(|(_, label, other_label)| label != other_label)
        .map(|(task, label, other_label)| LabelConflict { task: task.clone(), label: label.clone(), other_label: other_label.clone() })
        .collect()
}

fn artist(track: &Track) -> Option<String> {
    names::plain(track.artist.as_deref()?)
}

fn title(track: &Track) -> Option<String> {
    names::title(track.title.as_deref()?)
}

fn by_names(tracks: &[&Track]) -> [(Kind, Groups); 3] {
    let song = |track: &&Track| Some((artist(track)?, title(track)?));
    [
        (Kind::SameSong, Groups::by_key(tracks.iter().map(song))),
        (Kind::SameTitle, Groups::by_key(tracks.iter().map(|track| title(track)))),
        (Kind::SameArtist, Groups::by_key(tracks.iter().map(|track| artist(track)))),
    ]
}

fn count(kind: Kind, pairs: &[Pair], groups: &BTreeMap<Kind, Groups>) -> usize {
    match kind {
        Kind::LabelConflict => pairs.iter().filter(|pair| !pair.conflicts.is_empty()).count(),
        Kind::IdenticalBytes | Kind::IdenticalAudio | Kind::NearDuplicate => pairs.iter().filter(|pair| pair.kind == kind).count(),
        Kind::SameTrack => 0,
        Kind::SameSong | Kind::SameTitle | Kind::SameArtist => groups[&kind].shared(),
    }
}

fn facts(track: &Track) -> TrackFacts {
    TrackFacts { path: track.path.clone(), artist: track.artist.clone(), title: track.title.clone(), labels: track.labels.clone() }
}

impl Audit {
    /// How often a kind was found; with `across`, test tracks that a split has a sibling of that kind of in training or
    /// validation, in the split that has the most. Clips of one track are nothing to find but across.
    pub fn count(&self, kind: Kind, across: bool) -> usize {
        let on_two_sides = |split: &SplitAudit| {
            let touched = split.kinds.iter().find(|touched| touched.kind == kind);
            touched.map_or(0, |touched| touched.siblings.train_tracks.max(touched.siblings.valid_tracks))
        };
        match kind {
            Kind::LabelConflict if across => {
                self.pairs.iter().filter(|pair| !pair.conflicts.is_empty() && !pair.crosses.is_empty()).count()
            }
            Kind::IdenticalBytes | Kind::IdenticalAudio | Kind::NearDuplicate | Kind::LabelConflict if !across => {
                self.found.iter().find(|found| found.kind == kind).map_or(0, |found| found.count)
            }
            _ => self.splits.iter().map(on_two_sides).max().unwrap_or(0),
        }
    }

    /// The pairs as the table that the protocol `artist` reads.
    ///
    /// # Errors
    /// The manifest is of another corpus.
    pub fn duplicates(&self, manifest: &Manifest) -> Result<Duplicates, AuditError> {
        let row = |pair: &Pair| DuplicatePair {
            track_id: pair.track_id.clone(),
            other_track_id: pair.other_track_id.clone(),
            kind: pair.kind.name().to_owned(),
            score: pair.score as f32,
        };
        Ok(Duplicates::new(manifest, self.pairs.iter().map(row).collect())?)
    }
}
