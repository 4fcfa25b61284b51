//! The comparison of two models and the bootstrap: against scipy and numpy (versions in `golden/stats.json`, made by
//! `make_stats.py`), and by properties that must hold of any predictions.

use std::collections::BTreeMap;

use segno_dataset::{Prediction, Predictions, Protocol};
use segno_eval::{
    EvalError,
    metrics::Level,
    stats::{Bootstrap, Paired, Pairing, mcnemar_exact, paired},
};
use serde_json::Value;

mod common;

use common::Draw;

/// Track and clip, and whether it is answered rightly.
type Answers = Vec<(usize, usize, bool)>;

fn predictions(seed: u64, answers: &Answers) -> Predictions {
    let row = |(track, clip, right): &(usize, usize, bool)| Prediction {
        clip_id: format!("c:t{track:03}#{clip}"),
        track_id: format!("t{track:03}"),
        task: "genre".into(),
        true_label: "yes".into(),
        probabilities: if *right { vec![0.9, 0.1] } else { vec![0.2, 0.8] },
    };
    let source = common::predictions("model", Protocol::Track, seed, 0.5, 1).source;
    let classes = BTreeMap::from([("genre".to_owned(), ["yes", "no"].map(str::to_owned).to_vec())]);
    Predictions { source, classes, rows: answers.iter().map(row).collect() }
}

/// `tracks` tracks of `clips` clips, each answered rightly about as often as `skill` says; the clips of a track agree as often
/// as `alike` says.
fn drawn(draw: &mut Draw, tracks: usize, clips: usize, skill: f32, alike: f32) -> Answers {
    let mut answers = vec![];
    for track in 0..tracks {
        let whole = draw.unit() < skill;
        answers.extend((0..clips).map(|clip| (track, clip, if draw.unit() < alike { whole } else { draw.unit() < skill })));
    }
    answers
}

const FEW: Bootstrap = Bootstrap { resamples: 500, seed: 3 };

fn compare(a: &[Predictions], b: &[Predictions], level: Level, bootstrap: &Bootstrap) -> Result<Paired, EvalError> {
    paired(&a.iter().collect::<Vec<_>>(), &b.iter().collect::<Vec<_>>(), "genre", level, Pairing::Clips, bootstrap)
}

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/stats.json")).expect("a golden file is JSON")
}

#[test]
fn mcnemars_p_equals_scipys_binomial_test() {
    for row in golden()["mcnemar"].as_array().unwrap() {
        let count = |key: &str| row[key].as_u64().unwrap();
        let (found, expected) = (mcnemar_exact(count("only_a"), count("only_b")), row["p"].as_f64().unwrap());
        assert!((found - expected).abs() <= 1e-10 * expected, "{row}: {found}");
    }
}

#[test]
fn the_paired_bootstrap_equals_numpys_within_chance() {
    let golden = &golden()["paired"];
    let side = |key: &str| -> Vec<Predictions> {
        let seeds = golden["seeds"].as_array().unwrap().iter().zip(1..);
        let one = |(seed, number): (&Value, u64)| {
            let clips: Vec<(usize, usize)> = serde_json::from_value(seed["clips"].clone()).unwrap();
            let right: Vec<u8> = serde_json::from_value(seed[key].clone()).unwrap();
            predictions(number, &clips.into_iter().zip(right).map(|((track, clip), right)| (track, clip, right == 1)).collect())
        };
        seeds.map(one).collect()
    };
    let found = compare(&side("a"), &side("b"), Level::Clip, &Bootstrap { resamples: 20_000, seed: 1 }).unwrap();
    for (what, found) in [("accuracy_a", found.accuracy_a), ("accuracy_b", found.accuracy_b), ("difference", found.difference)] {
        let expected = golden[what].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-10, "{what}: {found}, expected {expected}");
    }
    let interval = found.interval.unwrap();
    for (place, end) in [interval.low, interval.high].into_iter().enumerate() {
        let (expected, sd) = (golden["interval"]["ends"][place].as_f64().unwrap(), golden["interval"]["sd"][place].as_f64().unwrap());
        assert!((end - expected).abs() < 5.0 * sd, "end {place}: {end}, expected {expected} ± {sd}");
    }
    assert_eq!((found.n_tracks, found.seeds.len()), (36, 2));
    assert!(found.seeds.iter().all(|seed| seed.mcnemar.is_none() && seed.mcnemar_reason.is_some()), "no p value of clips");
}

