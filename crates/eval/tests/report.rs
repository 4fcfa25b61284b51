//! A report says what its predictions say, in every form, and first what a reader must know.

use std::collections::{BTreeMap, BTreeSet};

use segno_dataset::{Curves, EpochRow, Part, Prediction, Protocol};
use segno_eval::{
    EvalError,
    metrics::Level,
    report::{Measure, Report, ReportInput, ScoreCell, html, markdown, terminal_table},
    stats::{Bootstrap, Interval, Summary},
};
use serde_json::Value;

mod common;

use common::build;

fn json(input: &ReportInput) -> Value {
    serde_json::from_str(&build(input).unwrap().to_json().unwrap()).unwrap()
}

/// Equal but for the last bit, which `serde_json` may lose in reading.
fn close(found: &Value, expected: Option<f64>) -> bool {
    match (found.as_f64(), expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
        (found, expected) => found == expected,
    }
}

/// The share of clips whose highest probability is that of the true label, by the shortest code there is.
fn accuracy(rows: &[Prediction]) -> f64 {
    let right = rows.iter().filter(|row| {
        let best = (0..10).max_by(|&a, &b| row.probabilities[a].total_cmp(&row.probabilities[b])).unwrap();
        common::GENRES[best] == row.true_label
    });
    right.count() as f64 / rows.len() as f64
}

fn accuracies(input: &ReportInput, row: &str, protocol: Protocol) -> Vec<f64> {
    let runs = input.runs.iter().filter(|run| run.row == row && run.protocol == protocol);
    runs.map(|run| accuracy(&run.predictions.rows)).collect()
}

#[test]
fn every_accuracy_is_what_the_predictions_give() {
    let input = common::input();
    let json = json(&input);
    let table = &json["tasks"][0]["tables"][0];
    assert_eq!((table["level"].as_str(), table["measure"].as_str()), (Some("clip"), Some("accuracy")));
    for row in table["rows"].as_array().unwrap() {
        let id = row["row"].as_str().unwrap();
        for (column, protocol) in [Protocol::Published, Protocol::Track, Protocol::FaultFiltered].into_iter().enumerate() {
            let expected = Summary::of(&accuracies(&input, id, protocol));
            let found = &row["cells"][column]["summary"];
            assert!(close(&found["mean"], expected.mean) && close(&found["sd"], expected.sd), "{id} {protocol:?}: {found}");
            assert!(close(&found["interval"]["low"], expected.interval.map(|ends| ends.low)), "{id} {protocol:?}: {found}");
            assert_eq!(row["cells"][column]["reason"].is_null(), expected.n > 1, "{id} {protocol:?}: a dash has its reason");
        }
        let pairs = accuracies(&input, id, Protocol::Published).into_iter().zip(accuracies(&input, id, Protocol::Track));
        let leak = Summary::of(&pairs.map(|(published, track)| 100.0 * (published - track)).collect::<Vec<_>>());
        assert!(close(&row["leaks"][0]["summary"]["mean"], leak.mean), "{id}");
    }
}

#[test]
fn the_printed_forms_carry_the_same_numbers() {
    let input = common::input();
    let report = build(&input).unwrap();
    let lstm = Summary::of(&accuracies(&input, "lstm-2x250", Protocol::Track));
    let (mean_sd, ends) = (format!("{:.3} ± {:.3}", lstm.mean.unwrap(), lstm.sd.unwrap()), lstm.interval.unwrap());
    let interval = format!("[{:.3}, {:.3}]", ends.low, ends.high);
    for form in [html(&report), markdown(&report).replace('\\', ""), terminal_table(&report)] {
        assert!(form.contains(&mean_sd) && form.contains(&interval), "{mean_sd} {interval}");
        assert!(form.contains("0.7316"), "the paper's figure with the paper's digits");
        assert!(form.contains("comes with the classical baselines"));
    }
}

/// Each seed's tracks with their clips and those of them answered rightly.
type Counts = Vec<BTreeMap<String, [f64; 2]>>;

