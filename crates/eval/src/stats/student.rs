//! Student's t, exactly, for whole degrees of freedom.

use std::f64::consts::FRAC_PI_2;

/// The probability that |T| ≤ `t` for Student's T with `degrees` of freedom; `None` without any freedom or for a negative `t`.
///
/// The finite trigonometric series, with θ = atan(t / √ν); no gamma function, no table.
///
/// # References
/// Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
pub fn t_two_sided(t: f64, degrees: u32) -> Option<f64> {
    if degrees == 0 || t.is_nan() || t < 0.0 {
        return None;
    }
    let theta = (t / f64::from(degrees).sqrt()).atan();
    let (sin, cos) = theta.sin_cos();
    let cos_squared = cos * cos;
    // Odd: cos + (2/3)cos³ + (2·4)/(3·5)cos⁵ + …; even: 1 + (1/2)cos² + (1·3)/(2·4)cos⁴ + …; both end at cos^(ν-2).
    let odd = degrees % 2 == 1;
    let mut term = if odd { cos } else { 1.0 };
    let mut sum = if degrees == 1 { 0.0 } else { term };
    let mut step = if odd { 2 } else { 1 };
    while step + 2 < degrees {
        term *= cos_squared * f64::from(step) / f64::from(step + 1);
        sum += term;
        step += 2;
    }
    Some(if odd { (theta + sin * sum) / FRAC_PI_2 } else { sin * sum })
}

/// The `probability` quantile of Student's t with `degrees` of freedom, for probabilities from ½ up to (not at) 1;
/// `None` outside. The lower half follows from symmetry.
pub fn t_quantile(probability: f64, degrees: u32) -> Option<f64> {
    if degrees == 0 || !(0.5..1.0).contains(&probability) {
        return None;
    }
    let target = 2.0 * probability - 1.0;
    let below = |t: f64| t_two_sided(t, degrees).is_some_and(|found| found < target);
    let mut high = 1.0;
    while below(high) {
        high *= 2.0;
        // Past this the probability is 1 to the last bit and cannot grow: the target is out of reach of an f64.
        if high > 1e300 {
            return None;
        }
    }
    let mut low = 0.0;
    // Halve until the two ends are neighbours among the f64s.
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Some(middle);
        }
        if below(middle) { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_is_cauchy() {
        for t in [0.0, 0.3, 1.0, 12.706] {
            assert!((t_two_sided(t, 1).unwrap() - t.atan() / FRAC_PI_2).abs() < 1e-15);
        }
    }

    #[test]
    fn two_degrees_have_a_closed_form() {
        for t in [0.0_f64, 0.3, 1.0, 4.3] {
            assert!((t_two_sided(t, 2).unwrap() - t / (2.0 + t * t).sqrt()).abs() < 1e-15);
        }
    }

    #[test]
    fn the_quantile_inverts_the_probability() {
        for degrees in [1, 2, 3, 4, 9, 30, 101] {
            let t = t_quantile(0.975, degrees).unwrap();
            assert!((t_two_sided(t, degrees).unwrap() - 0.95).abs() < 1e-12, "{degrees} degrees: {t}");
        }
    }

    #[test]
    fn outside_its_domain_it_is_undefined() {
        assert_eq!(t_quantile(0.975, 0), None);
        assert_eq!(t_quantile(1.0, 3), None);
        assert_eq!(t_quantile(0.2, 3), None);
        assert_eq!(t_quantile(f64::NAN, 3), None);
        assert_eq!(t_two_sided(-1.0, 3), None);
        assert_eq!(t_quantile(0.5, 3), Some(0.0), "the lower end of the domain");
    }
}
