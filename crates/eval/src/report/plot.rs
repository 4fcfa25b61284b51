//! The drawings: accuracies beside the paper's, and learning curves, as inline SVG.
//!
//! Drawn at twice the size they are shown at, since plotters rounds to whole pixels. Colours are those of the light
//! theme; the page's style maps them to the dark one by attribute, see [`palette`].

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    model::{CurveGroup, Epoch, Report, TaskReport},
    text,
};

/// A colour in the light theme, and in the dark one.
pub(super) struct Ink {
    pub(super) light: RGBColor,
    dark: RGBColor,
}

const fn ink(light: [u8; 3], dark: [u8; 3]) -> Ink {
    Ink { light: RGBColor(light[0], light[1], light[2]), dark: RGBColor(dark[0], dark[1], dark[2]) }
}

/// Classes in the plane, after Okabe and Ito and beyond; a mark of its own tells two of like colour apart.
pub(super) const CLASSES: [Ink; 10] = [
    ink([0x00, 0x62, 0x9B], [0x6C, 0xB8, 0xF0]),
    ink([0xC4, 0x52, 0x00], [0xFF, 0x9A, 0x4D]),
    ink([0x00, 0x7A, 0x5A], [0x4F, 0xD3, 0xAB]),
    ink([0xA8, 0x2E, 0x7C], [0xF2, 0x8C, 0xC8]),
    ink([0x7A, 0x6A, 0x00], [0xE6, 0xD2, 0x55]),
    ink([0x5B, 0x3F, 0xC0], [0xB0, 0xA0, 0xFF]),
    ink([0xB0, 0x1F, 0x2E], [0xFF, 0x80, 0x8A]),
    ink([0x3F, 0x4C, 0x59], [0xB4, 0xC2, 0xD0]),
    ink([0x4F, 0x7F, 0x1A], [0xA4, 0xDD, 0x62]),
    ink([0x6B, 0x42, 0x26], [0xD9, 0xA9, 0x82]),
];

/// Text and axes.
pub(super) const TEXT: Ink = Ink { light: RGBColor(0x33, 0x3A, 0x42), dark: RGBColor(0xC9, 0xD1, 0xD9) };
/// Grid lines.
pub(super) const GRID: Ink = Ink { light: RGBColor(0xDD, 0xE1, 0xE6), dark: RGBColor(0x2F, 0x37, 0x41) };
/// The paper's figure.
pub(super) const PAPER: Ink = Ink { light: RGBColor(0x11, 0x14, 0x18), dark: RGBColor(0xF0, 0xF3, 0xF6) };
/// The protocols, in the order of the columns; further ones take the last.
pub(super) const PROTOCOLS: [Ink; 4] = [
    Ink { light: RGBColor(0xB4, 0x4A, 0x09), dark: RGBColor(0xF2, 0xA1, 0x5F) },
    Ink { light: RGBColor(0x1F, 0x5F, 0xBF), dark: RGBColor(0x7F, 0xB3, 0xFF) },
    Ink { light: RGBColor(0x1B, 0x7A, 0x43), dark: RGBColor(0x6F, 0xD0, 0x93) },
    Ink { light: RGBColor(0x8A, 0x3F, 0xA8), dark: RGBColor(0xD4, 0x9B, 0xEC) },
];
/// Training in the learning curves; validation takes the second protocol's colour.
const TRAIN: Ink = Ink { light: RGBColor(0x7A, 0x84, 0x8F), dark: RGBColor(0x8D, 0x97, 0xA3) };

/// Every colour of the drawings.
pub(super) fn palette() -> impl Iterator<Item = &'static Ink> {
    [&TEXT, &GRID, &PAPER, &TRAIN].into_iter().chain(&PROTOCOLS).chain(&CLASSES)
}

impl Ink {
    /// As plotters writes it into the SVG, and its counterpart on a dark page.
    pub(super) fn hex(&self) -> (String, String) {
        let hex = |color: &RGBColor| format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2);
        (hex(&self.light), hex(&self.dark))
    }
}

