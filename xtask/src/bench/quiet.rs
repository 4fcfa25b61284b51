//! What else the machine does while it measures.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Above this share of the processors, others disturb.
pub const LOUD: f64 = 0.1;

/// Shares of the processors' time; none where the system does not tell (Linux alone does).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disturbance {
    /// Of others, just before a round, while nothing of ours ran: the most of all rounds.
    pub busy: Option<f64>,
    /// Taken by the machine under a virtual one, while the row ran.
    pub stolen: Option<f64>,
    /// The load average of the last minute, before the first row of the run.
    pub load: Option<f64>,
}

impl Disturbance {
    pub fn is_loud(&self) -> bool {
        [self.busy, self.stolen].into_iter().flatten().any(|share| share > LOUD)
    }
}

/// The processors' ticks so far.
#[derive(Clone, Copy)]
pub struct Ticks {
    all: u64,
    idle: u64,
    stolen: u64,
}

impl Ticks {
    pub fn now() -> Option<Self> {
        Self::read(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// user, nice, system, idle, iowait, irq, softirq, steal.
    fn read(text: &str) -> Option<Self> {
        let ticks = text.lines().next()?.split_whitespace().skip(1).take(8).map(str::parse);
        let ticks: [u64; 8] = ticks.collect::<Result<Vec<u64>, _>>().ok()?.try_into().ok()?;
        let [_, _, _, idle, waiting, _, _, stolen] = ticks;
        Some(Self { all: ticks.iter().sum(), idle: idle + waiting, stolen })
    }

    /// Shares that were busy and stolen since.
    fn since(self, before: Self) -> [f64; 2] {
        let all = (self.all - before.all).max(1) as f64;
        let share = |now: u64, then: u64| now.saturating_sub(then) as f64 / all;
        [1.0 - share(self.idle, before.idle), share(self.stolen, before.stolen)]
    }
}

/// The share of the processors that others use, looked at for a quarter of a second.
pub fn busy() -> Option<f64> {
    let before = Ticks::now()?;
    sleep(Duration::from_millis(250));
    Some(Ticks::now()?.since(before)[0])
}

/// The share that was stolen since.
pub fn stolen(before: Option<Ticks>) -> Option<f64> {
    Some(Ticks::now()?.since(before?)[1])
}

/// The load average of the last minute.
pub fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_ticks_between() {
        let before = Ticks::read("cpu  100 0 100 1000 0 0 0 0 0 0\ncpu0 …").unwrap();
        let after = Ticks::read("cpu  120 0 110 1050 10 0 0 10 0 0\n").unwrap();
        let [busy, stolen] = after.since(before);
        assert!((busy - 0.4).abs() < 1e-12 && (stolen - 0.1).abs() < 1e-12, "{busy} {stolen}");
        assert!(Ticks::read("intr 1\n").is_none());
    }

    #[test]
    fn one_core_of_eight_at_work_is_loud() {
        assert!(Disturbance { busy: Some(0.125), ..Disturbance::default() }.is_loud());
        assert!(!Disturbance { busy: Some(0.01), stolen: Some(0.0), load: Some(3.0) }.is_loud());
    }
}
