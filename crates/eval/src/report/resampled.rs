//! Intervals over tracks: the bootstrap of every score of a row under a protocol, and of its leaks.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::Protocol;

use super::{
    build::Scored,
    input::RowFacts,
    model::ProtocolEntry,
    score_table::{Column, Place, stricter},
    scores::{Measure, TABLES},
};
use crate::{
    metrics::{
        Level,
        sums::{Resampled, TrackSums},
    },
    stats::{Bootstrap, Interval, percentile_interval},
};

/// The intervals of every place of a task's tables that was run.
pub(super) fn over_tracks<'a>(
    bootstrap: &Bootstrap,
    rows: &'a [RowFacts],
    protocols: &'a [ProtocolEntry],
    scored: &[&Scored<'_>],
) -> BTreeMap<Place<'a>, OverTracks> {
    let mut found = BTreeMap::new();
    for row in rows {
        let seeds = |protocol: &str| -> Seeds<'_> {
            let here = scored.iter().filter(|one| one.run.row == row.id && one.run.protocol.name() == protocol);
            here.map(|one| (one.run.seed, &one.sums)).collect()
        };
        for entry in protocols {
            found.insert((row.id.as_str(), Column::Protocol(entry.name.as_str())), OverTracks::of_cell(bootstrap, &seeds(&entry.name)));
        }
        let published = seeds(Protocol::Published.name());
        for strict in stricter(protocols) {
            let leak = OverTracks::of_leak(bootstrap, &published, &seeds(strict.name()));
            found.insert((row.id.as_str(), Column::Leak(strict.name())), leak);
        }
    }
    found
}

/// The runs of one row under one protocol at one task: seed and addends.
type Seeds<'a> = Vec<(u64, &'a TrackSums)>;

/// The interval of each of [`TABLES`], and the number of tracks drawn from.
#[derive(Clone, Debug, Default)]
pub(super) struct OverTracks {
    pub(super) tracks: usize,
    intervals: [Option<Interval>; TABLES.len()],
}

impl OverTracks {
    /// The interval of one table's score.
    pub(super) fn interval(&self, level: Level, measure: Measure) -> Option<Interval> {
        TABLES.iter().position(|table| *table == (level, measure)).and_then(|place| self.intervals[place])
    }

    /// Of the mean over seeds.
    fn of_cell(bootstrap: &Bootstrap, seeds: &Seeds<'_>) -> Self {
        Self::of(bootstrap, [seeds], |[means]| means)
    }

    /// Of `100 · (published − strict)`, over the seeds that both have. A track is drawn with all that it has under both.
    fn of_leak(bootstrap: &Bootstrap, published: &Seeds<'_>, strict: &Seeds<'_>) -> Self {
        let (published, strict) = (common(published, strict), common(strict, published));
        Self::of(bootstrap, [&published, &strict], |[high, low]| {
            std::array::from_fn(|place| Some(100.0 * (high[place]? - low[place]?)).filter(|_| TABLES[place].1.in_points()))
        })
    }

    fn of<const SIDES: usize>(
        bootstrap: &Bootstrap,
        sides: [&Seeds<'_>; SIDES],
        statistic: impl Fn([Scores; SIDES]) -> Scores + Sync,
    ) -> Self {
        let names: BTreeSet<&str> = sides.iter().flat_map(|seeds| seeds.iter()).flat_map(|(_, run)| run.tracks()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        // Of each run: where each of its tracks stands among all.
        let places = sides.map(|seeds| {
            let of_run = |run: &TrackSums| run.tracks().map(|track| names.binary_search(&track).expect("every track is listed")).collect();
            seeds.iter().map(|(_, run)| of_run(run)).collect::<Vec<Vec<usize>>>()
        });
        if names.len() < 2 {
            return Self { tracks: names.len(), ..Self::default() };
        }
        let drawn = bootstrap.distribution(names.len(), |drawn| {
            statistic(std::array::from_fn(|side| {
                let runs = sides[side].iter().zip(&places[side]);
                mean(runs.map(|((_, run), places)| scores(&run.scores(|track| drawn[places[track]]))))
            }))
        });
        let interval = |place: usize| percentile_interval(&drawn.iter().map(|scores| scores[place]).collect::<Vec<_>>());
        Self { tracks: names.len(), intervals: std::array::from_fn(interval) }
    }
}

/// The runs of one side whose seed the other has too.
fn common<'a>(side: &Seeds<'a>, other: &Seeds<'_>) -> Seeds<'a> {
    side.iter().filter(|(seed, _)| other.iter().any(|(known, _)| known == seed)).copied().collect()
}

/// One number a table, in the order of [`TABLES`].
type Scores = [Option<f64>; TABLES.len()];

fn scores(found: &Resampled) -> Scores {
    TABLES.map(|table| match table {
        (Level::Clip, Measure::Accuracy) => found.accuracy,
        (Level::Clip, Measure::MacroF1) => found.macro_f1,
        (Level::Clip, Measure::BalancedAccuracy) => found.balanced_accuracy,
        (Level::Clip, Measure::Top2) => found.top2,
        (Level::Clip, Measure::LogLoss) => found.log_loss,
        (Level::Track, Measure::Accuracy) => found.by_mean,
        (Level::Vote, Measure::Accuracy) => found.by_vote,
        // A calibration error is not resampled, see [`Measure::not_resampled`].
        _ => None,
    })
}

/// The mean of each score over the seeds that have it: one none of whose tracks were drawn takes no part.
fn mean(seeds: impl Iterator<Item = Scores>) -> Scores {
    let mut sums = [(0.0, 0.0); TABLES.len()];
    for scores in seeds {
        for ((n, sum), score) in sums.iter_mut().zip(scores) {
            if let Some(score) = score {
                *n += 1.0;
                *sum += score;
            }
        }
    }
    sums.map(|(n, sum)| (n > 0.0).then(|| sum / n))
}
