//! Which field says what.

use anyhow::{Result, ensure};
use segno_tags::Field;

use crate::answer::Labels;
use crate::listening::{Heard, Sure, TAGS};

/// Which tasks are the genre and the mood.
#[derive(Clone, Debug)]
pub struct Roles {
    /// The task whose class is the genre.
    pub genre: String,
    /// The task whose class is the mood.
    pub mood: String,
}

impl Default for Roles {
    /// Those of the name.
    fn default() -> Self {
        Self { genre: "genre".into(), mood: "mood".into() }
    }
}

/// The rule by which a model's answers become fields.
///
/// | what | field |
/// |---|---|
/// | the class of the task that is the genre, of the one that is the mood | `GENRE`, `MOOD` |
/// | the class of any other task, a tagger's tags | `SEGNO_<TASK>`, `SEGNO_TAGS` |
/// | how sure a head is; what another network says, which is not calibrated | `SEGNO_<…>_CONFIDENCE`; `SEGNO_<…>_PROBABILITY` |
/// | the model's name and digest | `SEGNO_<…>_MODEL` |
#[derive(Clone, Debug)]
pub struct Fields {
    roles: Roles,
    model: String,
    is_calibrated: bool,
}

/// Fields that belong together: the first says what, the others how sure and who says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub fields: Vec<(Field, Vec<String>)>,
}

impl Group {
    /// What was heard, without how sure.
    pub fn main(&self) -> &Field {
        &self.fields[0].0
    }
}

impl Fields {
    /// The rule for a model of a name.
    ///
    /// # Errors
    /// Two tasks would have the same fields.
    pub fn new(roles: Roles, model: String, is_calibrated: bool, labels: &Labels) -> Result<Self> {
        let this = Self { roles, model, is_calibrated };
        let tags = (!labels.tags.is_empty()).then_some(TAGS);
        let mut stems: Vec<String> = vec![];
        for task in labels.tasks.iter().map(|task| task.task.as_str()).chain(tags) {
            let stem = this.stem(task);
            ensure!(!stems.contains(&stem), "two tasks of the model would be written into the field {stem}");
            stems.push(stem);
        }
        Ok(this)
    }

    /// What is to be written of a track, a group a task.
    pub fn of(&self, heard: &Heard, least_likelihood: Option<f32>) -> Vec<Group> {
        heard.sure(least_likelihood).into_iter().map(|sure| self.group(&sure)).collect()
    }

    fn group(&self, sure: &Sure<'_>) -> Group {
        let stem = self.stem(sure.task);
        let main = match stem.as_str() {
            "GENRE" => Field::Genre,
            "MOOD" => Field::Mood,
            _ => Field::own(&format!("SEGNO_{stem}")),
        };
        let own = |suffix: &str| Field::own(&format!("SEGNO_{stem}_{suffix}"));
        let mut fields = vec![(main, sure.names.iter().map(|(name, _)| (*name).to_owned()).collect())];
        if sure.task != TAGS {
            // Of one kind of model what the other said would be untrue.
            let number = vec![format!("{:.2}", sure.names[0].1)];
            let (says, not) = if self.is_calibrated { ("CONFIDENCE", "PROBABILITY") } else { ("PROBABILITY", "CONFIDENCE") };
            fields.extend([(own(says), number), (own(not), vec![])]);
        }
        fields.push((own("MODEL"), vec![self.model.clone()]));
        Group { fields }
    }

    /// What a task's fields are called by.
    fn stem(&self, task: &str) -> String {
        match task {
            task if task == self.roles.genre => "GENRE".to_owned(),
            task if task == self.roles.mood => "MOOD".to_owned(),
            task => Field::own(task).name().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use segno_models::TaskClasses;

    use super::*;
    use crate::listening::{TaskRow, Verdict};

    fn labels(tasks: &[&str]) -> Labels {
        let of = |task: &&str| TaskClasses { task: (*task).to_owned(), classes: vec!["a".into(), "b".into()] };
        Labels { tasks: tasks.iter().map(of).collect(), tags: vec![] }
    }

    fn fields(roles: Roles, is_calibrated: bool, task: &str) -> Vec<String> {
        let rule = Fields::new(roles, "mine 1234".into(), is_calibrated, &labels(&["genre", "mood", "my quadrant"])).unwrap();
        let verdict = Verdict::Sure { class: "Q1".into(), confidence: 0.876 };
        let heard = Heard {
            clips: 1,
            tasks: vec![TaskRow { task: task.into(), classes: vec![], verdict }],
            tags: vec![],
            timeline: vec![],
            note: None,
        };
        let group = rule.of(&heard, None).remove(0);
        group.fields.iter().map(|(field, values)| format!("{field}={}", values.join("; "))).collect()
    }

    #[test]
    fn a_mood_is_a_task_of_the_name_or_one_that_a_person_says_is_one() {
        let of = |stem: &str, main: &str| {
            [
                main.to_owned(),
                format!("SEGNO_{stem}_CONFIDENCE=0.88"),
                format!("SEGNO_{stem}_PROBABILITY="),
                format!("SEGNO_{stem}_MODEL=mine 1234"),
            ]
        };
        assert_eq!(fields(Roles::default(), true, "mood"), of("MOOD", "MOOD=Q1"));
        assert_eq!(fields(Roles::default(), true, "my quadrant"), of("MY_QUADRANT", "SEGNO_MY_QUADRANT=Q1"));
        let named = Roles { mood: "my quadrant".into(), ..Roles::default() };
        let told = Fields::new(named.clone(), String::new(), true, &labels(&["mood", "my quadrant"])).unwrap_err().to_string();
        assert!(told.contains("the field MOOD"), "{told}");
        let rule = Fields::new(named, String::new(), true, &labels(&["genre", "my quadrant"])).unwrap();
        assert_eq!(rule.stem("my quadrant"), "MOOD");
    }

    #[test]
    fn what_is_not_calibrated_is_not_called_a_confidence() {
        let found = fields(Roles::default(), false, "genre");
        assert_eq!(found[..3], ["GENRE=Q1", "SEGNO_GENRE_PROBABILITY=0.88", "SEGNO_GENRE_CONFIDENCE="]);
    }
}
