//! How a row cuts tracks into clips, and which rows' clips a split names.

use segno_features::{ClipLength, FeatureSpec};

use crate::experiment::{Experiment, Row};

/// Which clips of a track a row has: their length in seconds, a whole track's being without end, and how many there are at most.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cutting {
    seconds: f64,
    most: usize,
}

impl Cutting {
    fn of(spec: &FeatureSpec) -> Self {
        match spec.clip {
            ClipLength::Samples(samples) => {
                Self { seconds: samples as f64 / f64::from(spec.sample_rate_hz), most: spec.max_clips.unwrap_or(usize::MAX) }
            }
            ClipLength::Whole => Self { seconds: f64::INFINITY, most: 1 },
        }
    }
}

impl Experiment {
    /// The rows whose clips a split names: those of the shortest clips, and of these the most. Rows cut otherwise take their tracks' parts.
    pub fn rows_of_splits(&self) -> Vec<&Row> {
        let finer = |one: &Cutting, other: &Cutting| one.seconds.total_cmp(&other.seconds).then(other.most.cmp(&one.most));
        let finest = self.rows.iter().filter_map(|row| self.cutting(row)).min_by(finer);
        self.rows.iter().filter(|row| self.cutting(row) == finest).collect()
    }

    /// Whether a row's clips are those that a split names.
    pub fn is_cut_as_splits(&self, row: &Row) -> bool {
        self.rows_of_splits().iter().any(|other| other.id == row.id)
    }

    /// Whether two rows cut tracks into the same clips.
    pub fn are_cut_alike(&self, one: &Row, other: &Row) -> bool {
        self.cutting(one) == self.cutting(other)
    }

    fn cutting(&self, row: &Row) -> Option<Cutting> {
        self.spec(row).ok().map(Cutting::of)
    }
}
