//! The paper's figures of its data, from our run: a histogram, clips in the plane.

use super::{Figure, Key, Numbers, Panel, file_name};
use crate::report::{
    figures::{Embedding, Histogram},
    model::Report,
    plot_figures::{self, class_ink, class_mark},
    text,
};

/// How a number of the tracks is distributed.
pub(in crate::report) fn histogram(found: &Histogram) -> Option<Figure> {
    let outside = match found.outside {
        0 => String::new(),
        n => format!(" {n} values lie outside the range and are in no bar."),
    };
    let rows = found.bars.iter().map(|bar| vec![format!("{:.2} to {:.2}", bar.low, bar.high), bar.count.to_string()]);
    Some(Figure {
        name: file_name(&["distribution", &found.name]),
        title: format!("Distribution of {} over the tracks", found.name),
        caption: format!(
            "{}. The lines are the cuts between the classes; a value on a cut is of the upper one.{outside}",
            text::counted(found.n, "track", "tracks")
        ),
        keys: vec![],
        panels: plot_figures::histogram(found)?.map(|drawing| vec![Panel { name: None, drawing }]),
        numbers: Numbers { heads: vec![text::capitalised(&found.name), "Tracks".to_owned()], texts: 1, rows: rows.collect() },
    })
}

/// The clips in the plane by the labels of a task; its numbers are the middles of the classes.
pub(in crate::report) fn plane(report: &Report, task: &str) -> Option<Figure> {
    let found = report.embedding.as_ref()?;
    let key = |(index, class): (usize, &&str)| Key::new(class_mark(index), *class, format!("c{}", index % 10), class_ink(index));
    Some(Figure {
        name: file_name(&["plane", task]),
        title: format!("Clips in the plane by {task} (t-SNE)"),
        caption: format!(
            "{} Clips whose features are alike lie close together; the axes, and distances from group to group, mean nothing. Every \
             clip’s place stands in report.json.",
            found.made
        ),
        keys: found.classes(task).iter().enumerate().map(key).collect(),
        panels: plot_figures::plane(found, task)?.map(|drawing| vec![Panel { name: None, drawing }]),
        numbers: middles(found, task),
    })
}

fn middles(found: &Embedding, task: &str) -> Numbers {
    let number = |value: f32| text::decimals(f64::from(value), 1);
    let rows = found.classes(task).into_iter().map(|class| {
        let (n, [x, y]) = found.middle(task, class);
        vec![class.to_owned(), n.to_string(), number(x), number(y)]
    });
    Numbers { heads: ["Class", "Clips", "Mean x", "Mean y"].map(str::to_owned).into(), texts: 1, rows: rows.collect() }
}
