//! The row looked at closely, class by class: recall, confusion, calibration.

use super::{Figure, Numbers, Panel, file_name, key, task_name};
use crate::report::{
    model::{BestModel, Pooled, Report, TaskReport},
    plot::protocol_ink,
    plot_classes::{matrix, reliability as diagram},
    plot_rows::{Axis, Dot, Line, rows},
    text,
};

fn column(report: &Report, pooled: &Pooled) -> usize {
    report.protocols.iter().position(|entry| entry.name == pooled.protocol).unwrap_or(0)
}

fn keys(report: &Report, best: &BestModel) -> Vec<super::Key> {
    best.protocols.iter().map(|pooled| key(column(report, pooled), &pooled.protocol)).collect()
}

/// Each class's recall, a mark a protocol.
pub(in crate::report) fn recalls(report: &Report, task: &TaskReport) -> Option<Figure> {
    let best = task.best.as_ref()?;
    let mut names: Vec<&str> = vec![];
    for score in best.protocols.iter().flat_map(|pooled| &pooled.metrics.classes) {
        if !names.contains(&score.class.name.as_str()) {
            names.push(&score.class.name);
        }
    }
    let mut numbers = vec![];
    let mut lines = vec![];
    for name in names {
        let mut dots = vec![];
        for pooled in &best.protocols {
            let Some(score) = pooled.metrics.classes.iter().find(|score| score.class.name == name) else { continue };
            let column = column(report, pooled);
            dots.extend(score.recall.map(|value| Dot { column, ink: protocol_ink(column), value, ends: None, from: None }));
            let shares = [score.recall, score.precision, score.f1].map(text::fraction);
            let mut row = vec![name.to_owned(), pooled.protocol.clone()];
            row.extend(shares);
            row.push(score.support.to_string());
            numbers.push(row);
        }
        lines.push(Line { label: name.to_owned(), dots, bar: None });
    }
    Some(Figure {
        name: file_name(&["recall", &task.task]),
        title: task_name(report, &task.task, &format!("recall of each class, {}", best.label)),
        caption: "Of the clips of a class, the share answered with it; counts of all seeds added up.".to_owned(),
        keys: keys(report, best),
        panels: rows(&lines, &Axis::UNIT).map(|drawing| vec![Panel { name: None, drawing }]),
        numbers: Numbers {
            heads: ["Class", "Protocol", "Recall", "Precision", "F1", "Clips"].map(str::to_owned).into(),
            texts: 2,
            rows: numbers,
        },
    })
}

/// The matrices, for files: the page has them as tables.
pub(super) fn confusions(report: &Report, task: &TaskReport) -> Option<Figure> {
    let best = task.best.as_ref()?;
    let panel = |pooled: &Pooled| Ok(Panel { name: Some(pooled.protocol.clone()), drawing: matrix(&pooled.metrics.confusion)? });
    let numbers = best.protocols.iter().flat_map(|pooled| {
        let confusion = &pooled.metrics.confusion;
        let pairs = (0..confusion.classes.len()).flat_map(|row| (0..confusion.classes.len()).map(move |column| (row, column)));
        pairs.filter(|(row, column)| confusion.counts[*row][*column] > 0).map(|(row, column)| {
            let [truth, answer] = [row, column].map(|index| confusion.classes[index].name.clone());
            let share = text::fraction(confusion.share(row, column));
            vec![pooled.protocol.clone(), truth, answer, confusion.counts[row][column].to_string(), share]
        })
    });
    Some(Figure {
        name: file_name(&["confusion", &task.task]),
        title: task_name(report, &task.task, &format!("confusion, {}", best.label)),
        caption: "A row is a true class, a column an answer, a cell the percentage of its row; counts of all seeds added up.".to_owned(),
        keys: vec![],
        panels: best.protocols.iter().map(panel).collect(),
        numbers: Numbers {
            heads: ["Protocol", "True class", "Answer", "Clips", "Share"].map(str::to_owned).into(),
            texts: 3,
            rows: numbers.collect(),
        },
    })
}

/// How often the row is right against how sure it is.
pub(in crate::report) fn reliability(report: &Report, task: &TaskReport) -> Option<Figure> {
    let best = task.best.as_ref()?;
    let scored: Vec<_> = best.protocols.iter().filter_map(|pooled| Some((pooled, pooled.metrics.probabilities.as_ref()?))).collect();
    let numbers = scored.iter().flat_map(|(pooled, scores)| {
        scores.reliability.iter().filter(|bin| bin.n > 0).map(|bin| {
            let range = format!("{:.3} to {:.3}", bin.low, bin.high);
            vec![pooled.protocol.clone(), range, bin.n.to_string(), text::fraction(bin.confidence), text::fraction(bin.accuracy)]
        })
    });
    let panels = scored.iter().map(|(pooled, scores)| {
        let ink = protocol_ink(column(report, pooled));
        let name = format!("{}: calibration error {}", pooled.protocol, text::fraction(scores.ece));
        Ok(Panel { name: Some(name), drawing: diagram(&scores.reliability, ink)? })
    });
    (!scored.is_empty()).then(|| Figure {
        name: file_name(&["reliability", &task.task]),
        title: task_name(report, &task.task, &format!("reliability, {}", best.label)),
        caption:
            "Accuracy over the highest probability, a dot a bin, the larger the more clips it holds. On the diagonal a model is right as \
                  often as it says; below it, it is too sure of itself."
                .to_owned(),
        keys: vec![],
        panels: panels.collect(),
        numbers: Numbers {
            heads: ["Protocol", "Highest probability", "Clips", "Its mean", "Accuracy"].map(str::to_owned).into(),
            texts: 2,
            rows: numbers.collect(),
        },
    })
}
