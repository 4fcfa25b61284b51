//! A comparison says what two rows' predictions say: who is right where, in every form.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::{Prediction, Predictions, Protocol};
use segno_eval::{
    EvalError,
    compare::{CompareInput, Comparison, Side, compare, html, markdown},
    report::ReportInput,
    stats::Pairing,
};

mod common;

const ROWS: [&str; 2] = ["lstm-2x250", "logistic"];

fn side(input: &ReportInput, row: &str) -> Side {
    let runs = input.runs.iter().filter(|run| run.row == row);
    Side {
        row: row.to_owned(),
        label: input.rows.iter().find(|facts| facts.id == row).unwrap().label.clone(),
        folder: None,
        runs: runs.map(|run| (run.predictions_file.clone(), run.predictions.clone())).collect(),
    }
}

fn input(from: &ReportInput, protocols: &[Protocol]) -> CompareInput {
    CompareInput {
        command: "segno report --compare lstm-2x250 logistic".into(),
        corpus: "GTZAN".into(),
        warnings: vec!["100 of 1000 tracks".into()],
        tasks: vec!["genre".into()],
        protocols: protocols.into(),
        sides: ROWS.map(|row| side(from, row)),
        pairing: Pairing::Clips,
        names: BTreeMap::from([("blues.00000".to_owned(), "Artist: Title".to_owned())]),
    }
}

fn found() -> Comparison {
    compare(&input(&common::input(), &[Protocol::Track])).unwrap()
}

/// Track → true label and the class of the highest summed probability, by the shortest code there is.
fn answers(predictions: &Predictions) -> BTreeMap<String, (String, usize)> {
    let mut sums: BTreeMap<String, (String, Vec<f64>)> = BTreeMap::new();
    for row in &predictions.rows {
        let entry = sums.entry(row.track_id.clone()).or_insert_with(|| (row.true_label.clone(), vec![0.0; 10]));
        row.probabilities.iter().zip(&mut entry.1).for_each(|(value, sum)| *sum += f64::from(*value));
    }
    let best = |sums: &[f64]| (0..10).max_by(|&a, &b| sums[a].total_cmp(&sums[b])).unwrap();
    sums.into_iter().map(|(track, (label, sums))| (track, (label, best(&sums)))).collect()
}

#[test]
fn discordant_tracks_are_those_that_one_side_alone_has_right() {
    let from = common::input();
    let found = found();
    let part = &found.parts[0];
    let mut expected = BTreeSet::new();
    for seed in 1..=3 {
        let of = |row: &str| from.runs.iter().find(|run| run.row == row && run.protocol == Protocol::Track && run.seed == seed).unwrap();
        let [a, b] = ROWS.map(|row| answers(&of(row).predictions));
        for (track, (label, one)) in a {
            let other = b[&track].1;
            let right = |answer: usize| common::GENRES[answer] == label;
            if right(one) != right(other) {
                expected.insert((track, seed, common::GENRES[one].to_owned(), common::GENRES[other].to_owned(), right(one)));
            }
        }
    }
    let listed: BTreeSet<_> =
        part.discordant.iter().map(|one| (one.track_id.clone(), one.seed, one.a.clone(), one.b.clone(), one.a_is_right)).collect();
    assert!(!expected.is_empty() && listed == expected);
    let alone = |a: bool| part.discordant.iter().filter(|one| one.a_is_right == a).count() as u64;
    assert_eq!((alone(true), alone(false)), (part.track.only_a, part.track.only_b), "the list is what the test counts");
}

#[test]
fn classes_are_those_of_the_clips() {
    let from = common::input();
    let found = found();
    for class in &found.parts[0].classes {
        let genre = common::GENRES.iter().position(|genre| *genre == class.class).unwrap();
        let recall = |row: &str| {
            let runs = from.runs.iter().filter(|run| run.row == row && run.protocol == Protocol::Track);
            let clips: Vec<&Prediction> =
                runs.flat_map(|run| &run.predictions.rows).filter(|clip| clip.true_label == class.class).collect();
            clips.iter().filter(|clip| clip.argmax() == genre).count() as f64 / clips.len() as f64
        };
        let [a, b] = ROWS.map(recall);
        assert!((class.recall_a.unwrap() - a).abs() < 1e-12 && (class.recall_b.unwrap() - b).abs() < 1e-12, "{}", class.class);
        assert!((class.recall_points.unwrap() - 100.0 * (a - b)).abs() < 1e-9);
    }
    assert_eq!(found.parts[0].classes.len(), 10);
}

#[test]
fn every_form_says_the_same() {
    let found = found();
    let part = &found.parts[0];
    let (page, text, json) = (html(&found), markdown(&found), found.to_json().unwrap());
    let accuracy = format!("{:.3}", part.clip.as_ref().unwrap().accuracy_a);
    for form in [&page, &text] {
        assert!(form.contains(&accuracy) && form.contains("100 of 1000 tracks") && form.contains("LSTM 2×250 against Multinomial"));
        assert_eq!(form.matches("Artist: Title").count(), part.discordant.iter().filter(|one| one.name.is_some()).count());
    }
    assert!(page.contains("--compare lstm-2x250 logistic") && page.contains("McNemar"));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["format"], 2);
    assert_eq!(json["parts"][0]["discordant"].as_array().unwrap().len(), part.discordant.len());
}

