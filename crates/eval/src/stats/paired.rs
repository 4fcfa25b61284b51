//! Two models on the same clips: McNemar's test a seed, and the paired bootstrap over tracks.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::{Predictions, Protocol};
use serde::Serialize;

use super::{
    Bootstrap, Interval, Summary, mcnemar_exact,
    pairs::{Item, Pairing, by_seed, items_of_seed},
};
use crate::{EvalError, metrics::Level};

/// Two models, `a` and `b`, at one task under one protocol. Every mean is the mean over the seeds that both have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// The task.
    pub task: String,
    /// What counts as one item.
    pub level: Level,
    /// The protocol of all predictions compared.
    pub protocol: Protocol,
    /// One entry a seed that both have, rising.
    pub seeds: Vec<PairedSeed>,
    /// Seeds that one side lacks; they take no part.
    pub unpaired: Vec<u64>,
    /// Clips compared, each as often as there are seeds that tested it; those of the side with fewer, where the sides cut differently.
    pub n_clips: u64,
    /// Tracks that were tested under some seed: the clusters of the bootstrap.
    pub n_tracks: u64,
    /// The mean accuracy of `a` over the seeds.
    pub accuracy_a: f64,
    /// The mean accuracy of `b` over the seeds.
    pub accuracy_b: f64,
    /// `100 · (a − b)`, in points: the mean over the seeds, their spread, and the interval by Student's t.
    pub by_seed: Summary,
    /// `100 · (accuracy_a − accuracy_b)`, in points.
    pub difference: f64,
    /// The 95 % percentile interval of `difference`, from the bootstrap over tracks: a track is drawn with all its
    /// clips, under all seeds that tested it, and in both models. It tells how far the difference would move with other
    /// tracks of this kind, the models being as they are.
    pub interval: Option<Interval>,
    /// Why there is no interval, where there is none.
    pub interval_reason: Option<String>,
    /// Items that `a` alone has right, over all seeds; a description, and no count of independent items.
    pub only_a: u64,
    /// Items that `b` alone has right, over all seeds.
    pub only_b: u64,
    /// The bootstrap that `interval` is from.
    pub bootstrap: Bootstrap,
}

/// Two models on the test part of one seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairedSeed {
    /// The seed.
    pub seed: u64,
    /// Items compared: clips or tracks, by [`Paired::level`].
    pub n: u64,
    /// Items that both have right.
    pub both: u64,
    /// Items that `a` alone has right.
    pub only_a: u64,
    /// Items that `b` alone has right.
    pub only_b: u64,
    /// Items that neither has right.
    pub neither: u64,
    /// The accuracy of `a`.
    pub accuracy_a: f64,
    /// The accuracy of `b`.
    pub accuracy_b: f64,
    /// The p value of [`mcnemar_exact`]. Seeds test overlapping sets of tracks: neither their counts nor their p values
    /// may be added up.
    pub mcnemar: Option<f64>,
    /// Why there is no p value, where there is none.
    pub mcnemar_reason: Option<String>,
}

