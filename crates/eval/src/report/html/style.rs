//! The rules of the report's page beside the house's own, and the colours that must agree with the drawings.

use crate::report::{
    plot::{CLASSES, PROTOCOLS, curve_inks, palette, protocol_class, protocol_ink},
    plot_figures::class_ink,
    ramp::{Color, Ramp, STEPS},
};

/// The rules of this page beside the house's own.
pub(crate) fn style() -> String {
    let mut dark = String::new();
    for ink in palette() {
        let (light, on_dark) = ink.hex();
        dark += &format!("svg [fill=\"{light}\"]{{fill:{on_dark}}}svg [stroke=\"{light}\"]{{stroke:{on_dark}}}");
    }
    let keys =
        (0..PROTOCOLS.len()).map(|column| (protocol_class(column), protocol_ink(column))).chain([("train".to_owned(), curve_inks().0)]);
    let keys = keys.chain((0..CLASSES.len()).map(|class| (format!("c{class}"), class_ink(class))));
    let mut light = String::new();
    for (class, ink) in keys {
        let (on_light, on_dark) = ink.hex();
        light += &format!(".{class}>span{{color:{on_light}}}");
        dark += &format!(".{class}>span{{color:{on_dark}}}");
    }
    light += &cells(&Ramp::LIGHT);
    dark += &cells(&Ramp::DARK);
    format!("{}{light}@media screen and (prefers-color-scheme:dark){{{dark}}}", include_str!("style.css"))
}

fn cells(ramp: &Ramp) -> String {
    let hex = |[red, green, blue]: Color| format!("#{red:02X}{green:02X}{blue:02X}");
    let rule = |step: usize| {
        let (ground, text) = ramp.colors(step as f64 / (STEPS - 1) as f64);
        format!(".h{step}{{background:{};color:{}}}", hex(ground), hex(text))
    };
    (0..STEPS).map(rule).collect()
}
