//! Which clip is trained on, selected on, tested on: a table of its own.

mod cross;
mod draw;
mod fold;
mod folding;
mod folds;
mod fractions;
mod groups;
mod leak;
mod recut;
mod share_out;
pub(crate) mod shuffle;
mod store;

use std::{fmt, str::FromStr};

pub use cross::{CrossFolds, CrossPlan};
pub use draw::SplitPlan;
pub use fold::Fold;
pub use folding::{Folding, LeftOutLabel, NearDuplicates};
pub use fractions::Fractions;
use serde::{Deserialize, Serialize};

use crate::{DatasetError, Digest};

/// A side of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Fitted on.
    Train,
    /// Selected on (early stopping).
    Valid,
    /// Opened once, by `predict-set`.
    Test,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Self; 3] = [Self::Train, Self::Valid, Self::Test];

    /// `train`, `valid` or `test`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Valid => "valid",
            Self::Test => "test",
        }
    }
}

/// How a split is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// As the paper drew it: clips at random, whatever track they come from. It leaks, on purpose.
    Published,
    /// No track (nor its byte-identical copy) on two sides; stratified by genre.
    Track,
    /// No artist (nor a copy of their tracks) on two sides, drawn once; stratified by genre as far as artists allow.
    ArtistOnce,
    /// No artist, copy or near duplicate on two sides, in folds that test every track once; stratified by genre.
    Artist,
    /// The corpus's own public split (GTZAN: 443/197/290 tracks, faulty ones left out).
    FaultFiltered,
}

impl Protocol {
    /// Every protocol, in the order of a report's columns.
    pub const ALL: [Self; 5] = [Self::Published, Self::Track, Self::ArtistOnce, Self::Artist, Self::FaultFiltered];

    /// Whether it tests every track once, in folds.
    pub fn has_folds(self) -> bool {
        self == Self::Artist
    }

    /// `published`, `track`, `artist-once`, `artist` or `fault-filtered`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Track => "track",
            Self::ArtistOnce => "artist-once",
            Self::Artist => "artist",
            Self::FaultFiltered => "fault-filtered",
        }
    }
}

macro_rules! named {
    ($type:ident, $what:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = DatasetError;

            fn from_str(text: &str) -> Result<Self, DatasetError> {
                Self::ALL.into_iter().find(|this| this.name() == text).ok_or_else(|| DatasetError::UnknownName {
                    what: $what,
                    found: text.into(),
                    known: Self::ALL.map(Self::name).join(", "),
                })
            }
        }
    };
}

named!(Part, "part");
named!(Protocol, "protocol");

/// One row of a split table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitRow {
    /// The clip.
    pub clip_id: String,
    /// The track it was cut from.
    pub track_id: String,
    /// Its side.
    pub part: Part,
}

/// A drawn split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// How it was drawn.
    pub protocol: Protocol,
    /// The seed of the draw (the fault-filtered split is the same for each).
    pub seed: u64,
    /// The shares asked for.
    pub fractions: Fractions,
    /// The corpus's name.
    pub corpus: String,
    /// Digest of the manifest it was drawn from.
    pub corpus_digest: Digest,
    /// Groups (an artist's tracks and their copies; a track without an artist and its copies) of which both test and
    /// training have clips.
    pub shared_groups: usize,
    /// Which fold it is, and what was left out, where the protocol has folds.
    pub folding: Option<Folding>,
    /// One row a clip, in the order of the clips' names.
    pub rows: Vec<SplitRow>,
}

impl Split {
    /// The rows of one part, in order.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &SplitRow> {
        self.rows.iter().filter(move |row| row.part == part)
    }

    /// The clips' names of one part, in order.
    pub fn clip_ids(&self, part: Part) -> Vec<String> {
        self.part(part).map(|row| row.clip_id.clone()).collect()
    }
}
