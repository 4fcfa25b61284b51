//! The road from audio to report, which every reproduction walks: `segno` stage by stage.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::segno::Segno;

/// What the road needs of an experiment file.
#[derive(Deserialize)]
struct Experiment {
    seeds: u64,
    protocols: Vec<String>,
    /// Whether the training part is predicted too: for papers that print training accuracy.
    #[serde(default)]
    predict_train: bool,
    rows: Vec<Row>,
    /// Ids of the rows whose clips splits name.
    rows_of_splits: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    seeds: Option<u64>,
    /// The protocols that it is run under; the experiment's if absent.
    protocols: Option<Vec<String>>,
}

impl Row {
    fn runs(&self, protocol: &String) -> bool {
        self.protocols.as_ref().is_none_or(|own| own.contains(protocol))
    }
}

impl Experiment {
    /// The rows whose features these rows need: their own, and those of one whose clips splits name.
    fn extracted<'a>(&'a self, rows: &[&'a Row]) -> Vec<&'a str> {
        let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        if !ids.iter().any(|id| self.rows_of_splits.iter().any(|row| row == id)) {
            ids.extend(self.rows_of_splits.first().map(String::as_str));
        }
        ids
    }
}

/// One training run.
struct Run<'a> {
    row: &'a str,
    protocol: &'a str,
    seed: String,
    /// Counted from 1, where the protocol has folds.
    fold: Option<String>,
}

/// A road from audio to report.
pub struct Road<'a> {
    /// The corpus's name.
    pub corpus: &'a str,
    /// Folder of its audio.
    pub root: &'a Path,
    /// Work folder.
    pub work: &'a Path,
    /// Experiment file.
    pub experiment: &'a Path,
    /// `cpu`, `ndarray` or `cuda`.
    pub device: &'a str,
    /// Seeds a row; the experiment's own numbers if absent.
    pub seeds: Option<u64>,
    /// These rows alone; all if empty.
    pub only: &'a [String],
    /// Under these protocols alone; under all of the experiment if empty.
    pub protocols: &'a [String],
    /// Fail where a track cannot be used.
    pub strict: bool,
    /// The command, for the report.
    pub command: &'a str,
}

