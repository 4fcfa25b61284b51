//! What the page's script reads: a block of JSON.

use std::collections::BTreeMap;

use segno_page::{CLASSES, Color};
use serde::Serialize;

use crate::{Answer, Layout, Map, MapError, Task, folder};

/// Points lie within a square of so many steps.
const STEPS: f32 = 10_000.0;
/// In place of a class, see `map.js`.
const NOT_SURE: i64 = -1;
const UNKNOWN: i64 = -2;

#[derive(Serialize)]
struct Data<'a> {
    /// What every path begins with.
    folder: &'a str,
    /// The rest of each path.
    paths: Vec<&'a str>,
    layouts: Vec<LayoutData<'a>>,
    tasks: Vec<TaskData<'a>>,
    /// A list a track: index, thousandths of similarity, index, thousandths …
    near: Vec<Vec<i64>>,
    /// Colours of classes in the light theme and in the dark one.
    palette: Vec<[String; 2]>,
}

#[derive(Serialize)]
struct LayoutData<'a> {
    name: &'a str,
    /// x, y, x, y …, from 0 to [`STEPS`], y downwards.
    xy: Vec<i64>,
}

#[derive(Serialize)]
struct TaskData<'a> {
    name: &'a str,
    classes: &'a [String],
    /// A class a track, or [`NOT_SURE`], or [`UNKNOWN`].
    answers: Vec<i64>,
    /// Hundredths a track.
    confidences: Vec<Option<i64>>,
    /// Why, of tracks that are not sure.
    reasons: BTreeMap<usize, &'a str>,
}

impl Map {
    /// The data as JSON that may stand within a `<script>`: it has no `<`.
    pub(crate) fn json(&self) -> Result<String, MapError> {
        let shared = folder::common(self.tracks.iter().map(|track| track.path.as_str()));
        let near = |(index, similarity): &(usize, f64)| [*index as i64, (similarity * 1000.0).round() as i64];
        let hex = |[red, green, blue]: Color| format!("#{red:02X}{green:02X}{blue:02X}");
        let data = Data {
            folder: self.tracks.first().map_or("", |track| &track.path[..shared]),
            paths: self.tracks.iter().map(|track| &track.path[shared..]).collect(),
            layouts: self.layouts.iter().map(layout).collect(),
            tasks: self.tasks.iter().map(task).collect(),
            near: self.tracks.iter().map(|track| track.near.iter().flat_map(near).collect()).collect(),
            palette: CLASSES.iter().map(|colors| colors.map(hex)).collect(),
        };
        // In JSON a `<` stands within text alone, where it may be written so.
        Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
    }
}

fn layout(layout: &Layout) -> LayoutData<'_> {
    let ends = |axis: usize| {
        let places = || layout.points.iter().map(|point| f64::from(point[axis]));
        (places().fold(f64::INFINITY, f64::min), places().fold(f64::NEG_INFINITY, f64::max))
    };
    let (across, up) = (ends(0), ends(1));
    // In f64, and in one scale for both axes; of points that are all one, anything.
    let span = (across.1 - across.0).max(up.1 - up.0);
    let scale = if span > 0.0 { f64::from(STEPS) / span } else { 0.0 };
    let place =
        |value: f32, (low, high): (f64, f64)| ((f64::from(value) - (low + high) / 2.0) * scale + f64::from(STEPS) / 2.0).round() as i64;
    let xy = layout.points.iter().flat_map(|[x, y]| [place(*x, across), STEPS as i64 - place(*y, up)]);
    LayoutData { name: &layout.name, xy: xy.collect() }
}

fn task<'a>(task: &'a Task) -> TaskData<'a> {
    let code = |answer: &Answer| match answer {
        Answer::Class { class, .. } => *class as i64,
        Answer::NotSure { .. } => NOT_SURE,
        Answer::Unknown => UNKNOWN,
    };
    let confidence = |answer: &Answer| match answer {
        Answer::Class { confidence, .. } => confidence.map(|confidence| (f64::from(confidence) * 100.0).round() as i64),
        _ => None,
    };
    let reason = |(index, answer): (usize, &'a Answer)| match answer {
        Answer::NotSure { reason } => Some((index, reason.as_str())),
        _ => None,
    };
    TaskData {
        name: &task.name,
        classes: &task.classes,
        answers: task.answers.iter().map(code).collect(),
        confidences: task.answers.iter().map(confidence).collect(),
        reasons: task.answers.iter().enumerate().filter_map(reason).collect(),
    }
}