fn counts(input: &ReportInput, row: &str, protocol: Protocol) -> Counts {
    let runs = input.runs.iter().filter(|run| run.row == row && run.protocol == protocol);
    let of_run = |run: &segno_eval::report::Run| {
        let mut tracks: BTreeMap<String, [f64; 2]> = BTreeMap::new();
        for row in &run.predictions.rows {
            let counts = tracks.entry(row.track_id.clone()).or_default();
            counts[0] += 1.0;
            counts[1] += f64::from(u8::from(accuracy(std::slice::from_ref(row)) == 1.0));
        }
        tracks
    };
    runs.map(of_run).collect()
}

/// The mean over seeds of the share answered rightly when tracks count as often as they were drawn.
fn resampled(counts: &Counts, tracks: &[String], drawn: &[u32]) -> f64 {
    let times = |track: &String| f64::from(drawn[tracks.iter().position(|known| known == track).unwrap()]);
    let share = |of_run: &BTreeMap<String, [f64; 2]>| {
        let sum = |place: usize| of_run.iter().map(|(track, counts)| times(track) * counts[place]).sum::<f64>();
        sum(1) / sum(0)
    };
    counts.iter().map(share).sum::<f64>() / counts.len() as f64
}

fn cell<'a>(report: &'a Report, level: Level, measure: Measure, row: &str, column: usize) -> &'a ScoreCell {
    let table = report.tasks[0].tables.iter().find(|table| (table.level, table.measure) == (level, measure)).unwrap();
    let row = table.rows.iter().find(|found| found.row == row).unwrap();
    row.cells.get(column).unwrap_or_else(|| &row.leaks[column - row.cells.len()])
}

#[test]
fn intervals_over_tracks_are_those_of_whole_tracks_drawn_anew() {
    let input = common::small();
    let report = build(&input).unwrap();
    let same = |found: Option<Interval>, expected: Option<Interval>| {
        let (found, expected) = (found.unwrap(), expected.unwrap());
        assert!((found.low - expected.low).abs() < 1e-9 && (found.high - expected.high).abs() < 1e-9, "{found:?}, expected {expected:?}");
        assert!(found.low < found.high);
    };
    for row in ["logistic", "lstm-2x250"] {
        let sides = [Protocol::Published, Protocol::Track].map(|protocol| counts(&input, row, protocol));
        for (column, side) in sides.iter().enumerate() {
            let tracks: Vec<String> = side.iter().flat_map(BTreeMap::keys).cloned().collect::<BTreeSet<_>>().into_iter().collect();
            let found = cell(&report, Level::Clip, Measure::Accuracy, row, column);
            assert_eq!(found.tracks, tracks.len());
            same(found.over_tracks, common::QUICK.interval(tracks.len(), |drawn| Some(resampled(side, &tracks, drawn))));
        }
        let tracks: Vec<String> = sides.iter().flatten().flat_map(BTreeMap::keys).cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let leak = |drawn: &[u32]| Some(100.0 * (resampled(&sides[0], &tracks, drawn) - resampled(&sides[1], &tracks, drawn)));
        same(cell(&report, Level::Clip, Measure::Accuracy, row, 2).over_tracks, common::QUICK.interval(tracks.len(), leak));
    }
    assert_eq!(report.bootstrap, common::QUICK);
    assert_eq!(segno_eval::report::build(&input).unwrap().bootstrap, Bootstrap::default());
}

#[test]
fn every_mean_lies_in_its_interval_over_tracks_or_says_why_it_has_none() {
    let report = build(&common::input()).unwrap();
    for table in &report.tasks[0].tables {
        for cell in table.rows.iter().flat_map(|row| row.cells.iter().chain(&row.leaks)) {
            let what = format!("{:?} {:?} {}", table.level, table.measure, cell.column);
            match (cell.summary.mean, cell.over_tracks) {
                (Some(mean), Some(ends)) => {
                    assert!((ends.low - 1e-9..=ends.high + 1e-9).contains(&mean), "{what}: {mean}, {ends:?}");
                    assert!(cell.over_tracks_reason.is_none(), "{what}");
                }
                (Some(_), None) => assert!(cell.over_tracks_reason.is_some() && table.measure == Measure::CalibrationError, "{what}"),
                (None, ends) => assert!(ends.is_none() && cell.reason.is_some(), "{what}"),
            }
        }
    }
    let leak = cell(&report, Level::Clip, Measure::LogLoss, "lstm-2x250", 3);
    assert!(leak.summary.mean.is_none() && leak.reason.as_ref().is_some_and(|reason| reason.contains("no share")));
}