/// The ink of the protocol in column `column`.
pub(super) fn protocol_ink(column: usize) -> &'static Ink {
    &PROTOCOLS[column.min(PROTOCOLS.len() - 1)]
}

/// The ink of a training curve, and of a validation curve.
pub(super) const fn curve_inks() -> (&'static Ink, &'static Ink) {
    (&TRAIN, &PROTOCOLS[1])
}

/// The mark of the protocol in column `column`, as a letter for the legend.
pub(super) fn protocol_mark(column: usize) -> &'static str {
    ["●", "▲", "✕", "✕"][column.min(3)]
}

/// What a drawing gives: its size in its own pixels, and the SVG elements within.
pub(super) struct Drawing {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) elements: String,
}

pub(super) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub(super) fn drawing(width: u32, height: u32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<Drawing, String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        draw(&root).and_then(|()| root.present()).map_err(|error| error.to_string())?;
    }
    // The page writes the outer element itself, with a name for who cannot see it.
    let start = svg.find('>').map_or(0, |at| at + 1);
    let end = svg.rfind("</svg>").unwrap_or(svg.len());
    Ok(Drawing { width, height, elements: svg[start..end].trim().to_owned() })
}

pub(super) fn font(size: u32) -> TextStyle<'static> {
    ("sans-serif", f64::from(size)).into_font().color(&TEXT.light)
}

const ROW_HEIGHT: i32 = 58;
/// How far apart the protocols' marks stand within a row.
const OFFSET: i32 = 13;
const TOP: i32 = 8;
const AXIS_HEIGHT: i32 = 64;

/// Clip accuracies: the paper's figure as a bar, ours as marks with their intervals, a line a row.
pub(super) fn accuracies(report: &Report, task: &TaskReport) -> Option<Result<Drawing, String>> {
    let table = task.tables.first()?;
    let rows: Vec<_> = table.rows.iter().filter(|row| row.cells.iter().any(|cell| cell.summary.n > 0)).collect();
    if rows.is_empty() {
        return None;
    }
    let longest = rows.iter().map(|row| report.label(&row.row).chars().count()).max().unwrap_or(0);
    let left = i32::try_from((longest.min(36) * 15 + 40).max(140)).unwrap_or(580);
    let (width, plot_width) = (1600, 1600 - left - 40);
    let bottom = TOP + ROW_HEIGHT * i32::try_from(rows.len()).unwrap_or(0);
    let x = |value: f64| left + (value.clamp(0.0, 1.0) * f64::from(plot_width)).round() as i32;
    Some(drawing(width, (bottom + AXIS_HEIGHT).unsigned_abs(), |root| {
        for tick in 0..=10 {
            let (value, at) = (f64::from(tick) / 10.0, x(f64::from(tick) / 10.0));
            root.draw(&PathElement::new([(at, TOP), (at, bottom)], GRID.light.stroke_width(2)))?;
            if tick % 2 == 0 {
                let style = font(28).pos(Pos::new(HPos::Center, VPos::Top));
                root.draw(&Text::new(format!("{value:.1}"), (at, bottom + 14), style))?;
            }
        }
        for (index, row) in rows.iter().enumerate() {
            let middle = TOP + ROW_HEIGHT * i32::try_from(index).unwrap_or(0) + ROW_HEIGHT / 2;
            let label: String = report.label(&row.row).chars().take(36).collect();
            root.draw(&Text::new(label, (left - 22, middle), font(30).pos(Pos::new(HPos::Right, VPos::Center))))?;
            root.draw(&PathElement::new([(left, middle), (left + plot_width, middle)], GRID.light.stroke_width(1)))?;
            let columns = row.cells.iter().enumerate().filter_map(|(column, cell)| Some((column, cell, cell.summary.mean?)));
            for (column, cell, mean) in columns {
                let ink = protocol_ink(column).light;
                // One above the other around the middle, so that no interval hides another.
                let lowest = OFFSET * i32::try_from(row.cells.len() - 1).unwrap_or(0) / 2;
                let level = middle - lowest + OFFSET * i32::try_from(column).unwrap_or(0);
                if let Some(ends) = cell.summary.interval {
                    let line = [(x(ends.low), level), (x(ends.high), level)];
                    root.draw(&PathElement::new(line, ink.mix(0.55).stroke_width(5)))?;
                }
                mark(root, column, (x(mean), level), ink)?;
            }
            if let Some(paper) = report.row(&row.row).and_then(|facts| facts.paper.get(&task.task).copied()) {
                let at = x(paper);
                root.draw(&PathElement::new([(at, middle - 22), (at, middle + 22)], PAPER.light.stroke_width(6)))?;
            }
        }
        Ok(())
    }))
}

