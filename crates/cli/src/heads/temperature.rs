//! The temperature that makes a head's probabilities worth their name.

use segno_models::tempered;

/// The temperature of the smallest log loss, and that loss, by golden section over its logarithm.
///
/// To the n answers come two, one right and one wrong, at what such an answer costs on the average: however right all n are, they promise
/// no more than the next one has by the rule of succession, (n + 1) / (n + 2). Without that, answers that are all right would take the
/// lowest temperature there is, and the head would be sure of everything.
///
/// # References
/// Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks", section 4.2; Platt 1999, "Probabilistic outputs for
/// support vector machines", section 2.2, for the two.
pub fn best_temperature(logits: &[f32], labels: &[usize], classes: usize) -> (f64, f64) {
    let n = labels.len() as f64;
    let loss = |exponent: f64| {
        let probabilities = tempered(logits, classes, exponent.exp());
        let of = |(row, label): (&[f32], &usize)| {
            let cost = |probability: f32| -f64::from(probability.max(f32::MIN_POSITIVE)).ln();
            let best = (0..classes).max_by(|a, b| row[*a].total_cmp(&row[*b])).expect("a class at least");
            // One minus the best would be 0 long before this is.
            let others: f32 = row.iter().enumerate().filter(|(class, _)| *class != best).map(|(_, probability)| probability).sum();
            cost(row[*label]) + (cost(row[best]) + cost(others)) / n
        };
        probabilities.chunks_exact(classes).zip(labels).map(of).sum::<f64>() / (n + 2.0)
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.02_f64.ln(), 50.0_f64.ln());
    for _ in 0..40 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    let middle = (low + high) / 2.0;
    (middle.exp(), loss(middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `n` answers with a logit of 5 between two classes, all but the last `wrong` right: the best temperature, and what it makes of
    /// the confidence.
    fn of(n: usize, wrong: usize) -> (f64, f64) {
        let labels: Vec<usize> = (0..n).map(|at| usize::from(at >= n - wrong)).collect();
        let logits = [5.0, 0.0].repeat(n);
        let (temperature, _) = best_temperature(&logits, &labels, 2);
        (temperature, f64::from(tempered(&logits, 2, temperature)[0]))
    }

    #[test]
    fn the_temperature_makes_confidence_what_it_claims() {
        // Right three times of four with logits that claim far more: a temperature above 1, at which it claims 3/4.
        let (temperature, claimed) = of(4000, 1000);
        assert!((claimed - 0.75).abs() < 1e-3 && temperature > 1.0, "{claimed}, {temperature}");
    }

    #[test]
    fn a_few_right_answers_promise_no_certainty() {
        for (n, succession) in [(8, 0.9), (30, 31.0 / 32.0), (98, 0.99)] {
            let (_, claimed) = of(n, 0);
            assert!((claimed - succession).abs() < 1e-3, "{n} of {n}: {claimed}");
        }
    }
}