#[test]
fn a_class_left_out_of_a_protocol_is_not_held_against_it() {
    let mut input = common::small();
    for run in input.runs.iter_mut().filter(|run| run.protocol == Protocol::Track) {
        let predictions = &mut run.predictions;
        predictions.classes.get_mut("genre").unwrap().retain(|class| class != "rock");
        predictions.rows.retain(|row| row.true_label != "rock");
        for row in &mut predictions.rows {
            row.probabilities.truncate(9);
            let sum: f32 = row.probabilities.iter().sum();
            row.probabilities.iter_mut().for_each(|value| *value /= sum);
        }
    }
    let report = build(&input).unwrap();
    let best = report.tasks[0].best.as_ref().unwrap();
    let classes: Vec<usize> = best.protocols.iter().map(|pooled| pooled.metrics.classes.len()).collect();
    assert_eq!(classes, [10, 9]);
    assert!(best.protocols.iter().all(|pooled| pooled.metrics.classes.iter().all(|score| score.class.known && score.recall.is_some())));
    for measure in [Measure::MacroF1, Measure::BalancedAccuracy] {
        assert!(cell(&report, Level::Clip, measure, "lstm-2x250", 1).over_tracks.is_some());
    }
    // Nine classes are easier than ten: no leak is read from their difference.
    let columns = report.protocols.len();
    let leak = cell(&report, Level::Clip, Measure::Accuracy, "lstm-2x250", columns);
    assert_eq!((leak.summary.mean, leak.over_tracks), (None, None));
    assert!(leak.reason.as_ref().unwrap().contains("leaves classes out"), "{leak:?}");
}

#[test]
fn clips_and_tracks_and_certainty_stand_side_by_side() {
    let report = build(&common::small()).unwrap();
    for pooled in &report.tasks[0].best.as_ref().unwrap().protocols {
        assert_eq!((pooled.metrics.n, pooled.track.n, pooled.vote.n), (144, 24, 24), "two seeds of twelve tracks of six clips");
        let bins = &pooled.metrics.probabilities.as_ref().unwrap().reliability;
        assert_eq!(bins.iter().map(|bin| bin.n).sum::<u64>(), pooled.metrics.n);
        assert!(pooled.vote.probabilities.is_none() && pooled.track.probabilities.is_some());
    }
    let (text, table) = (markdown(&report), terminal_table(&report));
    for heading in [
        "## Accuracy, track by track\n",
        "by majority vote\n",
        "## Log loss, clip by clip",
        "## Expected calibration error",
        "Reliability, of all seeds",
    ] {
        assert!(text.contains(heading), "{heading}");
    }
    assert!(text.contains("over 12 tracks") && text.contains("over 2 seeds"));
    assert!(table.contains("by mean and") && table.contains("by vote") && table.lines().all(|line| line.chars().count() <= 110));
    assert!(report.tasks[0].finding.as_ref().is_some_and(|finding| finding.contains("Track by track")));
}

