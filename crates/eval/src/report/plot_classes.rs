//! A confusion matrix, and how sure a model is against how often it is right.

use plotters::{
    prelude::*,
    style::{
        FontTransform,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::{
    plot::{Drawing, GRID, Ink, PAPER, drawing, font, write},
    ramp::Ramp,
    text,
};
use crate::metrics::{Confusion, ReliabilityBin};

const CELL: i32 = 62;
const LETTER: i32 = 15;

/// A row a true class, a column an answer, a cell the percentage of its row.
pub(super) fn matrix(confusion: &Confusion) -> Result<Drawing, String> {
    let n = i32::try_from(confusion.classes.len()).unwrap_or(0);
    let longest = confusion.classes.iter().map(|class| class.name.chars().count()).max().unwrap_or(0).clamp(6, 20);
    let edge = LETTER * i32::try_from(longest).unwrap_or(20) + 24;
    let side = (edge + CELL * n + 12).unsigned_abs();
    drawing(side, side, |root| {
        for (index, class) in confusion.classes.iter().enumerate() {
            let middle = edge + CELL * i32::try_from(index).unwrap_or(0) + CELL / 2;
            let name: String = class.name.chars().take(20).collect();
            write(root, &name, (edge - 12, middle), 28, (HPos::Right, VPos::Center))?;
            let upright = font(28).transform(FontTransform::Rotate270).pos(Pos::new(HPos::Left, VPos::Center));
            root.draw(&Text::new(name, (middle, edge - 12), upright))?;
        }
        for row in 0..confusion.classes.len() {
            for column in 0..confusion.classes.len() {
                let place = |index: usize| edge + CELL * i32::try_from(index).unwrap_or(0);
                let (left, top) = (place(column), place(row));
                let share = confusion.share(row, column);
                let (ground, ink) = Ramp::LIGHT.colors(share.unwrap_or(0.0));
                let [ground, ink] = [ground, ink].map(|[red, green, blue]| RGBColor(red, green, blue));
                root.draw(&Rectangle::new([(left + 1, top + 1), (left + CELL - 1, top + CELL - 1)], ground.filled()))?;
                let shown = percentage(confusion.counts[row][column], share);
                let style = font(24).color(&ink).pos(Pos::new(HPos::Center, VPos::Center));
                root.draw(&Text::new(shown, (left + CELL / 2, top + CELL / 2), style))?;
            }
        }
        Ok(())
    })
}

/// What stands in a cell: the percentage, a dot for none, a dash where there is nothing to take a share of.
pub(super) fn percentage(count: u64, share: Option<f64>) -> String {
    match (count, share.map(|share| share * 100.0)) {
        (_, None) => text::DASH.to_owned(),
        (0, _) => "·".to_owned(),
        (_, Some(percent)) if percent < 0.5 => "<1".to_owned(),
        (_, Some(percent)) => format!("{percent:.0}"),
    }
}

const SIDE: i32 = 560;
const EDGE: i32 = 84;

/// Accuracy over confidence, a dot a bin, the larger the more clips it holds; on the diagonal a model is right as often as
/// it says.
pub(super) fn reliability(bins: &[ReliabilityBin], ink: &'static Ink) -> Result<Drawing, String> {
    let most = bins.iter().map(|bin| bin.n).max().unwrap_or(0).max(1);
    let x = |value: f64| EDGE + (value * f64::from(SIDE)).round() as i32;
    let y = |value: f64| 20 + ((1.0 - value) * f64::from(SIDE)).round() as i32;
    let (width, height) = ((EDGE + SIDE + 30).unsigned_abs(), (20 + SIDE + 110).unsigned_abs());
    drawing(width, height, |root| {
        for tick in 0..=5 {
            let value = f64::from(tick) / 5.0;
            root.draw(&PathElement::new([(x(value), y(0.0)), (x(value), y(1.0))], GRID.light.stroke_width(2)))?;
            root.draw(&PathElement::new([(x(0.0), y(value)), (x(1.0), y(value))], GRID.light.stroke_width(2)))?;
            write(root, &format!("{value:.1}"), (x(value), y(0.0) + 10), 28, (HPos::Center, VPos::Top))?;
            write(root, &format!("{value:.1}"), (EDGE - 12, y(value)), 28, (HPos::Right, VPos::Center))?;
        }
        write(root, "highest probability", (x(0.5), y(0.0) + 56), 28, (HPos::Center, VPos::Top))?;
        root.draw(&PathElement::new([(x(0.0), y(0.0)), (x(1.0), y(1.0))], PAPER.light.stroke_width(3)))?;
        let points: Vec<(i32, i32, u64)> = bins.iter().filter_map(|bin| Some((x(bin.confidence?), y(bin.accuracy?), bin.n))).collect();
        let line: Vec<(i32, i32)> = points.iter().map(|(x, y, _)| (*x, *y)).collect();
        root.draw(&PathElement::new(line, ink.light.mix(0.55).stroke_width(4)))?;
        for (x, y, n) in points {
            let radius = 5.0 + 15.0 * (n as f64 / most as f64).sqrt();
            root.draw(&Circle::new((x, y), radius.round() as i32, ink.light.mix(0.75).filled()))?;
        }
        Ok(())
    })
}
