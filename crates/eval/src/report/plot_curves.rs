//! Learning curves.

use plotters::prelude::*;

use super::{
    model::{CurveGroup, Epoch},
    plot::{Drawing, GRID, curve_inks, drawing, font},
    text,
};

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
            .margin_right(34)
            .x_label_area_size(44)
            .y_label_area_size(62)
            .build_cartesian_2d(1..last.max(2), 0.0..highest)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.light.stroke_width(2))
            .axis_style(GRID.light.stroke_width(2))
            .label_style(font(27))
            .x_labels(4)
            .y_labels(4)
            .y_label_formatter(&|value| text::decimals(*value, if highest > 9.0 { 0 } else { 1 }))
            .draw()?;
        for (side, ink) in [curve_inks().0, curve_inks().1].into_iter().enumerate() {
            for run in &group.runs {
                let points = || run.epochs.iter().map(|row| (row.epoch, panel.values(row)[side])).filter(|point| point.1.is_finite());
                chart.draw_series(LineSeries::new(points(), ink.light.mix(0.8).stroke_width(3)))?;
                let kept = points().find(|point| side == 1 && point.0 == run.best_epoch);
                chart.draw_series(kept.map(|point| Circle::new(point, 7, ink.light.filled())))?;
            }
        }
        Ok(())
    }))
}
