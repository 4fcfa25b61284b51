//! What was found beside what was expected.

use std::fmt::Write;

use super::baseline::{Baseline, Expected, Found, Key, Outcome};

/// The comparison of one baseline.
pub struct Verdict {
    /// Whether answers are held clip by clip, and if not, why.
    held: Result<(), String>,
    lines: Vec<Line>,
}

/// One run of it.
struct Line {
    key: Key,
    expected: Option<(f64, [f64; 2])>,
    found: Option<f64>,
    /// What is wrong with it; several things at once are told together.
    faults: Vec<String>,
    /// What is told besides.
    note: String,
}

/// Holds what was found against a baseline.
pub fn compare(baseline: &Baseline, found: &Found) -> Verdict {
    let held = match &baseline.blessed {
        None => Err("nothing was blessed yet".to_owned()),
        Some(blessed) if blessed.processor == found.processor => Ok(()),
        Some(blessed) => Err(format!("this is {}, and it was blessed on {}", found.processor, blessed.processor)),
    };
    let expected = |key: &Key| baseline.runs.iter().find(|run| run.outcome.key == *key);
    let mut lines: Vec<Line> = baseline
        .runs
        .iter()
        .map(|run| match found.runs.iter().find(|outcome| outcome.key == run.outcome.key) {
            Some(outcome) => both(run, outcome, held.is_ok()),
            None => lone(&run.outcome.key, Some((run.outcome.accuracy, run.interval)), None, "expected, and was not run"),
        })
        .collect();
    let new = found.runs.iter().filter(|outcome| expected(&outcome.key).is_none());
    lines.extend(new.map(|outcome| lone(&outcome.key, None, Some(outcome.accuracy), "was run, and the baseline has no such run")));
    Verdict { held, lines }
}

fn lone(key: &Key, expected: Option<(f64, [f64; 2])>, found: Option<f64>, fault: &str) -> Line {
    Line { key: key.clone(), expected, found, faults: vec![fault.to_owned()], note: String::new() }
}

fn both(run: &Expected, found: &Outcome, held: bool) -> Line {
    let Expected { outcome, interval: [low, high] } = run;
    let mut faults = vec![];
    if found.clips != outcome.clips {
        faults.push(format!("{} clips, expected {}: the corpus, the features or the split are other ones", found.clips, outcome.clips));
    }
    // The interval has four decimals.
    if !(low - 5e-5..=high + 5e-5).contains(&found.accuracy) {
        faults.push(format!("accuracy {:.3} is outside {low:.3} to {high:.3}", found.accuracy));
    }
    let mut note = "the same answers".to_owned();
    if found.digest != outcome.digest {
        let what = differing(&outcome.answers, &found.answers);
        if held {
            faults.push(what);
            note = String::new();
        } else {
            note = format!("{what}; not held, on another processor");
        }
    }
    Line { key: outcome.key.clone(), expected: Some((outcome.accuracy, run.interval)), found: Some(found.accuracy), faults, note }
}

/// How many answers changed.
fn differing(before: &str, now: &str) -> String {
    if before.len() != now.len() {
        return "other clips are answered".to_owned();
    }
    match before.chars().zip(now.chars()).filter(|(before, now)| before != now).count() {
        0 => "the same letters of other clips or classes".to_owned(),
        1 => format!("1 of {} clips is answered otherwise", now.len()),
        n => format!("{n} of {} clips are answered otherwise", now.len()),
    }
}

