//! What each stage took, kept beside its results so that a skipped stage keeps its time.

use std::{fs, time::Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::layout::Layout;

/// A stage that ran.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Timing {
    /// What the report adds up, e.g. `train LSTM`.
    pub stage: String,
    /// Wall time.
    pub seconds: f64,
    /// The device, for stages that run networks.
    pub device: Option<String>,
}

/// A stage that runs.
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// Starts.
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Keeps the time under a name of its own.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep(self, layout: &Layout, name: &str, stage: &str, device: Option<String>) -> Result<f64> {
        let timing = Timing { stage: stage.to_owned(), seconds: self.start.elapsed().as_secs_f64(), device };
        let path = layout.timings().join(format!("{name}.json"));
        fs::create_dir_all(layout.timings())?;
        fs::write(&path, serde_json::to_string(&timing)?).with_context(|| path.display().to_string())?;
        Ok(timing.seconds)
    }
}

/// Every stage's total, in the order of their first names.
///
/// # Errors
/// A file of the folder is none of ours.
pub fn totals(layout: &Layout) -> Result<Vec<(String, f64)>> {
    let mut files: Vec<_> = match fs::read_dir(layout.timings()) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?.into_iter().map(|entry| entry.path()).collect(),
        Err(_) => return Ok(vec![]),
    };
    files.sort();
    let mut totals: Vec<(String, f64)> = vec![];
    for path in files {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let timing: Timing = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        match totals.iter_mut().find(|(stage, _)| *stage == timing.stage) {
            Some((_, seconds)) => *seconds += timing.seconds,
            None => totals.push((timing.stage, timing.seconds)),
        }
    }
    Ok(totals)
}
