//! What of a track's row is said for sure: what is written into tags, and by what playlists are made.

use super::{Heard, Verdict, row::ranked};

/// What tags of a tagger are called where tasks have their names.
pub const TAGS: &str = "tags";

/// An answer of a task, or the tags of a tagger that are likely enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Sure<'a> {
    /// The task, or [`TAGS`].
    pub task: &'a str,
    /// The class, or tags from the most likely down, each with its confidence or likelihood.
    pub names: Vec<(&'a str, f32)>,
}

impl Heard {
    /// Tasks with a [`Verdict::Sure`]; and of a tagger, whose tags have no verdict, those that are at least as likely as is asked for.
    pub fn sure(&self, least_likelihood: Option<f32>) -> Vec<Sure<'_>> {
        let answered = self.tasks.iter().filter_map(|task| match &task.verdict {
            Verdict::Sure { class, confidence } => Some(Sure { task: &task.task, names: vec![(class, *confidence)] }),
            Verdict::NotSure { .. } => None,
        });
        let least = least_likelihood.unwrap_or(f32::INFINITY);
        let likely: Vec<_> = ranked(&self.tags).into_iter().filter(|(_, likelihood)| *likelihood >= least).collect();
        let tags = (!likely.is_empty()).then_some(Sure { task: TAGS, names: likely });
        answered.chain(tags).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listening::TaskRow;

    #[test]
    fn doubt_and_unlikely_tags_are_left_out() {
        let task = |task: &str, verdict: Verdict| TaskRow { task: task.into(), classes: vec![], verdict };
        let heard = Heard {
            clips: 1,
            tasks: vec![
                task("genre", Verdict::Sure { class: "jazz".into(), confidence: 0.9 }),
                task("mood", Verdict::NotSure { reason: "far".into() }),
            ],
            tags: vec![("rock".into(), 0.2), ("slow".into(), 0.5), ("piano".into(), 0.7)],
            timeline: vec![],
            note: None,
        };
        let genre = Sure { task: "genre", names: vec![("jazz", 0.9)] };
        assert_eq!(heard.sure(None), std::slice::from_ref(&genre));
        assert_eq!(heard.sure(Some(0.5)), [genre, Sure { task: "tags", names: vec![("piano", 0.7), ("slow", 0.5)] }]);
    }
}