/// Compares two models, pairing their predictions by seed and clip, or by [`Pairing::Tracks`] by seed and track; clips ([`Level::Clip`]) are
/// paired with clips in either case.
///
/// # Errors
/// If the predictions are of several protocols, one seed comes twice or none is on both sides, a seed's two sides do not
/// hold the same clips (or tracks) with the same labels, lack the task, hold no clip, or cannot be scored.
///
/// # References
/// Efron and Tibshirani (1993), An Introduction to the Bootstrap, 13.3; Koehn (2004), "Statistical significance tests
/// for machine translation evaluation", EMNLP, for the pairing.
pub fn paired(
    a: &[&Predictions],
    b: &[&Predictions],
    task: &str,
    level: Level,
    pairing: Pairing,
    bootstrap: &Bootstrap,
) -> Result<Paired, EvalError> {
    let (protocol, [a, b]) = by_seed([a, b])?;
    let both: Vec<u64> = a.keys().copied().filter(|seed| b.contains_key(seed)).collect();
    let unpaired = a.keys().chain(b.keys()).copied().filter(|seed| !both.contains(seed)).collect::<BTreeSet<u64>>();
    if both.is_empty() {
        let [a, b] = [&a, &b].map(|side| side.keys().copied().collect());
        return Err(EvalError::NoCommonSeed { protocol, a, b });
    }
    let mut n_clips = 0;
    let mut items: Vec<Vec<Item<'_>>> = vec![];
    for seed in &both {
        let (clips, of_seed) = items_of_seed(a[seed], b[seed], task, level, pairing)?;
        n_clips += clips;
        items.push(of_seed);
    }
    let tracks: Vec<&str> = items.iter().flatten().map(|item| item.track_id).collect::<BTreeSet<_>>().into_iter().collect();
    let seeds: Vec<PairedSeed> = both.iter().zip(&items).map(|(seed, items)| of_seed(*seed, level, items)).collect();
    let differences: Vec<f64> = seeds.iter().map(|seed| 100.0 * (seed.accuracy_a - seed.accuracy_b)).collect();
    let mean = |pick: fn(&PairedSeed) -> f64| seeds.iter().map(pick).sum::<f64>() / seeds.len() as f64;
    let interval = interval(&tracks, &items, bootstrap);
    let (accuracy_a, accuracy_b) = (mean(|seed| seed.accuracy_a), mean(|seed| seed.accuracy_b));
    Ok(Paired {
        task: task.to_owned(),
        level,
        protocol,
        unpaired: unpaired.into_iter().collect(),
        n_clips,
        n_tracks: tracks.len() as u64,
        accuracy_a,
        accuracy_b,
        by_seed: Summary::of(&differences),
        difference: 100.0 * (accuracy_a - accuracy_b),
        interval_reason: interval.is_none().then(|| "a single track: there is nothing to draw from".to_owned()),
        interval,
        only_a: seeds.iter().map(|seed| seed.only_a).sum(),
        only_b: seeds.iter().map(|seed| seed.only_b).sum(),
        bootstrap: *bootstrap,
        seeds,
    })
}

fn of_seed(seed: u64, level: Level, items: &[Item<'_>]) -> PairedSeed {
    let count = |a: bool, b: bool| items.iter().filter(|item| (item.a, item.b) == (a, b)).count() as u64;
    let (n, both, only_a, only_b) = (items.len() as u64, count(true, true), count(true, false), count(false, true));
    let reason = "clips of one track are not independent of each other, which the test supposes: see it by track";
    PairedSeed {
        seed,
        n,
        both,
        only_a,
        only_b,
        neither: count(false, false),
        accuracy_a: (both + only_a) as f64 / n as f64,
        accuracy_b: (both + only_b) as f64 / n as f64,
        mcnemar: (level != Level::Clip).then(|| mcnemar_exact(only_a, only_b)),
        mcnemar_reason: (level == Level::Clip).then(|| reason.to_owned()),
    }
}

/// Of the mean over seeds of each seed's difference; a seed none of whose tracks were drawn takes no part in a resample.
fn interval(tracks: &[&str], items: &[Vec<Item<'_>>], bootstrap: &Bootstrap) -> Option<Interval> {
    // Per seed and track: the track's place, its items, and how many more of them `a` has right than `b`.
    let seeds: Vec<Vec<(usize, f64, f64)>> = items
        .iter()
        .map(|items| {
            let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
            for item in items {
                let place = tracks.binary_search(&item.track_id).expect("every track is listed");
                let (n, ahead) = sums.entry(place).or_default();
                *n += 1.0;
                *ahead += f64::from(i8::from(item.a) - i8::from(item.b));
            }
            sums.into_iter().map(|(place, (n, ahead))| (place, n, ahead)).collect()
        })
        .collect();
    bootstrap.interval(tracks.len(), |drawn| {
        let of_seed = seeds.iter().filter_map(|tracks| {
            let (mut n, mut ahead) = (0.0, 0.0);
            for (place, items, more) in tracks {
                let times = f64::from(drawn[*place]);
                n += times * items;
                ahead += times * more;
            }
            (n > 0.0).then(|| 100.0 * ahead / n)
        });
        let (count, sum) = of_seed.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
        (count > 0.0).then(|| sum / count)
    })
}