#[test]
fn several_protocols_are_a_section_each() {
    let found = compare(&input(&common::input(), &[Protocol::Published, Protocol::Track])).unwrap();
    let page = html(&found);
    assert_eq!(found.parts.len(), 2);
    for words in ["Genre under published", "Genre under track", "href=\"#part-2\"", "id=\"part-2\""] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn other_test_clips_are_refused() {
    let mut other = input(&common::input(), &[Protocol::Track]);
    other.sides[1].runs.iter_mut().for_each(|(_, predictions)| drop(predictions.rows.pop()));
    assert!(matches!(compare(&other).unwrap_err(), EvalError::UnpairedClip { .. }));
}

/// The second row as if it cut tracks into `clips` each: of each track its first ones are left.
fn cut_into(clips: usize) -> CompareInput {
    let mut whole = CompareInput { pairing: Pairing::Tracks, ..input(&common::input(), &[Protocol::Track]) };
    for (_, predictions) in &mut whole.sides[1].runs {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        predictions.rows.sort_by(|one, other| one.clip_id.cmp(&other.clip_id));
        predictions.rows.retain(|row| {
            let before = seen.entry(row.track_id.clone()).or_default();
            *before += 1;
            *before <= clips
        });
    }
    whole
}

#[test]
fn longer_clips_and_whole_tracks_are_held_against_clips_by_track() {
    [1, 2].into_iter().for_each(held_by_track);
}

fn held_by_track(clips: usize) {
    let input = cut_into(clips);
    let found = compare(&input).unwrap();
    let part = &found.parts[0];
    assert!(part.clip.is_none(), "clips of one row alone cannot be paired");
    let right = |side: &Side, seed: u64| -> BTreeSet<String> {
        let (_, of_seed) = side.runs.iter().find(|(_, run)| run.source.protocol == Protocol::Track && run.source.seed == seed).unwrap();
        answers(of_seed).into_iter().filter(|(_, (label, answer))| common::GENRES[*answer] == label).map(|(track, _)| track).collect()
    };
    for seed in &part.track.seeds {
        let [a, b] = input.sides.each_ref().map(|side| right(side, seed.seed));
        assert_eq!((seed.only_a, seed.only_b), (a.difference(&b).count() as u64, b.difference(&a).count() as u64), "seed {}", seed.seed);
        assert!(seed.mcnemar.is_some());
    }
    let tracks: u64 = part.classes.iter().map(|class| class.items).sum();
    assert_eq!(tracks, part.track.seeds.iter().map(|seed| seed.n).sum::<u64>(), "classes are counted in tracks");
    for form in [html(&found), markdown(&found)] {
        assert!(form.contains("by track alone") && !form.to_lowercase().contains("clip by clip"), "{form}");
        assert!(!form.contains("Clips of all seeds"), "{form}");
    }
    let json: serde_json::Value = serde_json::from_str(&found.to_json().unwrap()).unwrap();
    assert!(json["parts"][0]["clip"].is_null());
}

#[test]
fn other_clips_by_the_same_names_are_held_by_track() {
    let mut alike = input(&common::input(), &[Protocol::Track]);
    alike.pairing = Pairing::Tracks;
    assert!(compare(&alike).unwrap().parts[0].clip.is_none(), "as many clips of another length have the same names and are not the same");
}

#[test]
fn longer_clips_of_another_split_or_label_are_refused() {
    let refused = |change: fn(&mut Predictions)| {
        let mut input = cut_into(1);
        input.sides[1].runs.iter_mut().for_each(|(_, predictions)| change(predictions));
        matches!(compare(&input).unwrap_err(), EvalError::UnpairedTrack { .. })
    };
    assert!(refused(|run| drop(run.rows.pop())), "a track is missing");
    assert!(refused(|run| run.rows[0].true_label = if run.rows[0].true_label == "rock" { "jazz" } else { "rock" }.into()), "another label");
}

#[test]
fn a_name_stays_a_name() {
    let hostile = "\"><script>alert(1)</script> | `x`\n\n# Not a heading\n\n| a | b |\n";
    let mut bad = input(&common::input(), &[Protocol::Track]);
    for (_, predictions) in bad.sides.iter_mut().flat_map(|side| &mut side.runs) {
        let classes = predictions.classes.get_mut("genre").unwrap();
        classes.iter_mut().filter(|class| *class == "rock").for_each(|class| *class = hostile.to_owned());
        for row in &mut predictions.rows {
            row.track_id += hostile;
            if row.true_label == "rock" {
                row.true_label = hostile.to_owned();
            }
        }
    }
    bad.names = bad.sides[0].runs[0].1.rows.iter().map(|row| (row.track_id.clone(), hostile.to_owned())).collect();
    bad.sides[0].label = hostile.to_owned();
    bad.sides[1].folder = Some(hostile.to_owned());
    bad.corpus = hostile.to_owned();
    bad.command = hostile.to_owned();
    bad.warnings = vec![hostile.to_owned()];
    let found = compare(&bad).unwrap();
    assert!(found.parts[0].discordant.iter().any(|one| one.true_label == hostile || one.a == hostile || one.b == hostile));
    let (page, text) = (html(&found), markdown(&found));
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count(), "a table without a caption");
    let outside: String = text.split("```").step_by(2).collect();
    assert!(!outside.contains("<script") && outside.contains("Not a heading"));
    for line in outside.lines() {
        assert!(!line.starts_with("# Not a heading") && !line.starts_with("| a "), "a name began a line: {line}");
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        assert!(!line.starts_with("| ") || [4, 6, 7, 8].contains(&cells(line)), "a name ended a cell: {line}");
    }
}
