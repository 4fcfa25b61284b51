//! Two models beside each other, a row a class.

use super::{Figure, Key, Numbers, Panel};
use crate::report::{
    plot::PROTOCOLS,
    plot_rows::{Axis, Dot, Line, rows},
};

/// Shares of the first side (a ring) and of the second (the mark tied to it), a row each.
pub(crate) fn paired_figure(
    [title, caption]: [&str; 2],
    [a, b]: [&str; 2],
    shares: &[(String, f64, f64)],
    heads: Vec<String>,
    numbers: Vec<Vec<String>>,
) -> Figure {
    let ink = &PROTOCOLS[1];
    let line = |(label, a, b): &(String, f64, f64)| Line {
        label: label.clone(),
        dots: vec![Dot { column: 0, ink, value: *b, ends: None, from: Some(*a) }],
        bar: None,
    };
    Figure {
        name: super::file_name(&[title]),
        title: title.to_owned(),
        caption: caption.to_owned(),
        keys: vec![Key::new("○", format!("A: {a}"), "k1", ink), Key::new("●", format!("B: {b}"), "k1", ink)],
        panels: rows(&shares.iter().map(line).collect::<Vec<_>>(), &Axis::UNIT).map(|drawing| vec![Panel { name: None, drawing }]),
        numbers: Numbers { heads, texts: 1, rows: numbers },
    }
}
