//! The line.

use serde::{Deserialize, Serialize};

use crate::peak_mib;

/// One measurement of one program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What was measured, for a reader of the bare line.
    pub name: String,
    /// In `unit`.
    pub value: f64,
    /// e.g. `clips/s`.
    pub unit: String,
    /// The program or library and its version.
    pub version: String,
    /// How much was done, e.g. `1000 slices`: programs that are compared say the same.
    #[serde(default)]
    pub work: String,
    /// A number that comes out of the work, e.g. the mean of all cells: programs that are compared are close to each other.
    #[serde(default)]
    pub check: Option<f64>,
    /// The process's peak of resident memory, MiB, where the system tells it.
    #[serde(default)]
    pub peak_mib: Option<f64>,
}

impl Line {
    /// A measurement of ours, with the memory so far.
    pub fn new(name: &str, value: f64, unit: &str) -> Self {
        Self {
            name: name.into(),
            value,
            unit: unit.into(),
            version: concat!("segno ", env!("CARGO_PKG_VERSION")).into(),
            work: String::new(),
            check: None,
            peak_mib: peak_mib(),
        }
    }

    /// Says how much was done.
    pub fn work(self, work: impl Into<String>) -> Self {
        Self { work: work.into(), ..self }
    }

    /// Says what came out.
    pub fn check(self, check: f64) -> Self {
        Self { check: Some(check), ..self }
    }

    /// Writes the line to standard output.
    pub fn print(&self) {
        println!("{}", serde_json::to_string(self).expect("a line has string keys only"));
    }

    /// The last line of a program's output that is one of these.
    ///
    /// # Errors
    /// When there is none, or it lacks a field.
    pub fn last_of(output: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(output.lines().rfind(|line| line.starts_with('{')).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_among_other_lines() {
        let line = Line::new("a", 1.5, "clips/s").work("3 clips").check(-2.0);
        let output = format!("{{}}\nwarming up\n{}\ndone\n", serde_json::to_string(&line).unwrap());
        assert_eq!(Line::last_of(&output).unwrap(), line);
        assert!(Line::last_of("no line\n").is_err());
    }
}
