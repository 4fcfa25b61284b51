//! The drawings of the data: a histogram with its cuts, clips in the plane.

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

use super::{
    figures::{Embedding, Histogram},
    plot::{Area, CLASSES, Drawing, Drawn, GRID, Ink, PAPER, PROTOCOLS, drawing, write},
};

/// The ink of the class of index `class`; after ten they begin anew, with the marks shifted by one.
pub(super) fn class_ink(class: usize) -> &'static Ink {
    &CLASSES[class % CLASSES.len()]
}

/// The mark of a class, as a letter for the legend.
pub(super) fn class_mark(class: usize) -> &'static str {
    ["●", "▲", "✕"][mark_of(class)]
}

fn mark_of(class: usize) -> usize {
    (class + class / CLASSES.len()) % 3
}

const LEFT: i32 = 80;
const TOP: i32 = 60;
const PLOT: (i32, i32) = (890, 420);

/// Bars, the cuts between the classes as lines, and how many values each class has above.
pub(super) fn histogram(facts: &Histogram) -> Option<Result<Drawing, String>> {
    let (first, last) = (facts.bars.first()?, facts.bars.last()?);
    let highest = facts.bars.iter().map(|bar| bar.count).max().filter(|highest| *highest > 0)?;
    let (low, width) = (first.low, last.high - first.low);
    let x = |value: f64| LEFT + ((value - low) / width * f64::from(PLOT.0)).round() as i32;
    let y = |count: f64| TOP + PLOT.1 - (count / highest as f64 * f64::from(PLOT.1)).round() as i32;
    let bottom = TOP + PLOT.1;
    Some(drawing(1000, (bottom + 100).unsigned_abs(), |root| {
        let step = nice_step(highest);
        for count in (0..=highest).step_by(step) {
            let at = y(count as f64);
            root.draw(&PathElement::new([(LEFT, at), (LEFT + PLOT.0, at)], GRID.light.stroke_width(2)))?;
            write(root, &count.to_string(), (LEFT - 14, at), 30, (HPos::Right, VPos::Center))?;
        }
        for bar in &facts.bars {
            let corners = [(x(bar.low) + 2, y(bar.count as f64)), (x(bar.high) - 2, bottom)];
            root.draw(&Rectangle::new(corners, PROTOCOLS[1].light.filled()))?;
        }
        for bar in facts.bars.iter().step_by(4) {
            label(root, &format!("{:.1}", bar.low), (x(bar.low), bottom + 14), VPos::Top)?;
        }
        label(root, &format!("{:.1}", last.high), (x(last.high), bottom + 14), VPos::Top)?;
        label(root, &facts.name, (LEFT + PLOT.0 / 2, bottom + 56), VPos::Top)?;
        let ends: Vec<f64> = [low].into_iter().chain(facts.cuts.iter().copied()).chain([last.high]).collect();
        for cut in &facts.cuts {
            let at = x(*cut);
            root.draw(&PathElement::new([(at, TOP - 10), (at, bottom)], PAPER.light.stroke_width(4)))?;
        }
        for (pair, (class, n)) in ends.windows(2).zip(&facts.classes) {
            label(root, &format!("{class}: {n}"), (x((pair[0] + pair[1]) / 2.0), TOP - 16), VPos::Bottom)?;
        }
        Ok(())
    }))
}

fn label(root: &Area<'_>, text: &str, at: (i32, i32), vertical: VPos) -> Drawn {
    write(root, text, at, 30, (HPos::Center, vertical))
}

/// A step of 1, 2 or 5 times a power of ten that gives at most six lines.
fn nice_step(highest: usize) -> usize {
    let powers = (0..).map(|power| 10_usize.pow(power));
    let mut steps = powers.flat_map(|power| [1, 2, 5].map(|factor| factor * power));
    steps.find(|step| highest.div_ceil(*step) <= 6).unwrap_or(highest)
}

const SIDE: u32 = 1000;
const MARGIN: f32 = 24.0;

/// Clips in the plane, a colour and mark a class; without axes, which mean nothing.
pub(super) fn plane(embedding: &Embedding, task: &str) -> Option<Result<Drawing, String>> {
    let classes = embedding.classes(task);
    let finite = || embedding.clips.iter().map(|clip| clip.at).filter(|at| at.iter().all(|value| value.is_finite()));
    let ends = |axis: usize| finite().fold((f32::MAX, f32::MIN), |(low, high), at| (low.min(at[axis]), high.max(at[axis])));
    let (across, along) = (ends(0), ends(1));
    // One scale for both directions: distances are to be seen as they are.
    let scale = (SIDE as f32 - 2.0 * MARGIN) / (across.1 - across.0).max(along.1 - along.0);
    if classes.is_empty() || !(scale > 0.0 && scale.is_finite()) {
        return None;
    }
    let place = |at: [f32; 2]| ((MARGIN + (at[0] - across.0) * scale).round() as i32, (MARGIN + (along.1 - at[1]) * scale).round() as i32);
    // As high as the clips need, so that a flat cloud leaves no blank below.
    let height = ((along.1 - along.0) * scale + 2.0 * MARGIN).ceil() as u32;
    Some(drawing(SIDE, height, |root| {
        for clip in embedding.clips.iter().filter(|clip| clip.at.iter().all(|value| value.is_finite())) {
            let Some(class) = clip.labels.get(task).and_then(|label| classes.iter().position(|class| class == label)) else { continue };
            let (at, ink) = (place(clip.at), class_ink(class).light.mix(0.8));
            match mark_of(class) {
                0 => root.draw(&Circle::new(at, 5, ink.filled()))?,
                1 => root.draw(&TriangleMarker::new(at, 7, ink.filled()))?,
                _ => root.draw(&Cross::new(at, 5, ink.stroke_width(3)))?,
            }
        }
        Ok(())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!([1, 6, 7, 60, 61, 700, 1300].map(nice_step), [1, 1, 2, 10, 20, 200, 500]);
    }
}
