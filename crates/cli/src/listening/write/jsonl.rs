//! A JSON object a row.

use serde_json::{Map, Value, json};

use crate::listening::{Heard, Row, Verdict};

/// `{"file", "clips", "answers": {task: …}, "tasks": {task: {class: probability}}, "timeline", "note"}`; tags stand among the tasks as
/// `tags`. Of a file without an answer, `{"file", "failed"}`, and of a stretch without one `{"start_s", "end_s", "failed"}`.
pub fn object(row: &Row) -> Value {
    let file = row.file.to_string_lossy();
    let heard = match &row.heard {
        Ok(heard) => heard,
        Err(reason) => return json!({ "file": file, "failed": reason }),
    };
    let mut object = json!({ "file": file, "clips": heard.clips, "tasks": tasks(heard) });
    if !heard.tasks.is_empty() {
        let answers: Map<_, _> = heard.tasks.iter().map(|task| (task.task.clone(), verdict(&task.verdict))).collect();
        object["answers"] = answers.into();
    }
    if !heard.timeline.is_empty() {
        let stretches = heard.timeline.iter().map(|stretch| {
            let (key, said) = match &stretch.heard {
                Ok(heard) => {
                    let tasks = heard.tasks.iter().map(|(task, classes)| (task.as_str(), classes.as_slice()));
                    ("tasks", named(tasks, &heard.tags))
                }
                Err(reason) => ("failed", json!(reason)),
            };
            json!({ "start_s": stretch.start_s, "end_s": stretch.end_s, key: said })
        });
        object["timeline"] = stretches.collect();
    }
    if let Some(note) = &heard.note {
        object["note"] = json!(note);
    }
    object
}

fn tasks(heard: &Heard) -> Value {
    named(heard.tasks.iter().map(|task| (task.task.as_str(), task.classes.as_slice())), &heard.tags)
}

fn named<'a>(tasks: impl Iterator<Item = (&'a str, &'a [(String, f32)])>, tags: &'a [(String, f32)]) -> Value {
    let tags = (!tags.is_empty()).then_some(("tags", tags));
    let of = |values: &[(String, f32)]| values.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>();
    tags.into_iter().chain(tasks).map(|(task, values)| (task.to_owned(), Value::from(of(values)))).collect::<Map<_, _>>().into()
}

fn verdict(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Sure { class, confidence } => json!({ "class": class, "confidence": confidence }),
        Verdict::NotSure { reason } => json!({ "class": null, "not_sure": reason }),
    }
}
