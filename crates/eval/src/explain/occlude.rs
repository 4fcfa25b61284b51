//! Occlusion: what is lost with each rectangle of the input.

use super::Units;

/// How an input is cut into rectangles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangles {
    /// [frames, bins] of the whole input.
    pub input: [usize; 2],
    /// [frames, bins] of a rectangle; those at the ends may be smaller.
    pub size: [usize; 2],
}

impl Rectangles {
    /// Rectangles [along, across] the input.
    pub fn count(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.input[axis].div_ceil(self.size[axis]))
    }

    /// The rectangle of each value, `[frames · bins]`.
    pub fn of_values(&self) -> Vec<usize> {
        let ([_, bins], [_, across]) = (self.input, self.count());
        (0..self.input[0] * bins).map(|place| place / bins / self.size[0] * across + place % bins / self.size[1]).collect()
    }
}

/// What the answer loses when each unit, alone, is replaced by the baseline: a number a unit.
///
/// `ask` gives the answer to an input of as many values.
///
/// # Errors
/// Those of `ask`.
///
/// # References
/// M. Zeiler, R. Fergus: Visualizing and understanding convolutional networks, 2014, section 4.2.
pub fn occlusion<E>(units: &Units<'_>, mut ask: impl FnMut(&[f32]) -> Result<f64, E>) -> Result<Vec<f32>, E> {
    let whole = ask(units.values)?;
    (0..units.count())
        .map(|hidden| {
            let places = units.values.iter().zip(units.baseline).zip(units.of_values);
            let input: Vec<f32> = places.map(|((value, baseline), unit)| if *unit == hidden { *baseline } else { *value }).collect();
            Ok((whole - ask(&input)?) as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_answer_hangs_on_is_what_is_lost() {
        let rectangles = Rectangles { input: [5, 4], size: [2, 3] };
        assert_eq!(rectangles.count(), [3, 2]);
        let of_values = rectangles.of_values();
        assert_eq!(of_values[..8], [0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(of_values[16..], [4, 4, 4, 5]);
        let values: Vec<f32> = (0..20).map(|i| i as f32).collect();
        let units = Units { values: &values, baseline: &[0.0; 20], of_values: &of_values };
        // The last value of the second row alone: 7, in the rectangle 1.
        let lost = occlusion::<()>(&units, |input| Ok(f64::from(input[7]))).unwrap();
        assert_eq!(lost, [0.0, 7.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(occlusion(&units, |_| Err("asked")), Err("asked"));
    }
}
