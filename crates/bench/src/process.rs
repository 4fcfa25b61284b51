//! What the system says of this process. Linux alone says it.

use std::fs;
use std::io::{self, Error, ErrorKind};

/// The process's peak of resident memory in MiB; `None` where the system does not tell it.
pub fn peak_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

/// Seconds that the threads of this process, those alive, have been on a processor; exact to some microseconds.
///
/// # Errors
/// Where the system keeps no `/proc/<pid>/task/<tid>/schedstat`.
pub fn cpu_seconds() -> io::Result<f64> {
    // A thread's own time is brought up to date when the scheduler looks at it, some milliseconds apart.
    std::thread::yield_now();
    let mut nanoseconds = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let path = task?.path().join("schedstat");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound && path.parent().is_some_and(|task| !task.exists()) => continue,
            text => text?,
        };
        let first = text.split_whitespace().next().and_then(|first| first.parse::<u64>().ok());
        nanoseconds += first.ok_or_else(|| Error::other(format!("{}: expected nanoseconds, found {text:?}", path.display())))?;
    }
    Ok(nanoseconds as f64 / 1e9)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn work_takes_processor_time_and_sleep_does_not() {
        let before = cpu_seconds().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(cpu_seconds().unwrap() - before < 0.02, "sleep costs nothing");
        let (before, start) = (cpu_seconds().unwrap(), Instant::now());
        while cpu_seconds().unwrap() - before < 0.02 {
            assert!(start.elapsed().as_secs() < 60, "twenty milliseconds of work in a minute");
        }
    }

    #[test]
    fn the_peak_counts_what_was_touched() {
        let before = peak_mib().unwrap();
        let pages = std::hint::black_box(vec![1u8; 64 << 20]);
        assert!(peak_mib().unwrap() > before.min(64.0) && pages.len() > 1);
        assert!(peak_mib().unwrap() >= 64.0);
    }
}
