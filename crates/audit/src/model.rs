//! An audit as it is written: `audit.json` is this, field by field.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Kind;

/// The version of `audit.json`.
pub const AUDIT_FORMAT: u32 = 1;

/// What was found in a corpus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// [`AUDIT_FORMAT`].
    pub format: u32,
    /// The corpus's name.
    pub corpus: String,
    /// Digest of the manifest.
    pub corpus_digest: String,
    /// Tracks that take part.
    pub tracks: usize,
    /// Of these, those with a fingerprint or at least a digest.
    pub heard: usize,
    /// Of these, those too short for a fingerprint: they are compared by digest alone.
    pub too_short: usize,
    /// Tracks that could not be decoded, with the reason.
    pub undecodable: Vec<Undecodable>,
    /// Tracks with no artist, and with no title: nothing can be said of these.
    pub without_artist: usize,
    /// As `without_artist`.
    pub without_title: usize,
    /// How many of each kind, in the order of [`Kind::ALL`].
    pub found: Vec<Found>,
    /// What each split has on two sides.
    pub splits: Vec<SplitAudit>,
    /// Duplicates: what splits have on two sides first, then by kind and names.
    pub pairs: Vec<Pair>,
    /// The tracks of `pairs`, by name.
    pub facts: BTreeMap<String, TrackFacts>,
}

/// A track that could not be decoded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Undecodable {
    /// Its name.
    pub track_id: String,
    /// Why.
    pub reason: String,
}

/// How often a kind was found, whatever the splits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The kind.
    pub kind: Kind,
    /// Pairs, for duplicates and label conflicts; groups of two tracks or more, for artists, titles and songs; 0 for
    /// clips of one track, which are nothing to find.
    pub count: usize,
}

/// Two tracks of one recording.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The one whose name comes first.
    pub track_id: String,
    /// The other.
    pub other_track_id: String,
    /// The strictest kind of duplicate that they are.
    pub kind: Kind,
    /// 1 for identical ones; for near ones `1 - 2 · bit_error_rate`: strangers have 0.
    pub score: f64,
    /// How they lie over each other; none for identical ones.
    pub alignment: Option<Alignment>,
    /// The labels that they differ in.
    pub conflicts: Vec<LabelConflict>,
    /// The splits that have one of the two in the test part and the other in training.
    pub crosses: Vec<String>,
}

/// Where two tracks sound alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Alignment {
    /// Where the alike stretch begins in the first track, in seconds.
    pub start_seconds: f64,
    /// Where it begins in the other.
    pub other_start_seconds: f64,
    /// How long it is.
    pub overlap_seconds: f64,
    /// The share of the fingerprints' bits that differ over it.
    pub bit_error_rate: f64,
}

/// Duplicates that are said to be different things.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelConflict {
    /// `genre`, `mood`.
    pub task: String,
    /// The first track's label.
    pub label: String,
    /// The other's.
    pub other_label: String,
}

/// What a reader wants to know of a track.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackFacts {
    /// The path below the corpus root.
    pub path: String,
    /// Who plays.
    pub artist: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// Task → label.
    pub labels: BTreeMap<String, String>,
}

/// What a split has on two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SplitAudit {
    /// The file's name without its ending: `track-1`.
    pub name: String,
    /// The protocol's name.
    pub protocol: String,
    /// Clips of the test part.
    pub test_clips: usize,
    /// Tracks of the test part.
    pub test_tracks: usize,
    /// One a kind, in the order of [`Kind::SIDES`].
    pub kinds: Vec<Touched>,
    /// By the recording: clips of one track, identical and near duplicates.
    pub recording: Siblings,
    /// By anything at all.
    pub any: Siblings,
}

/// How much of the test part has a sibling of a kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Touched {
    /// The kind.
    pub kind: Kind,
    /// How much.
    #[serde(flatten)]
    pub siblings: Siblings,
}

/// How much of the test part has a sibling elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Siblings {
    /// Test clips with one in training.
    pub train_clips: usize,
    /// Test tracks with one in training.
    pub train_tracks: usize,
    /// Test clips with one in the validation part.
    pub valid_clips: usize,
    /// Test tracks with one in the validation part.
    pub valid_tracks: usize,
}