fn mark(root: &Area<'_>, column: usize, at: (i32, i32), ink: RGBColor) -> Drawn {
    match column {
        0 => root.draw(&Circle::new(at, 9, ink.filled())),
        1 => root.draw(&TriangleMarker::new(at, 12, ink.filled())),
        _ => root.draw(&Cross::new(at, 8, ink.stroke_width(5))),
    }
}

const PANEL: (u32, u32) = (440, 300);

/// What a panel of learning curves shows.
#[derive(Clone, Copy)]
pub(super) enum Panel {
    Loss,
    /// Of the task of this index.
    Accuracy(usize),
}

impl Panel {
    /// The panels of a group: loss, and the accuracy of each task.
    pub(super) fn of(group: &CurveGroup) -> Vec<Self> {
        [Self::Loss].into_iter().chain((0..group.tasks.len()).map(Self::Accuracy)).collect()
    }

    pub(super) fn name(self, tasks: &[String]) -> String {
        match self {
            Self::Loss => "loss".to_owned(),
            Self::Accuracy(_) if tasks.len() == 1 => "accuracy".to_owned(),
            Self::Accuracy(task) => format!("accuracy, {}", tasks[task]),
        }
    }

    fn values(self, epoch: &Epoch) -> [f64; 2] {
        match self {
            Self::Loss => [epoch.train_loss, epoch.valid_loss].map(f64::from),
            Self::Accuracy(task) => {
                [&epoch.train_accuracy, &epoch.valid_accuracy].map(|all| all.get(task).map_or(f64::NAN, |value| f64::from(*value)))
            }
        }
    }
}

/// Training and validation over epochs, a thin line a seed; a dot marks the epoch that was kept.
pub(super) fn curves(group: &CurveGroup, panel: Panel) -> Option<Result<Drawing, String>> {
    let epochs = || group.runs.iter().flat_map(|run| &run.epochs);
    let last = epochs().map(|epoch| epoch.epoch).max()?;
    let highest = match panel {
        Panel::Accuracy(_) => 1.0,
        Panel::Loss => {
            let finite = epochs().flat_map(|epoch| panel.values(epoch)).filter(|value| value.is_finite());
            finite.fold(0.0, f64::max).max(0.1) * 1.05
        }
    };
    Some(drawing(PANEL.0, PANEL.1, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(10)
            .margin_top(20)
            .margin_right(16)
            .x_label_area_size(44)
            .y_label_area_size(58)
            .build_cartesian_2d(1..last.max(2), 0.0..highest)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.light.stroke_width(2))
            .axis_style(GRID.light.stroke_width(2))
            .label_style(font(32))
            .x_labels(5)
            .y_labels(4)
            .y_label_formatter(&|value| text::decimals(*value, if highest > 9.0 { 0 } else { 1 }))
            .draw()?;
        for (side, ink) in [curve_inks().0, curve_inks().1].into_iter().enumerate() {
            for run in &group.runs {
                let points = || run.epochs.iter().map(|row| (row.epoch, panel.values(row)[side])).filter(|point| point.1.is_finite());
                chart.draw_series(LineSeries::new(points(), ink.light.mix(0.8).stroke_width(3)))?;
                let kept = points().find(|point| side == 1 && point.0 == run.best_epoch);
                chart.draw_series(kept.map(|point| Circle::new(point, 6, ink.light.filled())))?;
            }
        }
        Ok(())
    }))
}
