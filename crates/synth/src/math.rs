//! The few transcendental functions the renderer needs, built from additions and multiplications.
//!
//! `f64::sin` and its kin come from the platform's mathematics library and differ in the last bit from one to the
//! next. IEEE 754 fixes `+ − × ÷ √` and rounding to an integer, so what is built from those gives the same bytes
//! everywhere.

/// sin(2π · `turns`), to about 1e-15.
pub(crate) fn sin_turns(turns: f64) -> f64 {
    let mut x = turns - turns.round();
    // Fold [-½, ½] onto [-¼, ¼], where a short series is enough.
    if x > 0.25 {
        x = 0.5 - x;
    } else if x < -0.25 {
        x = -0.5 - x;
    }
    let angle = x * std::f64::consts::TAU;
    let square = angle * angle;
    let (mut term, mut sum) = (angle, angle);
    for k in 1..10 {
        let n = f64::from(2 * k);
        term *= -square / (n * (n + 1.0));
        sum += term;
    }
    sum
}

/// cos(2π · `turns`).
pub(crate) fn cos_turns(turns: f64) -> f64 {
    sin_turns(turns + 0.25)
}

/// 2 to the power `x`, for |x| < 1000.
pub(crate) fn exp2(x: f64) -> f64 {
    let whole = x.round();
    let y = (x - whole) * std::f64::consts::LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..16 {
        term *= y / f64::from(k);
        sum += term;
    }
    // The exponent field alone makes the power of two: exact, and no library call.
    sum * f64::from_bits(((1023 + whole as i64) as u64) << 52)
}

/// The amplitude factor of a level in decibels.
pub(crate) fn gain_of_db(db: f64) -> f64 {
    exp2(db * std::f64::consts::LOG2_10 / 20.0)
}

/// The factor a sample that halves an envelope every `half_life_s`.
pub(crate) fn decay_per_sample(half_life_s: f64, sample_rate_hz: f64) -> f64 {
    exp2(-1.0 / (half_life_s * sample_rate_hz))
}

/// The frequency of a pitch given as a (fractional) MIDI note number, A4 = 69 = 440 Hz.
pub(crate) fn hz_of_midi(note: f64) -> f64 {
    440.0 * exp2((note - 69.0) / 12.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for i in -4000..4000 {
            let x = f64::from(i) * 0.001_37;
            let sine = (x * std::f64::consts::TAU).sin();
            assert!((sin_turns(x) - sine).abs() < 1e-13, "sin of {x} turns");
            assert!((cos_turns(x) - (x * std::f64::consts::TAU).cos()).abs() < 1e-13, "cos of {x} turns");
            let power = x.exp2();
            assert!((exp2(x) - power).abs() <= 1e-14 * power, "2^{x}");
        }
        assert!((gain_of_db(-20.0) - 0.1).abs() < 1e-15);
        assert!((hz_of_midi(57.0) - 220.0).abs() < 1e-10);
    }
}