#[test]
fn equal_models_differ_by_nothing() {
    let mut draw = Draw::new(1);
    let both: Vec<Predictions> = (1..=3).map(|seed| predictions(seed, &drawn(&mut draw, 20, 6, 0.6, 0.5))).collect();
    for level in [Level::Clip, Level::Track, Level::Vote] {
        let found = compare(&both, &both, level, &FEW).unwrap();
        assert_eq!((found.difference, found.only_a, found.only_b), (0.0, 0, 0));
        assert!(found.interval.is_some_and(|ends| (ends.low, ends.high) == (0.0, 0.0)));
        assert!(found.seeds.iter().all(|seed| (level == Level::Clip) == seed.mcnemar.is_none() && seed.mcnemar.is_none_or(|p| p == 1.0)));
    }
}

#[test]
fn the_order_of_rows_and_seeds_leaves_no_trace_and_sides_mirror_each_other() {
    let mut draw = Draw::new(2);
    let mut side = |skill| (1..=2).map(|seed| predictions(seed, &drawn(&mut draw, 15, 4, skill, 0.5))).collect::<Vec<_>>();
    let (a, b) = (side(0.8), side(0.5));
    let mut shuffled = a.clone();
    shuffled.reverse();
    shuffled.iter_mut().for_each(|one| one.rows.reverse());
    for level in [Level::Clip, Level::Track, Level::Vote] {
        let found = compare(&a, &b, level, &FEW).unwrap();
        assert_eq!(found, compare(&shuffled, &b, level, &FEW).unwrap());
        let mirrored = compare(&b, &a, level, &FEW).unwrap();
        let (ends, other) = (found.interval.unwrap(), mirrored.interval.unwrap());
        assert!((ends.low + other.high).abs() < 1e-9 && (ends.high + other.low).abs() < 1e-9);
        assert_eq!((found.only_a, found.only_b), (mirrored.only_b, mirrored.only_a));
        assert_eq!(found.seeds[0].mcnemar, mirrored.seeds[0].mcnemar);
        assert!((found.by_seed.mean.unwrap() - found.difference).abs() < 1e-9, "the mean over seeds, told twice");
    }
}

#[test]
fn tracks_of_one_clip_are_the_plain_bootstrap() {
    let mut draw = Draw::new(4);
    let (a, b) = (drawn(&mut draw, 80, 1, 0.7, 0.0), drawn(&mut draw, 80, 1, 0.5, 0.0));
    let ahead: Vec<f64> = a.iter().zip(&b).map(|(a, b)| f64::from(i8::from(a.2) - i8::from(b.2))).collect();
    let bootstrap = Bootstrap { resamples: 4000, seed: 9 };
    let found = compare(&[predictions(1, &a)], &[predictions(1, &b)], Level::Clip, &bootstrap).unwrap().interval.unwrap();
    // By another generator and by the shortest code there is.
    let mut means: Vec<f64> =
        (0..4000).map(|_| (0..80).map(|_| ahead[(draw.unit() * 80.0) as usize % 80]).sum::<f64>() * 100.0 / 80.0).collect();
    means.sort_by(f64::total_cmp);
    // A step of the difference is 1.25 points: chance may move an end by one or two.
    assert!((found.low - means[100]).abs() <= 2.51 && (found.high - means[3899]).abs() <= 2.51, "{found:?}");
}

#[test]
fn clips_that_agree_widen_the_interval() {
    let mut draw = Draw::new(5);
    let (a, b) = (drawn(&mut draw, 60, 6, 0.7, 1.0), drawn(&mut draw, 60, 6, 0.5, 1.0));
    // The same answers, each clip a track of its own: what counting clips as independent would say.
    let apart = |answers: &Answers| answers.iter().map(|(track, clip, right)| (track * 6 + clip, 0, *right)).collect::<Answers>();
    let width = |a: &Answers, b: &Answers| {
        let ends = compare(&[predictions(1, a)], &[predictions(1, b)], Level::Clip, &Bootstrap::default()).unwrap().interval.unwrap();
        ends.high - ends.low
    };
    let ratio = width(&a, &b) / width(&apart(&a), &apart(&b));
    assert!((2.1..2.8).contains(&ratio), "six clips that say the same are one: √6 = 2.45 times as wide, found {ratio}");
}