#[test]
fn the_best_model_is_looked_at_with_all_seeds_added_up() {
    let input = common::input();
    let json = json(&input);
    let best = &json["tasks"][0]["best"];
    let highest = input.rows.iter().max_by(|one, other| {
        let mean = |id: &str| Summary::of(&accuracies(&input, id, Protocol::Published)).mean.unwrap();
        mean(&one.id).total_cmp(&mean(&other.id))
    });
    assert_eq!(best["row"].as_str(), highest.map(|row| row.id.as_str()));
    assert_eq!(best["chosen_under"], "published");
    let pooled = &best["protocols"][1];
    assert_eq!((pooled["protocol"].as_str(), pooled["seeds"].as_array().map(Vec::len)), (Some("track"), Some(3)));
    let counts = pooled["metrics"]["confusion"]["counts"].as_array().unwrap();
    let total: u64 = counts.iter().flat_map(|row| row.as_array().unwrap()).map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(total, 3 * 120);
    let expected: f64 = accuracies(&input, best["row"].as_str().unwrap(), Protocol::Track).iter().sum::<f64>() / 3.0;
    assert!((pooled["metrics"]["accuracy"].as_f64().unwrap() - expected).abs() < 1e-12);
}

#[test]
fn a_class_that_the_model_does_not_know_is_counted_and_named() {
    let mut input = common::small();
    for run in &mut input.runs {
        run.predictions.rows.iter_mut().filter(|row| row.true_label == "disco").for_each(|row| row.true_label = "ska".into());
    }
    let report = build(&input).unwrap();
    let confusion = &report.tasks[0].best.as_ref().unwrap().protocols[0].metrics.confusion;
    let ska = confusion.classes.last().unwrap();
    assert_eq!((ska.name.as_str(), ska.known), ("ska", false));
    assert_eq!(confusion.support(10), 12, "one track of six clips, two seeds");
    assert!(html(&report).contains("unknown to the model") && markdown(&report).contains("ska (unknown to the model)"));
    assert_eq!(report.tasks[0].best.clone().unwrap().protocols[0].metrics.classes[3].recall, None, "no disco is left to recall");
}

#[test]
fn an_incomplete_corpus_is_the_first_line_of_every_form() {
    let line = "100 of 1000 tracks: the paper's figures are not comparable";
    let report = build(&common::input()).unwrap();
    assert_eq!(report.banners, [line]);
    assert!(report.to_json().unwrap().trim_start_matches('{').trim_start().starts_with("\"banners\""));
    assert_eq!(markdown(&report).lines().next(), Some(format!("**{line}**").as_str()));
    assert_eq!(terminal_table(&report).lines().next(), Some(line));
    let page = html(&report);
    let body = &page[page.find("<body>").unwrap() + 6..];
    assert!(body.starts_with(&format!("<p class=\"banner\" role=\"note\">{line}</p>")));
    assert!(page.contains("900 tracks (blues 90, classical 90,") && page.contains("<summary>all 900 of them</summary>"));
    assert!(markdown(&report).contains("no file of this name in the corpus folder: 900 tracks (blues 90,"));
}

#[test]
fn a_complete_corpus_has_no_banner_and_unlisted_tracks_are_admitted() {
    let mut input = common::small();
    input.corpus.left_out.clear();
    input.corpus.expected_tracks = Some(100);
    let report = build(&input).unwrap();
    assert!(report.banners.is_empty() && !html(&report).contains("class=\"banner\""));
    input.corpus.expected_tracks = Some(103);
    let report = build(&input).unwrap();
    assert!(markdown(&report).contains("3 further tracks took no part, and no reason was handed in"));
}

#[test]
fn a_synthetic_corpus_says_so() {
    let mut input = common::small();
    input.corpus.synthetic = true;
    input.corpus.expected_tracks = None;
    let report = build(&input).unwrap();
    for form in [html(&report), markdown(&report), terminal_table(&report)] {
        assert!(form.contains("a synthetic corpus, made by a program: its figures say nothing about music"));
    }
}

#[test]
fn the_order_of_the_runs_leaves_no_trace() {
    let mut input = common::input();
    let forms = |input: &ReportInput| {
        let report = build(input).unwrap();
        (report.to_json().unwrap(), html(&report), markdown(&report), terminal_table(&report))
    };
    let first = forms(&input);
    assert!(first == forms(&input), "the same input gives the same bytes");
    input.runs.reverse();
    for run in &mut input.runs {
        run.predictions.rows.reverse();
    }
    assert!(first == forms(&input), "nor does the order of the clips");
}

