//! McNemar's test of two models on the same items, exactly.

/// The two-sided p value that two models are right equally often, from the items that one of them alone has right.
///
/// Under the null hypothesis each such item falls to either side like a fair coin, so that `p` is the probability of a
/// division of `only_a + only_b` tosses at least as uneven; 1 where there are none. It holds of items that are
/// independent of each other.
///
/// # References
/// McNemar (1947), "Note on the sampling error of the difference between correlated proportions", Psychometrika 12(2);
/// the exact form, e.g. Dietterich (1998), "Approximate statistical tests for comparing supervised classification
/// learning algorithms", Neural Computation 10(7).
pub fn mcnemar_exact(only_a: u64, only_b: u64) -> f64 {
    let (few, tosses) = (only_a.min(only_b), only_a + only_b);
    if only_a == only_b {
        // Both tails meet in the middle.
        return 1.0;
    }
    // ln C(tosses, k) − tosses · ln 2, from k = 0 up: the smallest addends come first, and 2^−tosses may lie below f64.
    let mut ln_term = -(tosses as f64) * std::f64::consts::LN_2;
    let mut ln_terms = vec![ln_term];
    for k in 1..=few {
        ln_term += ((tosses - k + 1) as f64 / k as f64).ln();
        ln_terms.push(ln_term);
    }
    let tail: f64 = ln_terms.iter().map(|term| (term - ln_term).exp()).sum();
    (2.0 * tail * ln_term.exp()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_by_hand() {
        assert_eq!(mcnemar_exact(0, 0), 1.0);
        assert!((mcnemar_exact(5, 0) - 2.0 / 32.0).abs() < 1e-15);
        assert!((mcnemar_exact(1, 4) - 2.0 * 6.0 / 32.0).abs() < 1e-15);
        assert_eq!(mcnemar_exact(3, 3), 1.0);
    }

    #[test]
    fn which_model_comes_first_does_not_matter() {
        assert_eq!(mcnemar_exact(12, 31), mcnemar_exact(31, 12));
    }
}