#[test]
fn the_interval_covers_the_truth_about_as_often_as_it_says() {
    // Each track is answered rightly by 0.9 or 0.3 of its clips, half of the tracks each: 0.6 in truth.
    let (tracks, clips, simulations) = (60, 6, 300);
    let mut draw = Draw::new(6);
    let bootstrap = Bootstrap { resamples: 400, seed: 1 };
    let [mut clustered, mut naive] = [0, 0];
    for _ in 0..simulations {
        let right: Vec<f64> = (0..tracks)
            .map(|_| {
                let skill = if draw.unit() < 0.5 { 0.9 } else { 0.3 };
                (0..clips).map(|_| f64::from(u8::from(draw.unit() < skill))).sum()
            })
            .collect();
        let accuracy = |drawn: &[u32]| right.iter().zip(drawn).map(|(right, times)| right * f64::from(*times)).sum::<f64>();
        let ends = bootstrap.interval(tracks, |drawn| Some(accuracy(drawn) / (tracks * clips) as f64)).unwrap();
        clustered += usize::from(ends.contains(0.6));
        let mean = right.iter().sum::<f64>() / (tracks * clips) as f64;
        let half = 1.96 * (mean * (1.0 - mean) / (tracks * clips) as f64).sqrt();
        naive += usize::from((mean - 0.6).abs() <= half);
    }
    let [clustered, naive] = [clustered, naive].map(|covered| covered as f64 / f64::from(simulations));
    assert!((0.91..=0.98).contains(&clustered), "clustered by track: {clustered}");
    assert!(naive < 0.88, "clips counted as independent would promise too much: {naive}");
}

#[test]
fn what_cannot_be_paired_is_refused_by_name() {
    let mut draw = Draw::new(7);
    let answers = drawn(&mut draw, 5, 3, 0.6, 0.5);
    let one = |seed| predictions(seed, &answers);
    let refused = |a: &[Predictions], b: &[Predictions]| compare(a, b, Level::Track, &FEW).unwrap_err();
    let changed = |change: fn(&mut Predictions)| {
        let mut other = one(1);
        change(&mut other);
        refused(&[one(1)], &[other])
    };
    assert!(matches!(changed(|other| other.source.protocol = Protocol::Published), EvalError::NotOneProtocol { .. }));
    assert!(matches!(refused(&[], &[]), EvalError::NotOneProtocol { .. }));
    assert!(matches!(changed(|other| other.source.seed = 2), EvalError::NoCommonSeed { .. }));
    assert!(matches!(refused(&[one(1), one(1)], &[one(1)]), EvalError::RepeatedSeed { .. }));
    let error = changed(|other| drop(other.rows.remove(4)));
    assert!(matches!(&error, EvalError::UnpairedClip { clip_id, .. } if clip_id == "c:t001#1"), "{error}");
    assert!(matches!(changed(|other| other.rows[0].true_label = "no".into()), EvalError::UnpairedClip { .. }));
    assert!(matches!(changed(|other| other.rows.iter_mut().for_each(|row| row.task = "mood".into())), EvalError::NoSuchTask { .. }));
    assert!(matches!(changed(|other| other.rows[0].probabilities = vec![0.9, 0.9]), EvalError::ProbabilitySum { .. }));
    let found = compare(&[one(1), one(2)], &[one(1), one(3)], Level::Track, &FEW).unwrap();
    assert_eq!((found.seeds.len(), found.unpaired), (1, vec![2, 3]), "a seed without a partner is named");
}

#[test]
fn a_single_track_has_a_difference_and_no_interval() {
    let a = predictions(1, &vec![(0, 0, true), (0, 1, true)]);
    let b = predictions(1, &vec![(0, 0, false), (0, 1, false)]);
    let found = compare(&[a], &[b], Level::Track, &FEW).unwrap();
    assert_eq!((found.difference, found.interval), (100.0, None));
    assert!(found.interval_reason.is_some_and(|reason| reason.contains("single track")));
}
