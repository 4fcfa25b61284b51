//! What to expect of a head: outer folds, in each of which everything is chosen anew on the rest.

use anyhow::Result;
use segno_dataset::{CrossFolds, CrossPlan, Prediction};
use segno_models::{Selective, tempered, threshold::reaching};

use super::{Candidate, Data, choose, choose::most_probable};

/// Predictions of all folds, each of a head that knew nothing of its fold.
pub struct Crossed {
    /// A row a track.
    pub predictions: Vec<Prediction>,
    /// Fold of each row, counted from 0.
    pub folds: Vec<usize>,
    /// What was chosen in each fold.
    pub chosen: Vec<Candidate>,
    /// What asking for a precision came to, of each of [`ASKED`].
    pub selective: Vec<Selective>,
}

/// Precisions that are measured; any may be asked for.
pub const ASKED: [f64; 5] = [0.7, 0.8, 0.9, 0.95, 0.99];

/// Crosses a task with as many folds as the plan has; inner folds are as many and drawn alike.
///
/// # Errors
/// Too few groups a class, within a fold too.
pub fn cross(data: &Data<'_>, candidates: &[Candidate], plan: &CrossPlan<'_>) -> Result<Crossed> {
    let of_task: Vec<usize> = (0..data.table.tracks.len()).filter(|row| data.labels[*row].is_some()).collect();
    let names: Vec<&str> = of_task.iter().map(|row| data.table.tracks[*row].as_str()).collect();
    let outer = CrossFolds::draw(plan, data.near, data.manifest, &names)?;
    let selective = ASKED.map(|asked| Selective { asked, answered: 0, right: 0, folds_without: 0 }).to_vec();
    let mut this = Crossed { predictions: vec![], folds: vec![], chosen: vec![], selective };
    for fold in 0..plan.folds {
        let fold_of = |row: &usize| outer.fold_of.get(&data.table.tracks[*row]).copied();
        let test: Vec<usize> = of_task.iter().copied().filter(|row| fold_of(row) == Some(fold)).collect();
        let train: Vec<usize> = of_task.iter().copied().filter(|row| fold_of(row).is_some_and(|of| of != fold)).collect();
        let purpose = format!("within fold {fold}");
        let chosen = choose(data, candidates, &CrossPlan { purpose: &purpose, ..*plan }, &train)?;
        let logits = data.logits(&chosen.candidate, &chosen.classifier, &test)?;
        let classes = data.task.classes.len();
        let probabilities = tempered(&logits, classes, chosen.temperature);
        let labels = data.classes_of(&test);
        let answers: Vec<_> = probabilities.chunks_exact(classes).zip(labels).map(|(row, label)| most_probable(row, label)).collect();
        for of in &mut this.selective {
            // The thresholds are of folds within the training side: this fold's tracks have no part in them.
            let Some(step) = reaching(&chosen.steps, of.asked) else {
                of.folds_without += 1;
                continue;
            };
            let answered = answers.iter().filter(|(confidence, _)| *confidence >= step.confidence);
            of.answered += answered.clone().count() as u64;
            of.right += answered.filter(|(_, is_right)| *is_right).count() as u64;
        }
        for (row, probabilities) in test.iter().zip(probabilities.chunks_exact(classes)) {
            let track_id = data.table.tracks[*row].clone();
            let label = data.labels[*row].expect("rows of the task");
            this.predictions.push(Prediction {
                clip_id: segno_dataset::ClipRef::new(&data.manifest.corpus, &track_id, 0).clip_id,
                track_id,
                task: data.task.task.clone(),
                true_label: data.task.classes[label].clone(),
                probabilities: probabilities.to_vec(),
            });
            this.folds.push(fold);
        }
        this.chosen.push(chosen.candidate);
    }
    Ok(this)
}
