//! How a row cuts tracks into clips, and which rows' clips a split names.

use segno_features::{ClipLength, FeatureSpec};

use crate::experiment::{Experiment, Row};

/// The length of a row's clips.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Cutting {
    sample_rate_hz: u32,
    clip: ClipLength,
}

impl Cutting {
    fn of(spec: &FeatureSpec) -> Self {
        Self { sample_rate_hz: spec.sample_rate_hz, clip: spec.clip }
    }

    /// A whole track is longer than any clip.
    fn seconds(self) -> f64 {
        match self.clip {
            ClipLength::Samples(samples) => samples as f64 / f64::from(self.sample_rate_hz),
            ClipLength::Whole => f64::INFINITY,
        }
    }
}

impl Experiment {
    /// The rows whose clips a split names: those that cut tracks finest. Rows cut otherwise take their tracks' parts.
    pub fn rows_of_splits(&self) -> Vec<&Row> {
        let cutting = |row: &Row| self.spec(row).ok().map(Cutting::of);
        let finest = self.rows.iter().filter_map(cutting).min_by(|one, other| one.seconds().total_cmp(&other.seconds()));
        self.rows.iter().filter(|row| cutting(row) == finest).collect()
    }

    /// Whether a row's clips are those that a split names.
    pub fn is_cut_as_splits(&self, row: &Row) -> bool {
        self.rows_of_splits().iter().any(|other| other.id == row.id)
    }
}
