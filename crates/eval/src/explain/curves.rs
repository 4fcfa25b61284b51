//! The deletion and insertion curves, drawn.

use plotters::prelude::*;

use super::{Curves, Faithfulness};
use crate::report::plot::{Drawing, GRID, TRAIN, drawing, font};

/// Units across and down of one chart.
pub(super) const CHART: [u32; 2] = [470, 300];
/// The map's colour; chance has the grey of training curves.
pub(super) const MAP: RGBColor = RGBColor(0xB0, 0x1F, 0x2E);

/// The colour of chance, as it stands in SVG.
pub(super) fn chance() -> String {
    TRAIN.hex().0
}

/// The map's curve over chance's: deletion, or insertion.
pub(super) fn chart(faithfulness: &Faithfulness, of: fn(&Curves) -> &Vec<f64>) -> Result<Drawing, String> {
    drawing(CHART[0], CHART[1], |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(10)
            .margin_top(16)
            .margin_right(44)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.light.stroke_width(2))
            .axis_style(GRID.light.stroke_width(2))
            .label_style(font(22))
            .x_labels(5)
            .y_labels(5)
            .x_label_formatter(&|share| format!("{:.0} %", share * 100.0))
            .y_label_formatter(&|value| format!("{value:.1}"))
            .draw()?;
        for (curves, color) in [(&faithfulness.random, TRAIN.light), (&faithfulness.map, MAP)] {
            let curve = of(curves);
            let last = (curve.len() - 1) as f64;
            let points = curve.iter().enumerate().map(|(step, value)| (step as f64 / last, *value));
            chart.draw_series(LineSeries::new(points, color.stroke_width(4)))?;
        }
        Ok(())
    })
}
