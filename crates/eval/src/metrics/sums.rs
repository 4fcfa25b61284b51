//! What each track adds to the scores of a run, so that the scores of resampled tracks follow from sums.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::Prediction;

use super::{Level, judge, probability};
use crate::EvalError;

/// A run's predictions of one task as addends, a track at a time.
pub(crate) struct TrackSums {
    classes: usize,
    /// Whether some clip is of the class.
    present: Vec<bool>,
    /// Track and its addends: column and number.
    tracks: Vec<(String, Vec<(usize, f64)>)>,
}

/// Columns behind the three a class (of it, answered with it, both), which hold clips.
const TOP2: usize = 0;
const LOG_LOSS: usize = 1;
const TRACKS: usize = 2;
const BY_MEAN: usize = 3;
const BY_VOTE: usize = 4;
const FURTHER: usize = 5;

/// Scores of some tracks, each counted as often as it was drawn; undefined as in [`super::Metrics`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Resampled {
    /// Clip by clip.
    pub(crate) accuracy: Option<f64>,
    pub(crate) macro_f1: Option<f64>,
    pub(crate) balanced_accuracy: Option<f64>,
    /// Whether it means anything depends on the number of classes, which this does not look at.
    pub(crate) top2: Option<f64>,
    pub(crate) log_loss: Option<f64>,
    /// Track by track.
    pub(crate) by_mean: Option<f64>,
    pub(crate) by_vote: Option<f64>,
}

impl TrackSums {
    /// The addends of `rows`, whose probabilities are in the order of `classes`.
    pub(crate) fn of(classes: &[String], rows: &[&Prediction]) -> Result<Self, EvalError> {
        judge::check(classes, rows)?;
        let known = classes.iter().map(String::as_str);
        let truths: BTreeSet<&str> = rows.iter().map(|row| row.true_label.as_str()).collect();
        let unknown = truths.into_iter().filter(|truth| classes.iter().all(|class| class != truth));
        let all: Vec<&str> = known.chain(unknown).collect();
        let place = |name: &str| all.iter().position(|class| *class == name).expect("every label was listed");
        let further = 3 * all.len();
        let mut tracks: BTreeMap<&str, BTreeMap<usize, f64>> = BTreeMap::new();
        let mut add = |track, column, value: f64| *tracks.entry(track).or_default().entry(column).or_insert(0.0) += value;
        for item in judge::items(Level::Clip, classes, rows)? {
            let truth = place(item.truth);
            let probabilities = item.probabilities.as_deref().expect("a clip has probabilities");
            let addends = probability::addends(probabilities, (truth < classes.len()).then_some(truth));
            add(item.track_id, 3 * truth, 1.0);
            add(item.track_id, 3 * item.answer + 1, 1.0);
            add(item.track_id, 3 * truth + 2, f64::from(u8::from(truth == item.answer)));
            add(item.track_id, further + TOP2, f64::from(u8::from(addends.top2)));
            add(item.track_id, further + LOG_LOSS, addends.log_loss);
        }
        for (level, column) in [(Level::Track, BY_MEAN), (Level::Vote, BY_VOTE)] {
            for item in judge::items(level, classes, rows)? {
                add(item.track_id, further + column, f64::from(u8::from(classes[item.answer] == item.truth)));
                if level == Level::Track {
                    add(item.track_id, further + TRACKS, 1.0);
                }
            }
        }
        let kept = |addends: BTreeMap<usize, f64>| addends.into_iter().filter(|(_, value)| *value != 0.0).collect();
        let present = all.iter().map(|class| rows.iter().any(|row| row.true_label == *class)).collect();
        Ok(Self {
            classes: all.len(),
            present,
            tracks: tracks.into_iter().map(|(track, addends)| (track.to_owned(), kept(addends))).collect(),
        })
    }

    /// The tracks, by id.
    pub(crate) fn tracks(&self) -> impl Iterator<Item = &str> {
        self.tracks.iter().map(|(track_id, _)| track_id.as_str())
    }

