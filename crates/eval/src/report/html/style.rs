//! The page's style: a file of rules, and the colours that must agree with the drawings.

use segno_page::contrast;

use crate::report::{
    plot::{CLASSES, curve_inks, palette, protocol_ink},
    plot_figures::class_ink,
};

/// Steps of the ramp of the matrices, 0 % to 100 %.
const STEPS: usize = 11;
const LIGHT_RAMP: [[u8; 3]; 3] = [[0xF6, 0xF8, 0xFB], [0x5C, 0x9A, 0xD4], [0x08, 0x30, 0x6B]];
const DARK_RAMP: [[u8; 3]; 3] = [[0x1B, 0x22, 0x2B], [0x2D, 0x66, 0xA8], [0xB9, 0xDA, 0xFF]];

/// The rules of this page beside the house's own.
pub(super) fn style() -> String {
    let mut dark = String::new();
    for ink in palette() {
        let (light, on_dark) = ink.hex();
        dark += &format!("svg [fill=\"{light}\"]{{fill:{on_dark}}}svg [stroke=\"{light}\"]{{stroke:{on_dark}}}");
    }
    let keys = (0..4).map(|column| (format!("k{column}"), protocol_ink(column))).chain([("train".to_owned(), curve_inks().0)]);
    let keys = keys.chain((0..CLASSES.len()).map(|class| (format!("c{class}"), class_ink(class))));
    let mut light = String::new();
    for (class, ink) in keys {
        let (on_light, on_dark) = ink.hex();
        light += &format!(".{class}>span{{color:{on_light}}}");
        dark += &format!(".{class}>span{{color:{on_dark}}}");
    }
    light += &ramp(&LIGHT_RAMP);
    dark += &ramp(&DARK_RAMP);
    format!("{}{light}@media screen and (prefers-color-scheme:dark){{{dark}}}", include_str!("style.css"))
}

fn ramp(anchors: &[[u8; 3]; 3]) -> String {
    let rule = |step: usize| {
        let ground = at(anchors, step);
        let [red, green, blue] = ground;
        format!(".h{step}{{background:#{red:02X}{green:02X}{blue:02X};color:{}}}", if on(ground) { "#FFF" } else { "#000" })
    };
    (0..STEPS).map(rule).collect()
}

/// The colour of a step: straight lines between first, middle and last anchor.
fn at(anchors: &[[u8; 3]; 3], step: usize) -> [u8; 3] {
    let place = step as f64 / (STEPS - 1) as f64 * 2.0;
    let first = (place as usize).min(1);
    let mut color = [0; 3];
    for (channel, value) in color.iter_mut().enumerate() {
        let (from, to) = (f64::from(anchors[first][channel]), f64::from(anchors[first + 1][channel]));
        *value = (from + (to - from) * (place - first as f64)).round() as u8;
    }
    color
}

/// Whether white text stands out more from `ground` than black does.
fn on(ground: [u8; 3]) -> bool {
    contrast(ground, [255; 3]) > contrast(ground, [0; 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrast_of_black_and_white_is_21() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn text_stands_out_from_every_step_of_both_ramps() {
        for anchors in [&LIGHT_RAMP, &DARK_RAMP] {
            for step in 0..STEPS {
                let ground = at(anchors, step);
                let text = if on(ground) { [255; 3] } else { [0; 3] };
                assert!(contrast(ground, text) >= 4.5, "step {step}: {ground:?} gives {}", contrast(ground, text));
            }
        }
    }

    #[test]
    fn the_ramps_run_from_their_first_to_their_last_anchor() {
        assert_eq!((at(&LIGHT_RAMP, 0), at(&LIGHT_RAMP, 5), at(&LIGHT_RAMP, 10)), (LIGHT_RAMP[0], LIGHT_RAMP[1], LIGHT_RAMP[2]));
    }
}
