//! Rows as one flat sheet, for CSV and Parquet.

use segno_dataset::{Cells, Sheet};

use crate::answer::Labels;
use crate::listening::{Heard, HeardStretch, Row, Verdict};

/// One line of the sheet: a file, or a stretch of one.
struct Line<'a> {
    file: String,
    of: Of<'a>,
}

enum Of<'a> {
    File(&'a Heard),
    /// Start and end in seconds, then as the sheet's class and tag columns, or why there is nothing to say.
    Stretch(f64, f64, Result<Vec<f32>, &'a str>),
    Nothing(&'a str),
}

/// A line a file; where there are timelines, `start_s` and `end_s`, empty for files, and a line a stretch behind its file's.
pub fn of(labels: &Labels, rows: &[Row]) -> Sheet {
    let mut lines = vec![];
    for row in rows {
        let file = row.file.to_string_lossy().into_owned();
        match &row.heard {
            Err(reason) => lines.push(Line { file, of: Of::Nothing(reason) }),
            Ok(heard) => {
                lines.push(Line { file: file.clone(), of: Of::File(heard) });
                let of_stretch = heard.timeline.iter().map(|stretch| {
                    let values = |heard: &HeardStretch| {
                        let values = heard.tasks.iter().flat_map(|(_, classes)| classes).chain(&heard.tags);
                        values.map(|(_, value)| *value).collect()
                    };
                    let said = stretch.heard.as_ref().map(values).map_err(String::as_str);
                    Line { file: file.clone(), of: Of::Stretch(stretch.start_s, stretch.end_s, said) }
                });
                lines.extend(of_stretch);
            }
        }
    }
    let text = |get: &dyn Fn(&Line) -> Option<String>| Cells::Text(lines.iter().map(get).collect());
    let of_file = |get: &dyn Fn(&Heard) -> Option<String>| text(&|line| if let Of::File(heard) = line.of { get(heard) } else { None });
    let mut columns = vec![("file".to_owned(), text(&|line| Some(line.file.clone())))];
    if lines.iter().any(|line| matches!(line.of, Of::Stretch(..))) {
        let ends = |end: &dyn Fn(f64, f64) -> f64| {
            let of_line = |line: &Line| if let Of::Stretch(a, b, _) = line.of { Some(end(a, b)) } else { None };
            Cells::Numbers(lines.iter().map(of_line).collect())
        };
        columns.push(("start_s".into(), ends(&|start, _| start)));
        columns.push(("end_s".into(), ends(&|_, end| end)));
    }
    for (index, task) in labels.tasks.iter().enumerate() {
        let of_task = |get: &dyn Fn(&Verdict) -> Option<String>| of_file(&|heard| get(&heard.tasks[index].verdict));
        let confidence = |line: &Line| match &line.of {
            Of::File(heard) => match heard.tasks[index].verdict {
                Verdict::Sure { confidence, .. } => Some(confidence),
                Verdict::NotSure { .. } => None,
            },
            _ => None,
        };
        let class = |verdict: &Verdict| if let Verdict::Sure { class, .. } = verdict { Some(class.clone()) } else { None };
        let doubt = |verdict: &Verdict| if let Verdict::NotSure { reason } = verdict { Some(reason.clone()) } else { None };
        columns.push((task.task.clone(), of_task(&class)));
        columns.push((format!("{}_confidence", task.task), Cells::Shares(lines.iter().map(confidence).collect())));
        columns.push((format!("{}_not_sure", task.task), of_task(&doubt)));
    }
    let names = labels.tasks.iter().flat_map(|task| task.classes.iter().map(move |class| format!("{}:{class}", task.task)));
    let names = names.chain(labels.tags.iter().map(|tag| format!("tag:{tag}")));
    let values: Vec<Vec<f32>> = lines.iter().map(values).collect();
    for (place, name) in names.enumerate() {
        columns.push((name, Cells::Shares(values.iter().map(|values| values.get(place).copied()).collect())));
    }
    columns.push(("note".into(), of_file(&|heard| heard.note.clone())));
    let failed = |line: &Line| match line.of {
        Of::Nothing(reason) | Of::Stretch(_, _, Err(reason)) => Some(reason.to_owned()),
        _ => None,
    };
    columns.push(("failed".into(), text(&failed)));
    Sheet { columns }
}

fn values(line: &Line) -> Vec<f32> {
    match &line.of {
        Of::File(heard) => heard.tasks.iter().flat_map(|task| &task.classes).chain(&heard.tags).map(|(_, value)| *value).collect(),
        Of::Stretch(_, _, Ok(values)) => values.clone(),
        Of::Stretch(_, _, Err(_)) | Of::Nothing(_) => vec![],
    }
}
