//! Rows of marks on one axis, a mark for each of several numbers, intervals as lines; short labels stand to the left of the
//! marks, long ones above them.

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

use super::{
    plot::{Area, Drawing, Drawn, GRID, Ink, PAPER, drawing, mark, write},
    text,
};
use crate::stats::Interval;

/// One row.
pub(crate) struct Line {
    pub(crate) label: String,
    /// One below the other.
    pub(crate) dots: Vec<Dot>,
    /// A bar through all of them.
    pub(crate) bar: Option<f64>,
}

/// A number of a row.
pub(crate) struct Dot {
    /// Which mark, see [`mark`].
    pub(crate) column: usize,
    pub(crate) ink: &'static Ink,
    pub(crate) value: f64,
    pub(crate) ends: Option<Interval>,
    /// A second number, drawn as a ring and tied to the first.
    pub(crate) from: Option<f64>,
}

/// The axis below.
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) step: f64,
    pub(crate) digits: usize,
}

impl Axis {
    /// Fractions.
    pub(crate) const UNIT: Self = Self { low: 0.0, high: 1.0, step: 0.2, digits: 1 };

    /// Round ends around 0 and all of `values`, for points.
    pub(crate) fn around(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.fold((0.0_f64, 1.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter().find(|step| (high - low) / step <= 6.0).unwrap_or(200.0);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step, digits: 0 }
    }
}

const WIDTH: i32 = 1000;
const RIGHT: i32 = 40;
const AXIS: i32 = 64;
const TEXT: u32 = 34;
const LETTER: i32 = 19;
/// A label of more letters does not fit above the marks.
const LONGEST: usize = 50;
/// Labels of at most so many letters stand to the left.
const SHORT: usize = 14;

/// Where labels and marks of the rows stand.
struct Layout {
    /// Where the axis begins.
    left: i32,
    /// How much room a label takes above its marks.
    label: i32,
    /// From one mark of a row to the next.
    dot: i32,
    gap: i32,
}

impl Layout {
    fn of(lines: &[Line]) -> Self {
        let longest = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0);
        let plain = lines.iter().flat_map(|line| &line.dots).all(|dot| dot.ends.is_none() && dot.from.is_none());
        let dot = if plain { 15 } else { 24 };
        match i32::try_from(longest) {
            Ok(letters) if longest <= SHORT => Self { left: LETTER * letters + 40, label: 0, dot, gap: 24 },
            _ => Self { left: 40, label: 46, dot, gap: 26 },
        }
    }

    fn height(&self, line: &Line) -> i32 {
        (self.label + self.dot * i32::try_from(line.dots.len().max(1)).unwrap_or(1)).max(TEXT.cast_signed()) + self.gap
    }
}

/// The rows one below the other over one axis; what lies beyond its ends is cut there.
pub(crate) fn rows(lines: &[Line], axis: &Axis) -> Result<Drawing, String> {
    let layout = Layout::of(lines);
    let bottom: i32 = lines.iter().map(|line| layout.height(line)).sum();
    let share = |value: f64| (value.clamp(axis.low, axis.high) - axis.low) / (axis.high - axis.low);
    let x = |value: f64| layout.left + (share(value) * f64::from(WIDTH - RIGHT - layout.left)).round() as i32;
    drawing(WIDTH.unsigned_abs(), (bottom + AXIS).unsigned_abs(), |root| {
        let ticks = ((axis.high - axis.low) / axis.step).round() as u32;
        for tick in 0..=ticks {
            let value = axis.low + f64::from(tick) * axis.step;
            let width = if value.abs() < 1e-9 && axis.low < 0.0 { 4 } else { 2 };
            root.draw(&PathElement::new([(x(value), 0), (x(value), bottom)], GRID.light.stroke_width(width)))?;
            write(root, &text::decimals(value, axis.digits), (x(value), bottom + 12), TEXT, (HPos::Center, VPos::Top))?;
        }
        let mut top = 0;
        for line in lines {
            let height = layout.height(line);
            root.draw(&PathElement::new([(0, top), (WIDTH, top)], GRID.light.stroke_width(1)))?;
            let (place, across) = match layout.label {
                0 => ((layout.left - 24, top + height / 2), HPos::Right),
                label => ((8, top + label / 2 + 6), HPos::Left),
            };
            write(root, &shortened(&line.label), place, TEXT, (across, VPos::Center))?;
            let dots = layout.dot * i32::try_from(line.dots.len()).unwrap_or(0);
            let first = match layout.label {
                0 => top + (height - dots) / 2,
                label => top + label,
            };
            for (index, dot) in line.dots.iter().enumerate() {
                draw(root, dot, first + layout.dot * i32::try_from(index).unwrap_or(0) + layout.dot / 2, x)?;
            }
            if let Some(bar) = line.bar {
                let ends = [(x(bar), first - 2), (x(bar), first + dots.max(layout.dot) + 2)];
                root.draw(&PathElement::new(ends, PAPER.light.stroke_width(7)))?;
            }
            top += height;
        }
        Ok(())
    })
}

fn draw(root: &Area<'_>, dot: &Dot, level: i32, x: impl Fn(f64) -> i32) -> Drawn {
    if let Some(ends) = dot.ends {
        let across = [(x(ends.low), level), (x(ends.high), level)];
        root.draw(&PathElement::new(across, dot.ink.light.mix(0.55).stroke_width(5)))?;
    }
    if let Some(from) = dot.from {
        root.draw(&PathElement::new([(x(from), level), (x(dot.value), level)], dot.ink.light.stroke_width(4)))?;
        mark(root, dot.column, (x(from), level), dot.ink.light, true)?;
    }
    mark(root, dot.column, (x(dot.value), level), dot.ink.light, false)
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    label.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_ends_and_holds_zero() {
        let axis = Axis::around([12.3, 38.0].into_iter());
        assert_eq!((axis.low, axis.high, axis.step), (0.0, 40.0, 10.0));
        let axis = Axis::around([-3.4, 1.0].into_iter());
        assert_eq!((axis.low, axis.high, axis.step), (-4.0, 1.0, 1.0));
    }

    #[test]
    fn what_is_beyond_the_ends_is_cut_there() {
        let ends = Some(Interval { low: -3.0, high: 9.0 });
        let dot = Dot { column: 0, ink: &PAPER, value: 0.5, ends, from: None };
        let drawn = rows(&[Line { label: "<a>".into(), dots: vec![dot], bar: None }], &Axis::UNIT).unwrap();
        assert!(
            drawn.elements.contains("960,") && !drawn.elements.contains("\"-") && drawn.elements.contains("&lt;a&gt;"),
            "{}",
            drawn.elements
        );
    }
}
