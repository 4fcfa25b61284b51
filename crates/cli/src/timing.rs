//! What each stage took, kept beside its results so that a skipped stage keeps its time.

use std::{fs, path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::layout::{Layout, RunKey};
use crate::told::tell;

/// A stage that ran.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Timing {
    /// What the report adds up, e.g. `train LSTM`.
    stage: String,
    /// Wall time, of every leg where a run was cut off and went on.
    seconds: f64,
    /// The device, for stages that run networks.
    device: Option<String>,
    /// The run, for stages of one; a report counts the runs that it shows.
    run: Option<RunKey>,
}

/// A stage that runs.
pub struct Clock {
    file: PathBuf,
    timing: Timing,
    start: Instant,
}

impl Clock {
    /// Starts a stage of the whole corpus; `name` is the file's, and orders the report.
    pub fn of_stage(layout: &Layout, name: &str, stage: &str) -> Self {
        let timing = Timing { stage: stage.to_owned(), seconds: 0.0, device: None, run: None };
        Self { file: layout.timings().join(format!("{name}.json")), timing, start: Instant::now() }
    }

    /// Starts a stage of one run on a device; with `goes_on`, what its earlier legs took counts too.
    pub fn of_run(layout: &Layout, name: &str, stage: &str, key: &RunKey, device: String, goes_on: bool) -> Self {
        let name = format!("{name}-{}-{}", key.row, key.stem());
        let mut clock = Self::of_stage(layout, &name, stage);
        clock.timing.device = Some(device);
        clock.timing.run = Some(key.clone());
        if let Some(before) = goes_on.then(|| read(&clock.file).ok()).flatten() {
            clock.timing.seconds = before.seconds;
        }
        clock
    }

    /// Keeps the time so far, whole or not at all, and returns it in seconds.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep(&self) -> Result<f64> {
        let seconds = self.timing.seconds + self.start.elapsed().as_secs_f64();
        let text = serde_json::to_string(&Timing { seconds, ..self.timing.clone() })?;
        super::commands::write_whole(&self.file, text.as_bytes())?;
        Ok(seconds)
    }
}

fn read(file: &PathBuf) -> Result<Timing> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{}: no timing of this version", file.display()))
}

/// Every stage's total over the runs that `counts` lets in, in the order of their first names.
///
/// A file that cannot be read is named on standard error and left out: a report does not fail for want of a clock.
pub fn totals(layout: &Layout, counts: impl Fn(&RunKey) -> bool) -> Result<Vec<(String, f64)>> {
    let Ok(entries) = fs::read_dir(layout.timings()) else { return Ok(vec![]) };
    let mut files: Vec<_> = entries.collect::<Result<Vec<_>, _>>()?.into_iter().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut totals: Vec<(String, f64)> = vec![];
    for path in files {
        let timing = match read(&path) {
            Ok(timing) => timing,
            Err(error) => {
                tell!("left out of the times: {}", crate::told(&error));
                continue;
            }
        };
        if !timing.run.as_ref().is_none_or(&counts) {
            continue;
        }
        match totals.iter_mut().find(|(stage, _)| *stage == timing.stage) {
            Some((_, seconds)) => *seconds += timing.seconds,
            None => totals.push((timing.stage, timing.seconds)),
        }
    }
    Ok(totals)
}