impl Road<'_> {
    /// Every stage, one after the other.
    pub fn walk(&self, segno: &Segno) -> Result<()> {
        let (work, experiment_file) = (text(self.work)?, text(self.experiment)?);
        let place = ["--work", work, "--experiment", experiment_file];
        let experiment: Experiment = serde_json::from_value(segno.json(&["experiment", experiment_file])?)?;
        let rows = self.rows(&experiment)?;
        for asked in self.protocols {
            ensure!(experiment.protocols.contains(asked), "protocol '{asked}' is none of {}", experiment.protocols.join(", "));
        }

        let strict: &[&str] = if self.strict { &["--strict"] } else { &[] };
        segno.run(&[&["corpus", "index", self.corpus, "--root", text(self.root)?, "--work", work], strict].concat())?;
        let mut extract = vec!["extract", "--root", text(self.root)?];
        extract.extend(place);
        extract.extend(strict);
        experiment.extracted(&rows).iter().for_each(|row| extract.extend(["--row", row]));
        segno.run(&extract)?;

        let mut failed = vec![];
        let runs = self.runs(segno, &experiment, &rows, &place, &mut failed);
        for (index, run) in runs.iter().enumerate() {
            eprint!("[{}/{}] ", index + 1, runs.len());
            let mut which = vec!["--row", run.row, "--protocol", run.protocol, "--seed", &run.seed, "--device", self.device];
            which.extend(run.fold.iter().flat_map(|fold| ["--fold", fold]));
            // The training parts of folds share clips and are not scored.
            let parts: &[&str] = if experiment.predict_train && run.fold.is_none() { &["test", "train"] } else { &["test"] };
            let trained = segno.run(&[&["train"][..], &place, &which].concat());
            let predict = |part| segno.run(&[&["predict-set", "--part", part][..], &place, &which].concat());
            if let Err(error) = trained.and_then(|()| parts.iter().try_for_each(|part| predict(*part))) {
                failed.push(error.to_string()); // one run that diverges does not take the others with it
            }
        }
        let mut report = [&["report", "--command", self.command][..], &place].concat();
        let asked = self.seeds.map(|seeds| seeds.to_string());
        report.extend(asked.iter().flat_map(|seeds| ["--seeds", seeds]));
        segno.run(&report)?;
        let all = runs.len();
        ensure!(
            failed.is_empty(),
            "{} failed and are not in the report, of {all} runs and their splits: {}",
            failed.len(),
            failed.join("; ")
        );
        Ok(())
    }

    /// Draws the splits; the runs of those that can be run, in the order of protocols, seeds, rows and folds. A split that
    /// cannot be drawn is told in `failed`, and the other protocols have their runs.
    fn runs<'a>(
        &self,
        segno: &Segno,
        experiment: &'a Experiment,
        rows: &[&'a Row],
        place: &[&str],
        failed: &mut Vec<String>,
    ) -> Vec<Run<'a>> {
        let seeds = |row: &Row| self.seeds.or(row.seeds).unwrap_or(experiment.seeds);
        let mut runs = vec![];
        for protocol in experiment.protocols.iter().filter(|protocol| self.protocols.is_empty() || self.protocols.contains(protocol)) {
            let rows: Vec<&'a Row> = rows.iter().copied().filter(|row| row.runs(protocol)).collect();
            for seed in 1..=rows.iter().map(|row| seeds(row)).max().unwrap_or(0) {
                let name = seed.to_string();
                let split = match segno.json(&[&["split", "--protocol", protocol, "--seed", &name][..], place].concat()) {
                    Ok(split) => split,
                    Err(error) => {
                        failed.push(error.to_string());
                        break;
                    }
                };
                if split["runnable"].as_bool() != Some(true) {
                    eprintln!("  protocol {protocol} cannot be run: one of its parts has no clips in this corpus");
                    continue;
                }
                let folds: Vec<Option<String>> = match split["folds"].as_array() {
                    Some(folds) => (1..=folds.len()).map(|fold| Some(fold.to_string())).collect(),
                    None => vec![None],
                };
                for row in rows.iter().filter(|row| seed <= seeds(row)) {
                    let run = |fold: &Option<String>| Run { row: &row.id, protocol, seed: name.clone(), fold: fold.clone() };
                    runs.extend(folds.iter().map(run));
                }
            }
        }
        runs
    }

    /// The rows asked for.
    fn rows<'a>(&self, experiment: &'a Experiment) -> Result<Vec<&'a Row>> {
        let known = || experiment.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(", ");
        for row in self.only {
            ensure!(experiment.rows.iter().any(|known| known.id == *row), "row '{row}' is none of {}", known());
        }
        Ok(experiment.rows.iter().filter(|row| self.only.is_empty() || self.only.contains(&row.id)).collect())
    }
}

/// A path as an argument.
pub fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{}: a path that is no UTF-8", path.display()))
}

#[cfg(test)]
mod tests {
    use super::Experiment;

    #[test]
    fn a_row_of_longer_clips_alone_brings_the_features_that_splits_name() {
        let row = |id| serde_json::json!({ "id": id, "seeds": null, "protocols": null });
        let experiment = serde_json::json!({
            "seeds": 1, "protocols": ["track"], "rows": [row("long"), row("short"), row("other")], "rows_of_splits": ["short", "other"],
        });
        let experiment: Experiment = serde_json::from_value(experiment).unwrap();
        let [long, short, other] = [0, 1, 2].map(|index| &experiment.rows[index]);
        assert_eq!(experiment.extracted(&[long]), ["long", "short"]);
        assert_eq!(experiment.extracted(&[long, other]), ["long", "other"]);
        assert_eq!(experiment.extracted(&[short]), ["short"]);
    }
}
