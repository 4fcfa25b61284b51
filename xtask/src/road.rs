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
}

#[derive(Deserialize)]
struct Row {
    id: String,
    seeds: Option<u64>,
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
        let seeds = |row: &Row| self.seeds.or(row.seeds).unwrap_or(experiment.seeds);
        let most = rows.iter().map(|row| seeds(row)).max().unwrap_or(0);

        let strict: &[&str] = if self.strict { &["--strict"] } else { &[] };
        segno.run(&[&["corpus", "index", self.corpus, "--root", text(self.root)?, "--work", work], strict].concat())?;
        let mut extract = vec!["extract", "--root", text(self.root)?];
        extract.extend(place);
        extract.extend(strict);
        rows.iter().for_each(|row| extract.extend(["--row", &row.id]));
        segno.run(&extract)?;

        let mut runs = vec![];
        for protocol in &experiment.protocols {
            for seed in 1..=most {
                let name = seed.to_string();
                let split = segno.json(&[&["split", "--protocol", protocol, "--seed", &name][..], &place].concat())?;
                if split["runnable"].as_bool() == Some(true) {
                    runs.extend(rows.iter().filter(|row| seed <= seeds(row)).map(|row| (row.id.as_str(), protocol.as_str(), name.clone())));
                } else {
                    eprintln!("  protocol {protocol} cannot be run: one of its parts has no clips in this corpus");
                }
            }
        }
        let parts: &[&str] = if experiment.predict_train { &["test", "train"] } else { &["test"] };
        let mut failed = vec![];
        for (index, (row, protocol, seed)) in runs.iter().enumerate() {
            eprint!("[{}/{}] ", index + 1, runs.len());
            let which = ["--row", row, "--protocol", protocol, "--seed", seed, "--device", self.device];
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
        ensure!(failed.is_empty(), "{} of {} runs failed and are not in the report: {}", failed.len(), runs.len(), failed.join("; "));
        Ok(())
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
