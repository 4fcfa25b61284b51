//! How numbers look, alike in every form.

use segno_dataset::Protocol;

use crate::stats::{Interval, Summary};

/// What stands where a number is undefined.
pub(crate) const DASH: &str = "–";

/// `0.892`, or a dash.
pub(crate) fn fraction(value: Option<f64>) -> String {
    value.map_or_else(|| DASH.to_owned(), |value| decimals(value, 3))
}

/// The paper's figure with as many digits as the paper gives.
pub(crate) fn paper(value: Option<&f64>) -> String {
    value.map_or_else(|| DASH.to_owned(), |value| value.to_string())
}

/// A number with a true minus sign and no negative zero.
pub(crate) fn decimals(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// `0.892 ± 0.013`, without the spread where it is undefined.
pub(crate) fn mean_sd(summary: &Summary, digits: usize) -> String {
    match (summary.mean, summary.sd) {
        (Some(mean), Some(sd)) => format!("{} ± {}", decimals(mean, digits), decimals(sd, digits)),
        (Some(mean), None) => decimals(mean, digits),
        (None, _) => DASH.to_owned(),
    }
}

/// `[0.860, 0.924]`, or nothing where it is undefined.
pub(crate) fn interval(interval: Option<Interval>, digits: usize) -> Option<String> {
    interval.map(|ends| format!("[{}, {}]", decimals(ends.low, digits), decimals(ends.high, digits)))
}

/// `1 seed`, `3 seeds`.
pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `4 min 12 s`, `3.2 s`, `210 ms`.
pub(crate) fn duration(seconds: f64) -> String {
    if seconds < 0.9995 {
        return format!("{:.0} ms", seconds * 1000.0);
    }
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours} h {minutes:02} min") } else { format!("{minutes} min {rest:02} s") }
}

/// `0.031`; below a thousandth, `<0.001`.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { decimals(p, 3) }
}

/// The first letters of a digest, which is enough to tell two apart.
pub(crate) fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// A heading, with the task before it where a report has several.
pub(crate) fn of_task(task: &str, tasks: usize, heading: &str) -> String {
    capitalised(&if tasks > 1 { format!("{task}: {heading}") } else { heading.to_owned() })
}

/// The head of a leak's column; only where there are several, or another than by track, does it say what is kept apart.
pub(crate) fn leak_head(strict: &[Protocol], index: usize) -> String {
    let apart = match strict[index] {
        Protocol::Track => "track",
        Protocol::Artist if strict.contains(&Protocol::ArtistOnce) => "artist, in folds",
        _ => "artist",
    };
    if strict == [Protocol::Track] { "leak, points".to_owned() } else { format!("leak by {apart}, points") }
}

/// With a capital at the start.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_a_true_minus_and_no_negative_zero() {
        assert_eq!(decimals(-1.26, 1), "−1.3");
        assert_eq!(decimals(-0.0004, 3), "0.000");
        assert_eq!(fraction(None), "–");
        assert_eq!(paper(Some(&0.79)), "0.79");
        assert_eq!(paper(Some(&0.7316)), "0.7316");
    }

    #[test]
    fn a_single_seed_shows_its_value_alone() {
        assert_eq!(mean_sd(&Summary::of(&[0.5]), 3), "0.500");
        assert_eq!(mean_sd(&Summary::of(&[0.5, 0.6]), 3), "0.550 ± 0.071");
        assert_eq!(mean_sd(&Summary::of(&[]), 3), "–");
        assert_eq!(interval(Summary::of(&[0.5]).interval, 3), None);
    }

    #[test]
    fn times_are_written_for_people() {
        let written: Vec<_> = [0.0, 0.21, 0.9999, 3.21, 59.97, 252.0, 3725.0].map(duration).into();
        assert_eq!(written, ["0 ms", "210 ms", "1.0 s", "3.2 s", "1 min 00 s", "4 min 12 s", "1 h 02 min"]);
    }
}