#[test]
fn a_single_seed_has_no_interval_and_says_why() {
    let mut input = common::small();
    input.runs.retain(|run| run.seed == 1);
    let report = build(&input).unwrap();
    let cell = &report.tasks[0].tables[0].rows[0].cells[0];
    assert!(cell.summary.mean.is_some() && cell.summary.sd.is_none() && cell.summary.interval.is_none());
    assert!(cell.over_tracks.is_some(), "tracks can be drawn anew all the same");
    assert!(terminal_table(&report).contains("– a single seed: spread and interval are undefined (published, track, leak: every row)"));
    assert!(report.tasks[0].finding.clone().unwrap().contains("no interval from a single seed"));
}

#[test]
fn nothing_run_yet_is_a_report_of_dashes() {
    let mut input = common::small();
    input.runs.clear();
    let report = build(&input).unwrap();
    assert!(report.tasks[0].best.is_none() && report.tasks[0].finding.is_none());
    assert!(html(&report).contains("not run under this protocol"));
    assert!(terminal_table(&report).contains("nothing was run yet"));
}

#[test]
fn the_terminal_table_keeps_to_110_columns() {
    let mut input = common::input();
    input.rows[0].label = "A row whose label is far longer than any column of any terminal has a right to be".into();
    input.rows[1].label = "\u{1b}[31mred\u{7}".into();
    let table = terminal_table(&build(&input).unwrap());
    for line in table.lines() {
        assert!(line.chars().count() <= 110, "{} columns: {line}", line.chars().count());
        assert!(!line.chars().any(char::is_control), "a name steers the terminal: {line:?}");
    }
    assert!(table.contains("to be"), "a long label is wrapped, not cut");
}

#[test]
fn losses_that_are_not_finite_are_left_out_of_the_drawing() {
    let mut input = common::small();
    let epoch = |epoch, loss| EpochRow { epoch, train_loss: loss, valid_loss: loss, train_accuracy: vec![0.1], valid_accuracy: vec![0.1] };
    for run in &mut input.runs {
        run.curves = Some(Curves {
            tasks: vec!["genre".into()],
            best_epoch: 1,
            epochs: vec![epoch(1, 2.3), epoch(2, f32::NAN), epoch(3, f32::INFINITY)],
        });
    }
    let report = build(&input).unwrap();
    let page = html(&report);
    assert!(page.contains("<polyline") && !page.contains("NaN") && !page.contains("could not be drawn"));
    assert!(report.to_json().unwrap().contains("\"train_loss\": null"));
}

#[test]
fn two_tasks_have_a_table_a_leak_and_matrices_each() {
    let input = common::two_tasks();
    let report = build(&input).unwrap();
    assert_eq!(report.runs.len(), 2 * input.runs.len(), "a run's scores, a task each");
    let mood = &report.tasks[1];
    assert_eq!((mood.task.as_str(), mood.tables.len()), ("mood", 8));
    for row in &mood.tables[0].rows {
        for cell in &row.cells {
            let runs = input.runs.iter().filter(|run| run.row == row.row && run.protocol.name() == cell.column);
            let right = |run: &segno_eval::report::Run| {
                let of: Vec<&Prediction> = run.predictions.rows.iter().filter(|row| row.task == "mood").collect();
                of.iter().filter(|row| common::MOODS[row.argmax()] == row.true_label).count() as f64 / of.len() as f64
            };
            let expected = Summary::of(&runs.map(right).collect::<Vec<_>>());
            assert!((cell.summary.mean.unwrap() - expected.mean.unwrap()).abs() < 1e-12);
            assert_eq!(cell.train.as_ref().unwrap().mean, cell.summary.mean, "the training part was made the same here");
        }
        let against: Vec<_> = row.leaks.iter().map(|leak| leak.against.as_deref()).collect();
        assert_eq!(against, [Some("track"), Some("artist-once")]);
    }
    let best = [0, 1].map(|task| report.tasks[task].best.as_ref().unwrap());
    assert_eq!(best[0].row, best[1].row, "one row is looked at for both tasks");
    assert_eq!(best[1].protocols[0].metrics.confusion.classes.len(), 3);
}