    /// The scores when each track, in the order of [`TrackSums::tracks`], counts `times(its index)`.
    pub(crate) fn scores(&self, times: impl Fn(usize) -> u32) -> Resampled {
        let mut sums = vec![0.0; 3 * self.classes + FURTHER];
        for (index, (_, addends)) in self.tracks.iter().enumerate() {
            // A good third of the tracks is not drawn.
            let times = times(index);
            if times > 0 {
                let times = f64::from(times);
                addends.iter().for_each(|(column, value)| sums[*column] += times * value);
            }
        }
        let (classes, further) = sums.split_at(3 * self.classes);
        let ratio = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        // A class that was there and of which nothing was drawn takes no part: answers with it would count as an F1 of 0, and
        // pull the mean below that of any test part with all classes.
        let held = || classes.chunks(3).zip(&self.present).filter(|(class, present)| class[0] > 0.0 || !**present);
        let mean = |score: fn(&[f64]) -> (f64, f64)| {
            let defined = held().filter_map(|(class, _)| ratio(score(class).0, score(class).1));
            let (n, sum) = defined.fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
            ratio(sum, n)
        };
        let (clips, right) = classes.chunks(3).fold((0.0, 0.0), |(clips, right), class| (clips + class[0], right + class[2]));
        Resampled {
            accuracy: ratio(right, clips),
            macro_f1: mean(|class| (2.0 * class[2], class[0] + class[1])),
            balanced_accuracy: mean(|class| (class[2], class[0])),
            top2: ratio(further[TOP2], clips),
            log_loss: ratio(further[LOG_LOSS], clips),
            by_mean: ratio(further[BY_MEAN], further[TRACKS]),
            by_vote: ratio(further[BY_VOTE], further[TRACKS]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;

    /// Twelve tracks of one to three clips, of three classes that the model knows and one that it does not.
    fn rows() -> Vec<Prediction> {
        let clip = |track: usize, clip: usize| {
            let sure = ((track * 7 + clip * 5) % 10) as f32 / 10.0;
            let rest = (1.0 - sure) / 3.0;
            let mut probabilities = vec![rest, rest + 0.01, rest - 0.01];
            probabilities[(track + clip * clip) % 3] += sure;
            Prediction {
                clip_id: format!("t{track:02}#{clip}"),
                track_id: format!("t{track:02}"),
                task: "genre".into(),
                true_label: ["blues", "jazz", "pop", "ska"][track % 4].into(),
                probabilities,
            }
        };
        (0..12).flat_map(|track| (0..1 + track % 3).map(move |index| clip(track, index))).collect()
    }

    #[test]
    fn the_scores_of_tracks_drawn_are_those_of_their_clips_written_out() {
        let classes = ["blues", "jazz", "pop"].map(str::to_owned);
        let rows = rows();
        let sums = TrackSums::of(&classes, &rows.iter().collect::<Vec<_>>()).unwrap();
        // Each track once, and then some of them never, twice, three times.
        for times in [[1; 12], [0, 2, 1, 3, 0, 0, 1, 1, 2, 0, 1, 1]] {
            let copies = rows.iter().flat_map(|row| {
                let track: usize = row.track_id[1..].parse().unwrap();
                (0..times[track]).map(move |copy| Prediction {
                    clip_id: format!("{}/{copy}", row.clip_id),
                    track_id: format!("{}/{copy}", row.track_id),
                    ..row.clone()
                })
            });
            let copies: Vec<Prediction> = copies.collect();
            let of = |level| Metrics::of(level, &classes, &copies.iter().collect::<Vec<_>>()).unwrap();
            let (clip, found) = (of(Level::Clip), sums.scores(|track| times[track]));
            let probabilities = clip.probabilities.unwrap();
            for (what, found, expected) in [
                ("accuracy", found.accuracy, clip.accuracy),
                ("macro F1", found.macro_f1, clip.macro_f1),
                ("balanced accuracy", found.balanced_accuracy, clip.balanced_accuracy),
                ("top-2", found.top2, probabilities.top2),
                ("log loss", found.log_loss, probabilities.log_loss),
                ("by mean", found.by_mean, of(Level::Track).accuracy),
                ("by vote", found.by_vote, of(Level::Vote).accuracy),
            ] {
                assert!((found.unwrap() - expected.unwrap()).abs() < 1e-12, "{what}: {found:?}, expected {expected:?}");
            }
        }
        assert_eq!(sums.scores(|_| 0).accuracy, None, "nothing was drawn");
        // Without a track of blues, answers with it cost the others their recall, and blues is no F1 of 0.
        let without = sums.scores(|track| u32::from(track % 4 != 0));
        let others: Vec<Prediction> = rows.into_iter().filter(|row| row.true_label != "blues").collect();
        let found = Metrics::of(Level::Clip, &classes, &others.iter().collect::<Vec<_>>()).unwrap();
        let expected = found.classes[1..].iter().filter_map(|score| score.f1).sum::<f64>() / 3.0;
        assert!(found.classes[0].f1 == Some(0.0) && (without.macro_f1.unwrap() - expected).abs() < 1e-12);
    }
}
