//! What a clip is: so many samples, or the whole track.

use serde::{Deserialize, Serialize};

use crate::{FeatureSpec, Representation};

/// How long a clip is.
///
/// | written | meaning |
/// |---|---|
/// | `clip_samples = 20000` | clips of that many samples, one after the other; what is left over belongs to none |
/// | `clip = "whole"` | one clip a track, as long as the track; for a [`Representation::Summary`] alone, whose shape does not depend on it |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClipLength {
    /// So many samples, at least 1.
    Samples(usize),
    /// All that the track has.
    Whole,
}

/// [`FeatureSpec`] as it is written: either of two fields says how long a clip is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpecText {
    sample_rate_hz: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clip_samples: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clip: Option<Whole>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_clips: Option<usize>,
    representation: Representation,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Whole {
    Whole,
}

impl TryFrom<SpecText> for FeatureSpec {
    type Error = &'static str;

    fn try_from(text: SpecText) -> Result<Self, Self::Error> {
        let SpecText { sample_rate_hz, clip_samples, clip, max_clips, representation } = text;
        let clip = match (clip_samples, clip) {
            (Some(samples), None) => ClipLength::Samples(samples),
            (None, Some(Whole::Whole)) => ClipLength::Whole,
            (None, None) => return Err("neither `clip_samples` nor `clip = \"whole\"` is given, expected one of them"),
            (Some(_), Some(_)) => return Err("both `clip_samples` and `clip = \"whole\"` are given, expected one of them"),
        };
        Ok(Self { sample_rate_hz, clip, max_clips, representation })
    }
}

impl From<FeatureSpec> for SpecText {
    fn from(spec: FeatureSpec) -> Self {
        let FeatureSpec { sample_rate_hz, clip, max_clips, representation } = spec;
        let (clip_samples, clip) = match clip {
            ClipLength::Samples(samples) => (Some(samples), None),
            ClipLength::Whole => (None, Some(Whole::Whole)),
        };
        Self { sample_rate_hz, clip_samples, clip, max_clips, representation }
    }
}
