//! From numbers to names, and from probabilities to an answer or none.

use std::path::Path;

use segno_models::{HeadTask, threshold::reaching};

use super::{Heard, HeardStretch, Row, Stretch, TaskRow, Verdict, ask::Outcome, row::ranked};
use crate::answer::{Answer, Labels, Moment, Said};

/// What makes rows of answers.
#[derive(Clone, Debug)]
pub struct Judge {
    labels: Labels,
    asked: Option<Asked>,
}

/// A precision that is asked for.
#[derive(Clone, Debug)]
struct Asked {
    precision: f64,
    /// The lowest confidence that is answered, a task each; none where no confidence promises the precision.
    lowest: Vec<Option<f32>>,
}

impl Judge {
    /// A judge of a model's answers.
    pub fn new(labels: Labels) -> Self {
        Self { labels, asked: None }
    }

    /// The same, which answers nothing below the confidence that gives a precision.
    pub fn asking(self, precision: f64, tasks: &[HeadTask]) -> Self {
        let lowest = tasks.iter().map(|task| reaching(&task.steps, precision).map(|step| step.confidence)).collect();
        Self { asked: Some(Asked { precision, lowest }), ..self }
    }

    /// Tasks that get no answer at the precision asked for.
    pub fn silent(&self) -> impl Iterator<Item = &str> {
        let lowest = self.asked.iter().flat_map(|asked| &asked.lowest);
        self.labels.tasks.iter().zip(lowest).filter(|(_, lowest)| lowest.is_none()).map(|(task, _)| task.task.as_str())
    }

    /// The model's names.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The row of a file.
    pub fn row(&self, file: &Path, outcome: Outcome) -> Row {
        Row { file: file.to_owned(), heard: outcome.map(|answer| self.heard(answer)) }
    }

    fn heard(&self, answer: Answer) -> Heard {
        let tasks = self.of_tasks(&answer.tasks).into_iter().enumerate().map(|(index, (task, classes))| {
            let verdict = self.verdict(index, &classes, answer.distance);
            TaskRow { task, classes, verdict }
        });
        Heard {
            clips: answer.clips,
            tasks: tasks.collect(),
            tags: named(&self.labels.tags, &answer.tags),
            timeline: answer.timeline.iter().map(|moment| self.stretch(moment)).collect(),
            note: answer.note,
        }
    }

    fn verdict(&self, task: usize, classes: &[(String, f32)], distance: Option<f32>) -> Verdict {
        let not_sure = |reason: String| Verdict::NotSure { reason };
        if let Some(distance) = distance.filter(|distance| *distance > 1.0) {
            return not_sure(format!(
                "unlike all that the model was fitted on ({distance:.2} times as far away as it may be): likely none of the classes"
            ));
        }
        let (class, confidence) = ranked(classes)[0];
        match self.asked.as_ref().map(|asked| (asked.precision, asked.lowest[task])) {
            Some((precision, None)) => not_sure(format!("no confidence of this model promises a precision of {precision}")),
            Some((precision, Some(lowest))) if confidence < lowest => {
                not_sure(format!("{class} {confidence:.2}, and a precision of {precision} takes {lowest:.2}"))
            }
            _ => Verdict::Sure { class: class.to_owned(), confidence },
        }
    }

    fn stretch(&self, moment: &Moment) -> Stretch {
        let heard = |said: &Said| HeardStretch { tasks: self.of_tasks(&said.tasks), tags: named(&self.labels.tags, &said.tags) };
        Stretch { start_s: moment.start_s, end_s: moment.end_s, heard: moment.said.as_ref().map(heard).map_err(String::clone) }
    }

    fn of_tasks(&self, probabilities: &[Vec<f32>]) -> Vec<(String, Vec<(String, f32)>)> {
        let tasks = self.labels.tasks.iter().zip(probabilities);
        tasks.map(|(task, values)| (task.task.clone(), named(&task.classes, values))).collect()
    }
}

fn named(names: &[String], values: &[f32]) -> Vec<(String, f32)> {
    names.iter().cloned().zip(values.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use segno_models::{LogisticConfig, Measured, ModelConfig, Scheme, TaskClasses, threshold::steps};

    use super::*;

    fn task() -> TaskClasses {
        TaskClasses { task: "genre".into(), classes: vec!["blues".into(), "jazz".into()] }
    }

    /// Right from 0.8 upwards, and every second time below.
    fn head_task() -> HeadTask {
        let answers: Vec<(f32, bool)> = (0..100).map(|n| (0.5 + n as f32 / 200.0, n >= 60 || n % 2 == 0)).collect();
        let measured =
            Measured { tracks: 100, accuracy: 0.7, interval: None, calibration_error: None, left_out: vec![], selective: vec![] };
        let config = LogisticConfig { scheme: Scheme::Multinomial, c: 1.0, tolerance: 1e-3, max_iterations: 9 };
        HeadTask { task: task(), inputs: vec![0], model: ModelConfig::Logistic(config), temperature: 1.0, steps: steps(&answers), measured }
    }

    fn verdict(judge: &Judge, jazz: f32, distance: f32) -> Verdict {
        let answer =
            Answer { clips: 1, tasks: vec![vec![1.0 - jazz, jazz]], tags: vec![], distance: Some(distance), timeline: vec![], note: None };
        judge.row(Path::new("a.wav"), Ok(answer)).heard.unwrap().tasks.remove(0).verdict
    }

    #[test]
    fn a_guess_is_an_answer_unless_a_precision_is_asked_for() {
        let judge = Judge::new(Labels { tasks: vec![task()], tags: vec![] });
        let sure = |confidence| Verdict::Sure { class: "jazz".into(), confidence };
        assert_eq!(verdict(&judge, 0.6, 0.9), sure(0.6));
        let asking = judge.clone().asking(0.9, &[head_task()]);
        assert_eq!(verdict(&asking, 0.95, 0.9), sure(0.95));
        let Verdict::NotSure { reason } = verdict(&asking, 0.6, 0.9) else { panic!("0.6 is right every second time") };
        assert!(reason.starts_with("jazz 0.60, and a precision of 0.9 takes 0.7"), "{reason}");
        let never = judge.asking(1.0, &[head_task()]);
        let Verdict::NotSure { reason } = verdict(&never, 0.99, 0.9) else { panic!("nothing promises certainty") };
        assert!(reason.contains("no confidence of this model promises a precision of 1"), "{reason}");
    }

    #[test]
    fn what_is_far_from_everything_is_none_of_the_classes_however_sure() {
        let judge = Judge::new(Labels { tasks: vec![task()], tags: vec![] });
        let Verdict::NotSure { reason } = verdict(&judge, 1.0, 1.5) else { panic!("it is no music") };
        assert!(reason.contains("1.50 times"), "{reason}");
    }
}
