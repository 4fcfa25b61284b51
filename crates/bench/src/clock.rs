//! How long something takes.

use std::io;
use std::time::Instant;

use crate::cpu_seconds;

/// CPU milliseconds that one of `count` items takes, all of which `pass` goes through: the mean over the passes of
/// `seconds`, two at least, after one that warms up.
///
/// # Errors
/// Where the system does not tell a process's time: [`cpu_seconds`].
pub fn cpu_ms_each(count: usize, seconds: f64, mut pass: impl FnMut()) -> io::Result<f64> {
    pass();
    let start = cpu_seconds()?;
    let mut passes = 0;
    loop {
        pass();
        passes += 1;
        let taken = cpu_seconds()? - start;
        if passes >= 2 && taken >= seconds {
            return Ok(taken * 1e3 / (passes * count) as f64);
        }
    }
}

/// Items a second by the clock, of `count` that `pass` goes through: the median of `passes`, after one that warms up.
pub fn rate(count: usize, passes: usize, mut pass: impl FnMut()) -> f64 {
    pass();
    median((0..passes).map(|_| {
        let start = Instant::now();
        pass();
        count as f64 / start.elapsed().as_secs_f64()
    }))
}

/// The middle of some values; of an even number, the mean of the two in the middle; of none, no number.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median([]).is_nan());
    }

    #[test]
    fn the_first_pass_does_not_count() {
        let mut passes = 0;
        let slow_start = rate(10, 1, || {
            passes += 1;
            std::thread::sleep(std::time::Duration::from_millis(if passes == 1 { 200 } else { 10 }));
        });
        assert_eq!(passes, 2);
        assert!(slow_start > 10.0 / 0.2, "{slow_start}");
    }
}