#[test]
fn a_report_of_two_tasks_shows_grid_training_accuracy_and_figures() {
    let report = build(&common::two_tasks()).unwrap();
    let page = html(&report);
    for id in ["accuracy", "accuracy-2", "best-2", "tracks-2", "data", "curves"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        assert!(page.contains(&format!("href=\"#{id}\"")), "{id}");
    }
    let text = markdown(&report);
    for form in [&page, &text] {
        for words in ["Table 1, as a grid", "rate 0.001, batch 200", "train 0.908", "valence", "leak by artist", "Mood: "] {
            assert!(form.to_lowercase().contains(&words.to_lowercase()), "{words}");
        }
    }
    assert!(page.contains("accuracy, mood") && page.contains("Clips in the plane by mood") && !page.contains("could not be drawn"));
    let bars: usize = report.histogram.as_ref().unwrap().bars.iter().map(|bar| bar.count).sum();
    assert_eq!(bars, 100);
    assert_eq!(report.embedding.as_ref().unwrap().clips.len(), 300);
    assert_eq!(report.grids[0].cells.len(), 2);
    let table = terminal_table(&report);
    assert!(table.contains("Mood") && table.lines().all(|line| line.chars().count() <= 110));
}

#[test]
fn figures_of_another_corpus_and_notes_are_said_aloud() {
    let mut input = common::small();
    input.corpus.expected_tracks = None;
    input.paper_corpus = Some("FMA".into());
    input.notes = vec!["no histogram: the corpus has no valence".into()];
    let report = build(&input).unwrap();
    for form in [html(&report), markdown(&report), terminal_table(&report)] {
        assert!(form.contains("its figures are of FMA and cannot be compared") && form.contains("the corpus has no valence"));
    }
}

#[test]
fn facts_that_do_not_fit_together_are_refused() {
    let refused = |change: fn(&mut ReportInput)| {
        let mut input = common::small();
        change(&mut input);
        build(&input).unwrap_err()
    };
    assert!(matches!(refused(|input| input.tasks.push("mood".into())), EvalError::NoSuchTask { .. }));
    assert!(matches!(refused(|input| input.tasks = vec!["mood".into()]), EvalError::UnknownPaperTask { .. }));
    assert!(matches!(refused(|input| input.tasks.clear()), EvalError::NoTask));
    assert!(matches!(refused(|input| input.runs[0].predictions.source.part = Part::Train), EvalError::WrongPart { .. }));
    assert!(matches!(refused(|input| input.runs[0].row = "gru".into()), EvalError::UnknownRow { .. }));
    assert!(matches!(refused(|input| input.rows[0].variant_of = Some("gru".into())), EvalError::UnknownRow { .. }));
    assert!(matches!(refused(|input| input.runs[0].seed = 77), EvalError::WrongSource { found_seed: 1, .. }));
    assert!(matches!(
        refused(|input| {
            input.rows[0].paper.insert("genre".into(), 79.0);
        }),
        EvalError::BadNumber { .. }
    ));
    assert!(matches!(refused(|input| input.stages[0].1 = f64::NAN), EvalError::BadNumber { .. }));
    assert!(matches!(refused(|input| input.rows.push(input.rows[0].clone())), EvalError::Repeated { list: "rows", .. }));
    assert!(matches!(refused(|input| input.runs.push(input.runs[0].clone())), EvalError::Repeated { list: "runs", .. }));
    assert!(matches!(refused(|input| drop(input.protocols.remove(1))), EvalError::UnknownProtocol { .. }));
}

#[test]
fn the_markdown_is_the_one_that_was_read_and_approved() {
    let found = markdown(&segno_eval::report::build(&common::small()).unwrap());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/small.md");
    if std::env::var_os("SEGNO_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert!(found == expected, "differs from {path}; read it, then set SEGNO_WRITE_GOLDEN=1 to keep it:\n{found}");
}
