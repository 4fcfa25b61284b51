//! What every drawing is made of: inks, marks, and the SVG of a box.
//!
//! Drawings are narrow (about 1000 units wide, text of 30) so that a phone shows them whole and readable. Colours are those
//! of the light theme; the page's style maps them to the dark one by attribute, see [`palette`].

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use segno_dataset::Protocol;

/// A colour in the light theme, and in the dark one.
pub(crate) struct Ink {
    pub(crate) light: RGBColor,
    dark: RGBColor,
}

const fn ink(light: [u8; 3], dark: [u8; 3]) -> Ink {
    Ink { light: RGBColor(light[0], light[1], light[2]), dark: RGBColor(dark[0], dark[1], dark[2]) }
}

/// Classes in the plane; a mark of its own tells two of like colour apart.
pub(super) const CLASSES: [Ink; segno_page::CLASSES.len()] =
    [class(0), class(1), class(2), class(3), class(4), class(5), class(6), class(7), class(8), class(9)];

const fn class(index: usize) -> Ink {
    let [light, dark] = segno_page::CLASSES[index];
    ink(light, dark)
}

/// Text and axes.
pub(super) const TEXT: Ink = ink([0x33, 0x3A, 0x42], [0xC9, 0xD1, 0xD9]);
/// Grid lines.
pub(crate) const GRID: Ink = ink([0xDD, 0xE1, 0xE6], [0x2F, 0x37, 0x41]);
/// The paper's figure.
pub(super) const PAPER: Ink = ink([0x11, 0x14, 0x18], [0xF0, 0xF3, 0xF6]);
/// The protocols, in the order of the columns.
pub(super) const PROTOCOLS: [Ink; Protocol::ALL.len()] = [
    ink([0xB4, 0x4A, 0x09], [0xF2, 0xA1, 0x5F]),
    ink([0x1F, 0x5F, 0xBF], [0x7F, 0xB3, 0xFF]),
    ink([0x1B, 0x7A, 0x43], [0x6F, 0xD0, 0x93]),
    ink([0x8A, 0x3F, 0xA8], [0xD4, 0x9B, 0xEC]),
    ink([0x7D, 0x6B, 0x10], [0xDC, 0xCB, 0x62]),
];
/// Training in the learning curves; validation takes the second protocol's colour.
pub(crate) const TRAIN: Ink = ink([0x7A, 0x84, 0x8F], [0x8D, 0x97, 0xA3]);

/// Every colour of the drawings.
pub(super) fn palette() -> impl Iterator<Item = &'static Ink> {
    [&TEXT, &GRID, &PAPER, &TRAIN].into_iter().chain(&PROTOCOLS).chain(&CLASSES)
}

impl Ink {
    /// As plotters writes it into the SVG, and its counterpart on a dark page.
    pub(crate) fn hex(&self) -> (String, String) {
        let hex = |color: &RGBColor| format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2);
        (hex(&self.light), hex(&self.dark))
    }
}

/// The ink of the protocol in column `column`; there are as many as protocols.
pub(crate) fn protocol_ink(column: usize) -> &'static Ink {
    &PROTOCOLS[column % PROTOCOLS.len()]
}

/// The class of the key of column `column` in the page's style.
pub(crate) fn protocol_class(column: usize) -> String {
    format!("k{}", column % PROTOCOLS.len())
}

/// The ink of a training curve, and of a validation curve.
pub(super) const fn curve_inks() -> (&'static Ink, &'static Ink) {
    (&TRAIN, &PROTOCOLS[1])
}

/// The mark of the protocol in column `column`, as a letter for the legend.
pub(super) fn protocol_mark(column: usize) -> &'static str {
    ["●", "▲", "✕", "■", "◆"][column % PROTOCOLS.len()]
}

/// What a drawing gives: its size in its own units, and the SVG elements within.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// Units across.
    pub width: u32,
    /// Units down.
    pub height: u32,
    /// Text in them is escaped.
    pub elements: String,
}

pub(crate) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub(crate) fn drawing(width: u32, height: u32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<Drawing, String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        draw(&root).and_then(|()| root.present()).map_err(|error| error.to_string())?;
    }
    // Who shows it writes the outer element, with a name for who cannot see it.
    let start = svg.find('>').map_or(0, |at| at + 1);
    let end = svg.rfind("</svg>").unwrap_or(svg.len());
    Ok(Drawing { width, height, elements: svg[start..end].trim().to_owned() })
}

/// What plotters divides the size of a text by in SVG.
const POINTS: f64 = 1.24;

/// Text of a drawing, `size` units high in the SVG.
pub(crate) fn font(size: u32) -> TextStyle<'static> {
    ("sans-serif", f64::from(size) * POINTS).into_font().color(&TEXT.light)
}

/// Writes text at a place, anchored there.
pub(super) fn write(root: &Area<'_>, text: &str, at: (i32, i32), size: u32, (across, along): (HPos, VPos)) -> Drawn {
    root.draw(&Text::new(text.to_owned(), at, font(size).pos(Pos::new(across, along))))
}

/// Draws the mark of [`protocol_mark`]; an open one is a ring.
pub(super) fn mark(root: &Area<'_>, column: usize, (x, y): (i32, i32), ink: RGBColor, open: bool) -> Drawn {
    if open {
        return root.draw(&Circle::new((x, y), 10, ink.stroke_width(4)));
    }
    match column % PROTOCOLS.len() {
        0 => root.draw(&Circle::new((x, y), 10, ink.filled())),
        1 => root.draw(&TriangleMarker::new((x, y), 13, ink.filled())),
        2 => root.draw(&Cross::new((x, y), 9, ink.stroke_width(5))),
        3 => root.draw(&Rectangle::new([(x - 9, y - 9), (x + 9, y + 9)], ink.filled())),
        _ => root.draw(&Polygon::new([(x - 13, y), (x, y - 13), (x + 13, y), (x, y + 13)], ink.filled())),
    }
}
