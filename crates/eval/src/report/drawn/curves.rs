//! Learning curves, a figure a row and protocol.

use super::{Figure, Key, Numbers, Panel, file_name};
use crate::report::{
    model::{CurveGroup, Epoch, Report},
    plot_curves::{self, curves},
    text,
};

/// The learning curves of a row, a figure each protocol that has any.
pub(in crate::report) fn of_row(report: &Report, row: &str) -> Vec<Figure> {
    report.curves.iter().filter(|group| group.row == row && !group.runs.is_empty()).map(|group| figure(report, group)).collect()
}

fn figure(report: &Report, group: &CurveGroup) -> Figure {
    let panels = plot_curves::Panel::of(group).into_iter().filter_map(|panel| {
        let name = Some(panel.name(&group.tasks));
        Some(curves(group, panel)?.map(|drawing| Panel { name, drawing }))
    });
    let kept: Vec<String> = group.runs.iter().map(|run| run.best_epoch.to_string()).collect();
    Figure {
        name: file_name(&["curves", &group.row, &group.protocol]),
        title: format!("{}, {}", report.label(&group.row), group.protocol),
        caption: format!("{}, kept epoch {}", text::counted(kept.len(), "seed", "seeds"), kept.join(", ")),
        keys: Key::of_curves(),
        panels: panels.collect(),
        numbers: numbers(group),
    }
}

/// The kept and the last epoch of every run.
fn numbers(group: &CurveGroup) -> Numbers {
    let names = plot_curves::Panel::of(group).into_iter().map(|panel| panel.name(&group.tasks));
    let heads = ["Seed", "Epoch"].map(str::to_owned).into_iter();
    let heads = heads.chain(names.flat_map(|name| [format!("Train {name}"), format!("Valid {name}")]));
    let rows = group.runs.iter().flat_map(|run| {
        let last = run.epochs.len().saturating_sub(1);
        let shown = run.epochs.iter().enumerate().filter(move |(index, epoch)| epoch.epoch == run.best_epoch || *index == last);
        shown.map(|(_, epoch)| {
            let which = if epoch.epoch == run.best_epoch { "kept" } else { "last" };
            [run.seed.to_string(), format!("{}, {which}", epoch.epoch)].into_iter().chain(values(epoch)).collect()
        })
    });
    Numbers { heads: heads.collect(), texts: 2, rows: rows.collect() }
}

fn values(epoch: &Epoch) -> impl Iterator<Item = String> {
    let accuracies = epoch.train_accuracy.iter().zip(&epoch.valid_accuracy).flat_map(|(train, valid)| [*train, *valid]);
    let number = |value: f32| if value.is_finite() { text::decimals(f64::from(value), 3) } else { text::DASH.to_owned() };
    [epoch.train_loss, epoch.valid_loss].into_iter().chain(accuracies).map(number)
}
