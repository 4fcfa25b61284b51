//! What an audit finds.

use std::{fmt, str::FromStr};

use serde::Serialize;

use crate::AuditError;

/// A kind of finding: a way in which two tracks, or two clips, are not independent of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Clips of one track.
    SameTrack,
    /// Two files of the same bytes.
    IdenticalBytes,
    /// Two files of other bytes that decode to the same samples: another container, another header.
    IdenticalAudio,
    /// Two tracks that sound alike over a stretch: coded again, another level, another start or end.
    NearDuplicate,
    /// The same artist and the same title.
    SameSong,
    /// The same title, whoever plays: weaker, for titles recur.
    SameTitle,
    /// The same artist.
    SameArtist,
    /// Duplicates with different labels for a task.
    LabelConflict,
}

impl Kind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::SameTrack,
        Self::IdenticalBytes,
        Self::IdenticalAudio,
        Self::NearDuplicate,
        Self::SameSong,
        Self::SameTitle,
        Self::SameArtist,
        Self::LabelConflict,
    ];

    /// The kinds of duplicates, the strictest first.
    pub const DUPLICATES: [Self; 3] = [Self::IdenticalBytes, Self::IdenticalAudio, Self::NearDuplicate];

    /// The kinds that a split can have on two sides.
    pub const SIDES: [Self; 7] = [
        Self::SameTrack,
        Self::IdenticalBytes,
        Self::IdenticalAudio,
        Self::NearDuplicate,
        Self::SameSong,
        Self::SameTitle,
        Self::SameArtist,
    ];

    /// `same-track`, `identical-bytes` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameTrack => "same-track",
            Self::IdenticalBytes => "identical-bytes",
            Self::IdenticalAudio => "identical-audio",
            Self::NearDuplicate => "near-duplicate",
            Self::SameSong => "same-song",
            Self::SameTitle => "same-title",
            Self::SameArtist => "same-artist",
            Self::LabelConflict => "label-conflict",
        }
    }

    /// What it means, for a reader.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::SameTrack => "clips of one track",
            Self::IdenticalBytes => "files of the same bytes",
            Self::IdenticalAudio => "the same samples under other bytes (another container, another header)",
            Self::NearDuplicate => "alike over a stretch by acoustic fingerprint (coded again, another level, shifted, cut)",
            Self::SameSong => "the same artist and title",
            Self::SameTitle => "the same title, whoever plays (weaker: titles recur)",
            Self::SameArtist => "the same artist",
            Self::LabelConflict => "duplicates with different labels",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = AuditError;

    fn from_str(text: &str) -> Result<Self, AuditError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| AuditError::UnknownKind { found: text.into(), known: Self::ALL.map(Self::name).join(", ") })
    }
}