impl Verdict {
    /// What is wrong, a run each.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        self.lines.iter().filter(|line| !line.faults.is_empty()).map(|line| {
            let Key { row, protocol, seed, task } = &line.key;
            format!("{row}, {protocol}, seed {seed}, {task}: {}", line.faults.join(", "))
        })
    }

    /// A table for a terminal.
    pub fn text(&self) -> String {
        let mut text = match &self.held {
            Ok(()) => "answers are held clip by clip\n".to_owned(),
            Err(why) => format!("answers are not held clip by clip, accuracies are: {why}\n"),
        };
        let width = self.lines.iter().map(|line| line.key.row.len()).max().unwrap_or(0);
        for Line { key: Key { row, protocol, seed, task }, expected, found, faults, note } in &self.lines {
            let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
            let range = expected.map_or_else(String::new, |(_, [low, high])| format!("({low:.3} to {high:.3})"));
            let (expected, found) = (number(expected.map(|(accuracy, _)| accuracy)), number(*found));
            let verdict = if faults.is_empty() { format!("inside, {note}") } else { format!("OUTSIDE: {}", faults.join(", ")) };
            let _ = writeln!(
                text,
                "  {row:<width$} {protocol:<14} {seed:>2} {task:<8} expected {expected:<5} {range:<16} found {found:<5}  {verdict}"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::baseline::{Blessed, Synth};
    use super::*;

    fn outcome(row: &str, accuracy: f64, answers: &str) -> Outcome {
        let key = Key { row: row.into(), protocol: "track".into(), seed: 1, task: "genre".into() };
        // Equal answers have equal digests, as the program's have.
        Outcome { key, clips: answers.len(), accuracy, digest: format!("digest of {answers}"), answers: answers.into() }
    }

    fn found(runs: Vec<Outcome>, processor: &str) -> Found {
        Found { processor: processor.into(), runs }
    }

    fn baseline() -> Baseline {
        let mut this = Baseline {
            about: "a test".into(),
            corpus: "synthetic".into(),
            experiment: "experiment.toml".into(),
            device: "cpu".into(),
            only: vec![],
            seeds: None,
            synth: Some(Synth { tracks_per_genre: 3, seconds: 5 }),
            tolerance: BTreeMap::from([("logistic".into(), 0.02), ("lstm".into(), 0.1)]),
            blessed: Some(Blessed { reason: "the first".into(), version: "0".into(), processor: "this one".into() }),
            runs: vec![],
        };
        let runs = [outcome("logistic", 0.8, &"AABBC".repeat(20)), outcome("lstm", 0.6, &"ABABA".repeat(20))];
        this.runs = runs.into_iter().map(|run| this.expect(run).unwrap()).collect();
        this
    }

    fn faults(runs: Vec<Outcome>, processor: &str) -> Vec<String> {
        compare(&baseline(), &found(runs, processor)).faults().collect()
    }

    #[test]
    fn what_is_as_it_was_has_no_fault() {
        let same = vec![outcome("logistic", 0.8, &"AABBC".repeat(20)), outcome("lstm", 0.6, &"ABABA".repeat(20))];
        let verdict = compare(&baseline(), &found(same, "this one"));
        assert_eq!(verdict.faults().count(), 0);
        let text = verdict.text();
        assert_eq!(text.matches("inside, the same answers").count(), 2, "{text}");
        assert!(text.contains("expected 0.600 (0.500 to 0.700) found 0.600"), "{text}");
    }

    #[test]
    fn an_accuracy_outside_its_interval_is_a_fault_on_any_processor() {
        let runs = || vec![outcome("logistic", 0.75, &"AABBB".repeat(20)), outcome("lstm", 0.7, &"ABABA".repeat(20))];
        for processor in ["this one", "another"] {
            let faults = faults(runs(), processor);
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].contains("logistic, track, seed 1, genre: accuracy 0.750 is outside 0.780 to 0.820"), "{faults:?}");
        }
    }

    #[test]
    fn other_answers_are_a_fault_where_the_processor_is_the_same_and_told_elsewhere() {
        let runs = || vec![outcome("logistic", 0.8, &"AABBC".repeat(20)), outcome("lstm", 0.6, &"BBABC".repeat(20))];
        assert_eq!(faults(runs(), "this one"), ["lstm, track, seed 1, genre: 40 of 100 clips are answered otherwise"]);
        let verdict = compare(&baseline(), &found(runs(), "another"));
        assert_eq!(verdict.faults().count(), 0);
        let text = verdict.text();
        assert!(text.contains("this is another, and it was blessed on this one"), "{text}");
        assert!(text.contains("40 of 100 clips are answered otherwise; not held, on another processor"), "{text}");
    }

    #[test]
    fn runs_that_are_missing_or_new_and_other_clips_are_faults() {
        let runs = vec![outcome("logistic", 0.8, &"AABB".repeat(20)), outcome("svm", 0.5, "AB")];
        let faults = faults(runs, "another");
        assert!(faults[0].contains("logistic") && faults[0].contains("80 clips, expected 100"), "{faults:?}");
        assert!(faults[1].contains("lstm") && faults[1].contains("expected, and was not run"), "{faults:?}");
        assert!(faults[2].contains("svm") && faults[2].contains("the baseline has no such run"), "{faults:?}");
        assert_eq!(faults.len(), 3);
    }

    #[test]
    fn a_baseline_survives_writing_and_reading_and_a_row_without_tolerance_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        baseline().write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let back = Baseline::read(&path).unwrap();
        assert_eq!(toml::to_string(&back).unwrap(), toml::to_string(&baseline()).unwrap());
        assert!(text.starts_with("# What `cargo xtask regress`"), "{text}");
        std::fs::write(&path, text.replace("device", "devise")).unwrap();
        assert!(format!("{:#}", Baseline::read(&path).unwrap_err()).contains("devise"));
        std::fs::write(&path, text.replace("logistic = 0.02", "logistic = 0.5")).unwrap();
        assert!(format!("{:#}", Baseline::read(&path).unwrap_err()).contains("tolerance.logistic is 0.5"));
        let few = baseline().expect(outcome("logistic", 0.8, "AABBC")).unwrap();
        assert_eq!(few.interval, [0.6, 1.0], "one clip of five");
        let error = baseline().expect(outcome("svm", 0.5, "AB")).unwrap_err();
        assert!(error.to_string().contains("row svm has no tolerance"), "{error}");
    }
}
