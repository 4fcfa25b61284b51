//! Seventy, ten and twenty per cent of a whole number.

/// Tenths of the whole that train, valid and test get (Irvin et al.: 4200/600/1200 of 6000 clips).
const TENTHS: [usize; 3] = [7, 1, 2];

/// Shares `n` out by the largest remainder; a tie goes to test before valid before train, so that
/// a genre of few tracks is tested at all.
pub(super) fn apportion(n: usize) -> [usize; 3] {
    let mut counts = TENTHS.map(|tenths| n * tenths / 10);
    let mut by_remainder = [2, 1, 0];
    // A stable sort: among equals the order above stays.
    by_remainder.sort_by_key(|&part| std::cmp::Reverse(n * TENTHS[part] % 10));
    let rest = n - counts.iter().sum::<usize>();
    for &part in &by_remainder[..rest] {
        counts[part] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_the_paper() {
        assert_eq!(apportion(6000), [4200, 600, 1200]);
        assert_eq!(apportion(100), [70, 10, 20]);
        assert_eq!(apportion(10), [7, 1, 2]);
    }

    #[test]
    fn small_wholes() {
        let expected = [[0, 0, 0], [1, 0, 0], [1, 0, 1], [2, 0, 1], [3, 0, 1], [3, 1, 1]];
        for (n, expected) in expected.into_iter().enumerate() {
            assert_eq!(apportion(n), expected, "{n}");
        }
    }

    #[test]
    fn nothing_is_lost_and_nobody_is_off_by_one() {
        for n in 0..2000 {
            let counts = apportion(n);
            assert_eq!(counts.iter().sum::<usize>(), n);
            for (count, tenths) in counts.into_iter().zip(TENTHS) {
                assert!((count * 10).abs_diff(n * tenths) < 10, "{n}: {counts:?}");
            }
        }
    }
}
