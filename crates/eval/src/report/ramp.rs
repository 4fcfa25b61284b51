//! The colours of the cells of a matrix, from 0 to 1.

use segno_page::contrast;

/// Steps from 0 % to 100 %.
pub(super) const STEPS: usize = 11;

/// Red, green, blue.
pub(super) type Color = [u8; 3];

/// First, middle and last colour.
pub(super) struct Ramp([Color; 3]);

impl Ramp {
    /// On a light page, and in files.
    pub(super) const LIGHT: Self = Self([[0xF6, 0xF8, 0xFB], [0x5C, 0x9A, 0xD4], [0x08, 0x30, 0x6B]]);
    /// On a dark page.
    pub(super) const DARK: Self = Self([[0x1B, 0x22, 0x2B], [0x2D, 0x66, 0xA8], [0xB9, 0xDA, 0xFF]]);

    /// The colour of a share, and of text on it: black or white, whichever stands out more.
    pub(super) fn colors(&self, share: f64) -> (Color, Color) {
        let ground = self.at(step(share));
        let white = contrast(ground, [255; 3]) > contrast(ground, [0; 3]);
        (ground, if white { [255; 3] } else { [0; 3] })
    }

    /// The colour of a step: straight lines between first, middle and last.
    fn at(&self, step: usize) -> Color {
        let place = step as f64 / (STEPS - 1) as f64 * 2.0;
        let first = (place as usize).min(1);
        let mut color = [0; 3];
        for (channel, value) in color.iter_mut().enumerate() {
            let (from, to) = (f64::from(self.0[first][channel]), f64::from(self.0[first + 1][channel]));
            *value = (from + (to - from) * (place - first as f64)).round() as u8;
        }
        color
    }
}

/// The step of the ramp that a share falls on.
pub(super) fn step(share: f64) -> usize {
    (share * (STEPS - 1) as f64).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_out_from_every_step_of_both_ramps() {
        for ramp in [Ramp::LIGHT, Ramp::DARK] {
            for step in 0..STEPS {
                let (ground, text) = ramp.colors(step as f64 / 10.0);
                assert!(contrast(ground, text) >= 4.5, "step {step}: {ground:?} gives {}", contrast(ground, text));
            }
        }
    }

    #[test]
    fn the_ramps_run_from_their_first_to_their_last_colour() {
        let ramp = Ramp::LIGHT;
        assert_eq!((ramp.at(0), ramp.at(5), ramp.at(10)), (ramp.0[0], ramp.0[1], ramp.0[2]));
    }
}
