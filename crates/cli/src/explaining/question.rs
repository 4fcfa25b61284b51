//! Which answer is explained.

use anyhow::{Result, bail};
use segno_models::TaskClasses;

/// What a person asked about; what is left out is the model's first task, its likeliest class, and the file's first clips.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Name of a task.
    pub task: Option<&'a str>,
    /// Name of a class, or of a tag.
    pub class: Option<&'a str>,
    /// How many clips or patches, from the file's first on.
    pub clips: usize,
}

impl Wanted<'_> {
    /// The places of task and class, and the answer in words.
    ///
    /// # Errors
    /// The model has no such task or class.
    pub fn choose(&self, tasks: &[TaskClasses], probabilities: &[Vec<f32>]) -> Result<(usize, usize, String)> {
        let names = |names: &mut dyn Iterator<Item = &String>| names.cloned().collect::<Vec<_>>().join(", ");
        let place = match self.task {
            None => Some(0),
            Some(wanted) => tasks.iter().position(|task| task.task == wanted),
        };
        let Some((place, task)) = place.and_then(|place| Some((place, tasks.get(place)?))) else {
            bail!("--task {}: the model has {}", self.task.unwrap_or("(none)"), names(&mut tasks.iter().map(|task| &task.task)));
        };
        let likeliest = (0..task.classes.len()).max_by(|a, b| probabilities[place][*a].total_cmp(&probabilities[place][*b]));
        let class = match self.class {
            None => likeliest,
            Some(wanted) => task.classes.iter().position(|class| class == wanted),
        };
        let Some(class) = class else {
            bail!("--class {}: {} has {}", self.class.unwrap_or("(none)"), task.task, names(&mut task.classes.iter()));
        };
        let told = |class: usize| format!("{} {:.2}", task.classes[class], probabilities[place][class]);
        let mut answer = format!("{}: {}", task.task, told(class));
        if let Some(other) = likeliest.filter(|likeliest| *likeliest != class) {
            answer += &format!(" (its answer is {})", told(other));
        }
        Ok((place, class, answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_class_of_the_first_task_unless_another_is_named() {
        let task =
            |task: &str, classes: &[&str]| TaskClasses { task: task.into(), classes: classes.iter().map(|&class| class.into()).collect() };
        let tasks = [task("genre", &["blues", "jazz"]), task("mood", &["calm", "tense"])];
        let probabilities = [vec![0.25, 0.75], vec![0.5, 0.5]];
        let ask = |task, class| Wanted { task, class, clips: 1 }.choose(&tasks, &probabilities);
        assert_eq!(ask(None, None).unwrap(), (0, 1, "genre: jazz 0.75".to_owned()));
        assert_eq!(ask(None, Some("blues")).unwrap(), (0, 0, "genre: blues 0.25 (its answer is jazz 0.75)".to_owned()));
        assert_eq!(ask(Some("mood"), Some("calm")).unwrap().1, 0);
        assert_eq!(ask(Some("key"), None).unwrap_err().to_string(), "--task key: the model has genre, mood");
        assert_eq!(ask(None, Some("polka")).unwrap_err().to_string(), "--class polka: genre has blues, jazz");
    }
}
